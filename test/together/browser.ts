import { refusalOf as activeCampaignRefusal } from '../../src/activecampaign/refusal.ts';
import { aboutPerson } from '../../src/extension/background/about.ts';
import type { Act } from '../../src/extension/background/act.ts';
import { type BookPorts, createBook, type OutboxStore } from '../../src/extension/background/book.ts';
import { createDrain, type DrainPorts } from '../../src/extension/background/drain.ts';
import { createKeeper } from '../../src/extension/background/keeper.ts';
import type { Outbox } from '../../src/extension/background/outbox.ts';
import { type Reading, readPerson } from '../../src/extension/background/reading.ts';
import { createServices } from '../../src/extension/background/services.ts';
import { createSessions, type Session } from '../../src/extension/background/session.ts';
import { addressOfAct, createSides } from '../../src/extension/background/sides.ts';
import { logAct } from '../../src/extension/background/task-log.ts';
import { undoOf } from '../../src/extension/background/undo.ts';
import { OPT_OUT, type Wish } from '../../src/extension/background/wish.ts';
import type { About } from '../../src/extension/messages.ts';
import type { Texts } from '../../src/extension/settings/catalogue.ts';
import { readSettings } from '../../src/extension/settings/settings.ts';
import { createOAuth } from '../../src/salesforce/oauth.ts';
import { refusalOf as salesforceRefusal } from '../../src/salesforce/refusal.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { memoryLock, memoryShelf, memoryStore } from '../extension/background/memory.ts';
import { HOST } from '../extension/background/rig.ts';
import { standstill } from '../service/standstill.ts';

type Send = Sandbox['fetch'];

/** What stands between a browser and the services: all goes through, or some of it not. */
export interface Wire {
  /** Nothing goes out: the laptop is closed, or somebody has to sign in. */
  offline: boolean;
  /** One service answers nothing but 503. */
  down: 'salesforce' | 'activecampaign' | null;
  /** So many answers to writes are lost on the way back. */
  lost: number;
  /** The worker dies instead of sending this request, counted from now; infinite for never. */
  diesAt: number;
}

/** A rep at a browser: the real background, with a store that outlives its workers. */
export class Browser {
  readonly acts = new Map<string, Act>();
  readonly wire: Wire = { offline: false, down: null, lost: 0, diesAt: Number.POSITIVE_INFINITY };
  readonly #store = memoryStore(this.acts);
  readonly #send: Send;
  #session: Session;
  readonly #settings: Texts;
  readonly #now: () => number;
  readonly #newId: () => string;
  #life: ReturnType<Browser['wake']>;

  /**
   * @param username of the rep in Salesforce
   * @param send brings a request to the services
   */
  constructor(username: string, { org }: Pick<Sandbox, 'org'>, send: Send, now: () => number, settings: Texts = {}) {
    const { extensionClientId: clientId } = CREDENTIALS.salesforce;
    const user = org.userNamed(username);
    if (user === undefined) throw new Error(`nobody is called ${username}`);
    const { access, refresh } = org.grants.openFamily(user, clientId, 'api refresh_token');
    this.#session = { host: HOST, clientId, accessToken: access, refreshToken: refresh, user };
    const { url, key } = CREDENTIALS.activecampaign;
    this.#settings = { salesforceClientId: clientId, activeCampaignUrl: url, activeCampaignKey: key, ...settings };
    this.#send = send;
    this.#now = now;
    let ids = 0;
    this.#newId = () => `${username.split('.')[0]}-${++ids}`;
    this.#life = this.wake();
  }

  /** One click on a record: written down, and nothing sent yet. */
  want(record: string, wish: Wish = OPT_OUT): Promise<Act> {
    return this.#life.outbox.want({ host: HOST, record, address: undefined }, wish);
  }

  /** A click, worked off as far as it goes. */
  async click(record: string, wish?: Wish): Promise<Act> {
    const { id } = await this.want(record, wish);
    await this.drain();
    return this.act(id);
  }

  /** The click on “Undo” for an act that is done; undefined where there is nothing to undo. */
  undo(act: Act): Promise<Act> | undefined {
    const wish = undoOf(this.act(act.id));
    return wish ? this.want(act.record, wish) : undefined;
  }

