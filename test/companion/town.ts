import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkedConnection } from '../../src/activecampaign/checked-connection.ts';
import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import { readByNight } from '../../src/activecampaign/read-of-page.ts';
import { createSurvey } from '../../src/activecampaign/survey.ts';
import type { Config } from '../../src/companion/config.ts';
import { parseConfig } from '../../src/companion/config.ts';
import { lean } from '../../src/companion/lean.ts';
import type { Services } from '../../src/companion/person.ts';
import type { Report } from '../../src/companion/report.ts';
import { Store } from '../../src/companion/store.ts';
import { type Surroundings, type SyncOptions, sync } from '../../src/companion/sync.ts';
import { createJsforce } from '../../src/salesforce/jsforce.ts';
import { WorldClock } from '../../src/sandbox/clock.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { standstill } from '../service/standstill.ts';

/** A small world in the sandbox with a clock that only moves when told, and a companion that works on it at night. */

export const QUALIFYING = 'added-to-salesforce-contact';
export const BOX = 'HasOptedOutOfEmail';
export const START = Date.UTC(2026, 10, 1, 4);
export const HOUR = 3_600_000;

/** ActiveCampaign takes no change of a membership: a fault for the sandbox. */
export const UNSUBSCRIBES_REFUSED = {
  service: 'activecampaign',
  method: 'POST',
  path: /contactLists/,
  kind: 'status',
  status: 400,
} as const;

/** What a test says of a person; the rest is ordinary. */
export interface Villager {
  /** One entry for each Contact: whether its box is set. */
  readonly contacts?: readonly boolean[];
  readonly leads?: readonly boolean[];
  /** Membership status by list name; null for no ActiveCampaign contact. */
  readonly lists?: Readonly<Record<string, 0 | 1 | 2 | 3>> | null;
  readonly qualified?: boolean;
  readonly hardBounced?: boolean;
}

export interface PlantedVillager {
  readonly email: string;
  readonly contacts: readonly string[];
  readonly leads: readonly string[];
  readonly ac: string;
}

