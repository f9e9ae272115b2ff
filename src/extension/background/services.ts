import type { AcList } from '../../activecampaign/activecampaign.ts';
import { type Connection, createConnection } from '../../activecampaign/connection.ts';
import { type OnePerson, onePersonOver } from '../../activecampaign/one-person.ts';
import { createLine, type RefusalOf } from '../../salesforce/line.ts';
import { createQuery, type Reach } from '../../salesforce/records.ts';
import { restReach } from '../../salesforce/rest.ts';
import type { ServiceName } from '../../service/failure.ts';
import type { Fetch } from '../../service/http.ts';
import { API_VERSION } from '../api-version.ts';
import type { SettingsState } from '../settings/settings.ts';
import { createGlance, type Glance } from './glance.ts';
import { type Keeper, nameOf } from './keeper.ts';
import { NotConfigured, OwnFailure } from './problem.ts';
import type { Sessions } from './session.ts';
import type { Services } from './sides.ts';

/** The lists of the account change rarely and cost a request per page. */
const LISTS_FOR = 5 * 60_000;
/** What somebody at the page waits for is at most so many requests; the account's five a second are kept to all the same. */
const AT_ONCE = 4;
/** Somebody is waiting for the page: shorter than the clients' own default. */
const TIMEOUT = 20_000;

export interface ServicePorts {
  settings(): Promise<SettingsState>;
  readonly sessions: Sessions;
  readonly keeper: Keeper;
  /** What a reply with an error status stands for, by service. */
  readonly refusals: Readonly<Record<ServiceName, RefusalOf>>;
  /** Whether the browser lets the extension reach this origin: people may take the access away, and give it again. */
  mayReach(origin: string): Promise<boolean>;
  readonly fetch: Fetch;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

/** Clients built from the settings and the sign-ins, kept as long as those stay the same. */
export function createServices(ports: ServicePorts): Services & { forget(): void } {
  const { sessions, keeper, refusals, fetch, now, sleep, random } = ports;
  const orgs = new Map<string, Reach>();
  let account:
    | {
        readonly of: string;
        readonly client: OnePerson;
        readonly connection: Connection;
        /** What `/lists` shows to this client: a click reads and writes within a moment. */
        readonly shown: Glance<readonly AcList[]>;
      }
    | undefined;

  function reachOf(host: string): Reach {
    const known = orgs.get(host);
    if (known) return known;
    const reach = restReach(
      {
        sleep,
        random,
        token: async () => (await sessions.current(host)).accessToken,
        refused: async (token) => (await sessions.renewed(host, token)).accessToken,
      },
      async () => API_VERSION,
      createLine({ url: `https://${host}`, fetch, timeoutMs: TIMEOUT, refusalOf: refusals.salesforce }),
    );
    orgs.set(host, reach);
    return reach;
  }

  async function reachable(service: ServiceName, origin: string, may = ports.mayReach(origin)): Promise<void> {
    if (await may) return;
    throw new NotConfigured(service, undefined, 'withdrawn');
  }

  return {
    salesforce: async (host, org) => {
      const origin = `https://${host}`;
      // All three are asked for at once, as somebody waits; the first to be missing is what is said.
      const [asked, may, session] = [ports.settings(), ports.mayReach(origin), sessions.current(host)];
      for (const other of [may, session]) other.catch(() => undefined);
      const { settings, wrong } = await asked;
      if (wrong.optOutField) throw new NotConfigured('salesforce', 'field');
      await reachable('salesforce', origin, may);
      // Before the first request: without a sign-in none is sent.
      const { user, organization } = await session.catch((cause: unknown) => {
        if (settings.salesforceClientId !== null) throw cause;
        throw new NotConfigured('salesforce', 'client');
      });
      if (org && organization && org !== organization) throw new NotConfigured('salesforce', undefined, 'other-org');
      const reach = reachOf(host);
      return { reach, client: { query: createQuery(reach) }, field: settings.optOutField, user };
    },

    activecampaign: async (meant) => {
      const { settings, wrong } = await ports.settings();
      const { activeCampaignUrl: url, activeCampaignKey: key, lists: chosen } = settings;
      if (url === null || key === null) throw new NotConfigured('activecampaign', 'account');
      if (meant && meant !== url) throw new NotConfigured('activecampaign', 'other_account', 'other-account');
      if (wrong.lists) throw new NotConfigured('activecampaign', 'lists');
      if (chosen === null) throw new NotConfigured('activecampaign', 'no_lists');
      await reachable('activecampaign', url);
      const of = `${url} ${key}`;
      if (account?.of !== of) {
        const pace = { abreast: AT_ONCE, burst: AT_ONCE };
        const connection = createConnection(
          { url, key, fetch, timeoutMs: TIMEOUT, ...pace, sleep, now, random },
          refusals.activecampaign,
        );
        const client = onePersonOver(connection);
        const lists = async () => keeper.kept(`lists ${await nameOf(of)}`, LISTS_FOR, () => client.lists());
        account = { of, client, connection, shown: createGlance(lists, now) };
      }
      const { client, connection } = account;
      const shown = await account.shown.at('');
      const hidden = chosen === 'all' ? undefined : chosen.find((id) => !shown.some((list) => list.id === id));
      // A list that counts and cannot be seen makes every answer unknown: somebody may be active on it.
      if (hidden !== undefined) throw new OwnFailure('activecampaign', 'not-found', 'hidden_list', hidden);
      return { client, shown, chosen, site: siteOf(url), connection };
    },

    forget: () => {
      orgs.clear();
      account = undefined;
      void keeper.forget();
    },
  };
}

/** `https://acme.api-us1.com` answers requests; people open `https://acme.activehosted.com`. */
function siteOf(url: string): string {
  return url.replace(/\.api-us1\.com$/, '.activehosted.com');
}