  act(id: string): Act {
    const act = this.acts.get(id);
    if (!act) throw new Error(`no act ${id}`);
    return act;
  }

  /** The alarm rings: whatever is due is tried. Where the worker dies at it, another one is started. */
  async drain(): Promise<void> {
    const { outbox, died } = this.#life;
    if ((await Promise.race([outbox.drain(), died])) !== 'died') return;
    this.wire.diesAt = Number.POSITIVE_INFINITY;
    this.#life = this.wake();
  }

  /** Somebody signed in again, or the network is back: all is due. */
  async hurry(): Promise<void> {
    await this.#life.outbox.hurry(() => true);
    await this.drain();
  }

  /** The person of a record as the panel shows them. */
  read(record: string): Promise<Reading> {
    return readPerson(this.#life.services, HOST, record, this.#now);
  }

  /** What the panel tells beyond that. */
  async about(record: string): Promise<About> {
    const { services, outbox } = this.#life;
    const reading = await this.read(record);
    const settings = async () => (await this.#inForce()).settings;
    return aboutPerson({ services, outbox, reading: async () => reading, settings }, { host: HOST, record });
  }

  #inForce() {
    return readSettings({ policy: async () => ({}), saved: async () => this.#settings });
  }

  /** A worker's life. One that died neither goes on nor fails: nothing that it waits for comes. */
  wake() {
    const { wire } = this;
    const never = new Promise<never>(() => undefined);
    let dead = false;
    let die: (word: 'died') => void = () => undefined;
    const died = new Promise<'died'>((resolve) => {
      die = resolve;
    });
    const send: Send = async (input, init) => {
      if (dead || --wire.diesAt <= 0) {
        dead = true;
        die('died');
        return never;
      }
      if (wire.offline) throw new TypeError('fetch failed');
      if (wire.down && new URL(String(input)).host.includes(wire.down === 'salesforce' ? 'salesforce' : 'api-us1'))
        return new Response('{"message":"down"}', { status: 503 });
      const answer = await this.#send(input, init);
      // A sign-in whose renewal is lost has to be made anew, which is another story.
      if (init?.method === 'GET' || wire.lost === 0 || String(input).includes('/oauth2/')) return answer;
      wire.lost--;
      throw new TypeError('fetch failed');
    };
    const alive = <T extends object>(store: T): T =>
      new Proxy(store, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key);
          return typeof value === 'function' ? (...of: unknown[]) => (dead ? never : value(...of)) : value;
        },
      });
    const store: OutboxStore = alive(this.#store);
    const clock = standstill();
    const shelf = memoryShelf();
    const { clientId } = this.#session;
    const { extensionRedirectUri: redirectUri } = CREDENTIALS.salesforce;
    const oauth = createOAuth({ url: `https://${HOST}`, clientId, redirectUri, fetch: send, ...clock });
    const services = createServices({
      refusals: { salesforce: salesforceRefusal, activecampaign: activeCampaignRefusal },
      keeper: createKeeper({ shelf, now: this.#now }),
      mayReach: async () => true,
      settings: () => this.#inForce(),
      sessions: createSessions({
        store: {
          get: async () => this.#session,
          replace: async (_, session) => {
            this.#session = session;
            return true;
          },
          delete: async () => undefined,
        },
        refresh: (_, token) => oauth.refresh(token),
        revoke: async () => undefined,
        authorizeSilently: async () => undefined,
        lock: memoryLock(),
      }),
      fetch: send,
      ...clock,
    });
    const ports: BookPorts & DrainPorts = {
      store,
      sides: createSides(services, this.#now),
      address: (act) => addressOfAct(services, act),
      now: this.#now,
      chance: () => 0.5,
      newId: this.#newId,
      logs: async () => false,
      log: (act) => logAct(services, act, (key, ...values) => [key, ...values].join(' ')),
      lock: memoryLock(),
      changed: () => undefined,
    };
    const outbox: Outbox = { ...createBook(ports), ...createDrain(ports) };
    return { outbox, services, died };
  }
}