export class Town {
  readonly sandbox: Sandbox;
  readonly clock = new WorldClock(START);
  /** In memory where the machine has such a place: the store syncs to disk at every step. */
  readonly folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'optbridge-town-'));
  readonly lists: Readonly<Record<string, string>>;
  config: Config;
  /** API name of the opt-out field that people are planted with. */
  field = BOX;
  /** Requests to ActiveCampaign that may be under way at once. */
  abreast = 1;
  /** How long it is from the end of one night to the next, and how long one takes; a schedule that keeps the time has 0. */
  pace: { readonly day: number; readonly night: number } = { day: 24 * HOUR, night: HOUR };
  /** In so small a town nothing is cheaper than reading everybody, unless it is said to be. */
  cheaperShare: number | undefined;
  /** Headers of every write to Salesforce. */
  readonly patched: Headers[] = [];
  /** Bodies of every bulk import. */
  readonly imported: unknown[] = [];
  #random = 1;

  constructor(options: { readonly lists?: readonly string[]; readonly people?: number } = {}) {
    this.sandbox = createSandbox({
      people: options.people ?? 0,
      clock: this.clock,
      activecampaign: { rateLimit: 'off' },
    });
    const { account } = this.sandbox;
    const shown = account.lists.size === 0 ? (options.lists ?? ['News', 'Offers']) : [];
    for (const name of shown) account.addList({ name });
    this.lists = Object.fromEntries([...account.lists.values()].map((list) => [list.name, list.id]));
    this.config = this.configured({});
  }

  /** The usual configuration with some values changed. */
  configured(over: { salesforce?: object; activecampaign?: object; caps?: object; nightly?: object }): Config {
    const { salesforce, activecampaign } = CREDENTIALS;
    return parseConfig(
      {
        salesforce: {
          url: salesforce.url,
          auth: {
            kind: 'client-credentials',
            clientId: salesforce.clientId,
            clientSecret: salesforce.clientSecret,
          },
          ...over.salesforce,
        },
        activecampaign: {
          url: activecampaign.url,
          key: activecampaign.key,
          requestsPerSecond: 1_000_000,
          ...over.activecampaign,
        },
        caps: { optOut: 'none', optIn: 'none', ...over.caps },
        nightly: { enabled: true, ...over.nightly },
        store: './optbridge.sqlite',
      },
      this.folder,
      {},
    );
  }

  list(name: string): string {
    const id = this.lists[name];
    if (id === undefined) throw new Error(`no list ${name}`);
    return id;
  }

  /** Puts a person into both services. */
  plant(name: string, said: Villager): PlantedVillager {
    const { org, account } = this.sandbox;
    const email = `${name}@example.com`;
    const insert = (type: string) => (set: boolean) =>
      org.insert(type, {
        LastName: name,
        ...(type === 'Lead' ? { Company: 'Mill' } : {}),
        Email: email,
        [this.field]: set,
      });
    const contacts = (said.contacts ?? []).map(insert('Contact'));
    const leads = (said.leads ?? []).map(insert('Lead'));
    let ac = '';
    if (said.lists !== null) {
      const contact = account.addContact({ email });
      ac = contact.id;
      for (const [list, status] of Object.entries(said.lists ?? {}))
        account.join(ac, this.list(list), status, { at: this.clock.now() - 24 * HOUR });
      if (said.qualified !== false) account.tag(ac, QUALIFYING);
      if (said.hardBounced) account.bounceHard(ac);
    }
    return { email, contacts, leads, ac };
  }

  /** Whether a record's box is set; undefined for a record that is gone. */
  box(id: string): boolean | undefined {
    const row = this.sandbox.org.get(id.startsWith('003') ? 'Contact' : 'Lead', id);
    return row ? row[this.field] === true : undefined;
  }

  status(ac: string, list: string): number | undefined {
    return this.sandbox.account.membership(ac, this.list(list))?.status;
  }

  /** Brings a request of the companion to the services. */
  carry(...request: Parameters<Sandbox['fetch']>): Promise<Response> {
    return this.sandbox.fetch(...request);
  }

  /** @param reading whether of pages that are `whole`, or of what a `night` reads of them */
  surroundings(reading: 'whole' | 'night' = 'whole'): Surroundings & Pick<Services, 'survey'> {
    const { clock, config } = this;
    const random = () => {
      this.#random = (this.#random * 48271) % 2147483647;
      return this.#random / 2147483647;
    };
    const { sleep, now } = standstill();
    const listening = (...[input, init]: Parameters<Sandbox['fetch']>) => {
      if (init?.method === 'PATCH') this.patched.push(new Headers(init.headers));
      if (String(input).endsWith('/bulk_import')) this.imported.push(JSON.parse(String(init?.body)));
      const reply = this.carry(input, init);
      return reading === 'night' ? reply.then((response) => asRead(response, String(input))) : reply;
    };
    const shared = { fetch: listening, sleep, random, now: () => clock.now() };
    const { url, key, requestsPerSecond } = config.activecampaign;
    const account = { ...shared, url, key, requestsPerSecond, abreast: this.abreast, now };
    return {
      config,
      salesforce: createJsforce({ ...shared, url: config.salesforce.url, auth: config.salesforce.auth }),
      activecampaign: createActiveCampaign(account),
      survey: createSurvey(checkedConnection(account)),
      now: shared.now,
      random,
      sleep,
      watch: () => undefined,
      ...(this.cheaperShare === undefined ? {} : { cheaperShare: this.cheaperShare }),
    };
  }

  /** A day passes, and then one run. */
  async night(
    options: Partial<SyncOptions> = {},
    surroundings: Surroundings = this.surroundings('night'),
  ): Promise<Report> {
    this.clock.advance(this.pace.day);
    const report = await sync(surroundings, {
      dryRun: false,
      full: false,
      acceptChange: false,
      caps: {},
      ...options,
    });
    this.clock.advance(this.pace.night);
    return report;
  }

  /** A look into the store. */
  store<T>(look: (store: Store) => T): T {
    const store = new Store(this.config.store);
    try {
      return look(store);
    } finally {
      store.close();
    }
  }

  /** Requests that change something, sign-in aside. */
  writes(): readonly string[] {
    return this.sandbox.requests.all
      .filter(({ writes, path }) => writes && !path.startsWith('/services/oauth2/'))
      .map(({ method, path }) => `${method} ${path}`);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The reply with what a night reads of it. */
async function asRead(response: Response, address: string): Promise<Response> {
  const wanted = response.ok ? readByNight(address) : undefined;
  if (!wanted) return response;
  const come = Buffer.from(await response.arrayBuffer());
  return new Response(lean(come, wanted) ?? come, response);
}

/** What a decision came to, for a person. */
export function decisionOn(report: Report, person: { readonly email: string }) {
  const found = report.decisions.find((decision) => decision.person === person.email);
  return found ? `${found.reason}: ${found.outcome}` : 'nothing';
}
