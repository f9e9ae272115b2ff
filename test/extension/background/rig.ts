import { refusalOf as activeCampaignRefusal } from '../../../src/activecampaign/refusal.ts';
import { aboutPerson } from '../../../src/extension/background/about.ts';
import { isDone } from '../../../src/extension/background/act.ts';
import { type BookPorts, createBook } from '../../../src/extension/background/book.ts';
import { createDrain, type DrainPorts } from '../../../src/extension/background/drain.ts';
import { createKeeper } from '../../../src/extension/background/keeper.ts';
import { marksOf } from '../../../src/extension/background/marks.ts';
import { namesOf } from '../../../src/extension/background/names.ts';
import type { Outbox } from '../../../src/extension/background/outbox.ts';
import { problemOf } from '../../../src/extension/background/problem-of.ts';
import { type Reading, readPerson } from '../../../src/extension/background/reading.ts';
import { createServices } from '../../../src/extension/background/services.ts';
import type { Session } from '../../../src/extension/background/session.ts';
import { createSessions } from '../../../src/extension/background/session.ts';
import { addressOfAct, createSides, type Services } from '../../../src/extension/background/sides.ts';
import type { OpenRecord } from '../../../src/extension/background/statuses.ts';
import { logAct } from '../../../src/extension/background/task-log.ts';
import type { Wish } from '../../../src/extension/background/wish.ts';
import type { About, Marks, Names } from '../../../src/extension/messages.ts';
import type { Texts } from '../../../src/extension/settings/catalogue.ts';
import { readSettings } from '../../../src/extension/settings/settings.ts';
import { createOAuth } from '../../../src/salesforce/oauth.ts';
import { refusalOf as salesforceRefusal } from '../../../src/salesforce/refusal.ts';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { standstill } from '../../service/standstill.ts';
import { memoryLock, memoryShelf, memoryStore } from './memory.ts';
import { inRounds, type Rounds } from './rounds.ts';

export const HOST = 'acme.my.salesforce.com';

/** The background's reading and writing parts on a sandbox, with nothing of a browser. */
export interface Rig {
  readonly sandbox: Sandbox;
  /** A rep's sign-in, changed by renewals. */
  readonly sessions: Map<string, Session>;
  readonly outbox: Outbox;
  readonly services: Services;
  /** Origins that the browser lets nobody reach. */
  readonly withdrawn: Set<string>;
  readonly settings: { -readonly [K in keyof Texts]: Texts[K] };
  /** What a list is told of addresses, after the pages of these records were open. */
  marks(addresses: readonly string[], seen?: readonly string[]): Promise<Marks>;
  /** The person of a record as read now. */
  read(record: string): Promise<Reading>;
  /** What the panel of a record is told beyond the status. */
  about(record: string): Promise<About>;
  /** The names of what led to the memberships of a record's person. */
  names(record: string): Promise<Names>;
  /** One click on this record, worked off as far as it goes. */
  optOut(record: string, wish?: Wish): Promise<void>;
  /** Which requests the work sends, by round trip. */
  readonly during: Rounds['during'];
  /** Pauses that were slept, in milliseconds: between tries, and to keep ActiveCampaign's pace. */
  readonly slept: readonly number[];
  /** Lets time pass for the services, which count requests by it. */
  sleep(ms: number): Promise<void>;
  /** The worker dies and another one starts: what was in its memory is gone. */
  restart(): void;
  /** Lets time pass, for services and retries alike. */
  tick(ms: number): void;
}

export function createRig(): Rig {
  const sandbox = createSandbox({ people: 20, activecampaign: { monotonic: () => clock.now() } });
  const clock = standstill();
  const { extensionClientId: clientId, extensionRedirectUri: redirectUri, repUsername } = CREDENTIALS.salesforce;
  const rep = sandbox.org.userNamed(repUsername) ?? '';
  const { access, refresh } = sandbox.org.grants.openFamily(rep, clientId, 'api refresh_token');
  const sessions = new Map<string, Session>([
    [HOST, { host: HOST, clientId, accessToken: access, refreshToken: refresh, user: rep }],
  ]);
  const settings: Rig['settings'] = {
    salesforceClientId: clientId,
    activeCampaignUrl: CREDENTIALS.activecampaign.url,
    activeCampaignKey: CREDENTIALS.activecampaign.key,
  };
  const { fetch, during } = inRounds(sandbox.fetch);
  const oauth = createOAuth({ url: `https://${HOST}`, clientId, redirectUri, fetch, ...clock });
  const shelf = memoryShelf();
  const withdrawn = new Set<string>();
  const start = () =>
    createServices({
      refusals: { salesforce: salesforceRefusal, activecampaign: activeCampaignRefusal },
      keeper: createKeeper({ shelf, now: clock.now }),
      mayReach: async (origin) => !withdrawn.has(origin),
      settings: () => readSettings({ policy: async () => ({}), saved: async () => settings }),
      sessions: createSessions({
        store: {
          get: async (host) => sessions.get(host),
          replace: async (old, session) => {
            const isThere = sessions.get(old.host)?.accessToken === old.accessToken;
            if (isThere) sessions.set(session.host, session);
            return isThere;
          },
          delete: async (host) => void sessions.delete(host),
        },
        refresh: (_, token) => oauth.refresh(token),
        revoke: async () => undefined,
        authorizeSilently: async () => undefined,
        lock: memoryLock(),
      }),
      fetch,
      ...clock,
    });
  let started = start();
  const services: Services = {
    salesforce: (host, org) => started.salesforce(host, org),
    activecampaign: (account) => started.activecampaign(account),
  };
  let ids = 0;
  let later = 0;
  const now = () => clock.now() + later;
  const ports: BookPorts & DrainPorts = {
    store: memoryStore(),
    sides: createSides(services, now),
    address: (act) => addressOfAct(services, act),
    now,
    chance: () => 0.5,
    newId: () => `act-${++ids}`,
    logs: async () => settings.logChanges === 'yes',
    log: (act) => logAct(services, act, (key, ...values) => [key, ...values].join(' ')),
    lock: memoryLock(),
    // As the worker does: whoever looks at a list asks anew.
    changed: (act) => void (isDone(act) && shelf.clear(`marks ${act.host}`)),
  };
  const outbox = { ...createBook(ports), ...createDrain(ports) };
  return {
    sandbox,
    sessions,
    outbox,
    services,
    withdrawn,
    settings,
    marks: async (addresses, seen = []) => {
      const readings = new Map(
        await Promise.all(seen.map(async (record) => [record, await readPerson(services, HOST, record, now)] as const)),
      );
      const reading = async ({ record }: OpenRecord) => readings.get(record) ?? null;
      return marksOf({ services, shelf, reading, open: outbox.open, now, problemOf }, HOST, addresses);
    },
    read: (record) => readPerson(services, HOST, record, now),
    about: async (record) => {
      const reading = await readPerson(services, HOST, record, now).catch(() => null);
      return aboutPerson(
        {
          services,
          outbox,
          reading: async () => reading,
          settings: async () =>
            (await readSettings({ policy: async () => ({}), saved: async () => settings })).settings,
        },
        { host: HOST, record },
      );
    },
    names: async (record) =>
      namesOf(services, createKeeper({ shelf, now: clock.now }), await readPerson(services, HOST, record, now)),
    optOut: async (record, wish) => {
      await outbox.want({ host: HOST, record, address: undefined }, wish);
      await outbox.drain();
    },
    during,
    slept: clock.slept,
    sleep: clock.sleep,
    restart: () => {
      started = start();
    },
    tick: (ms) => {
      later += ms;
      sandbox.clock.advance(ms);
    },
  };
}
