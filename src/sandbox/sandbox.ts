import type { Account } from './activecampaign/account.ts';
import { createActiveCampaign } from './activecampaign/activecampaign.ts';
import type { Imports } from './activecampaign/imports.ts';
import type { ActiveCampaignSwitches } from './activecampaign/switches.ts';
import type { Deliver, Webhooks } from './activecampaign/webhooks.ts';
import { WorldClock } from './clock.ts';
import { CREDENTIALS } from './credentials.ts';
import { Dropped, Faults, type Service } from './faults.ts';
import { type ListenOptions, listen, type Running, serviceOf } from './listen.ts';
import { seededRandom } from './random.ts';
import { RequestLog } from './requests.ts';
import type { Org } from './salesforce/org.ts';
import { createSalesforce, type SalesforceSandbox } from './salesforce/salesforce.ts';
import { drawPeople } from './seed.ts';
import { CHARACTERS } from './world/characters.ts';
import { type Planted, plant } from './world/planting.ts';

export interface SandboxOptions {
  /** The same seed and number of people make the same world. 1 unless given. */
  readonly seed?: number;
  /** How many people to make; 1,000 unless given, 0 for two empty services. */
  readonly people?: number;
  /** The world's time; real time unless given. `new WorldClock(instant)` stands still. */
  readonly clock?: WorldClock;
  readonly salesforce?: {
    /** Where else the extension's app may send people back to, next to the built extension's own address. */
    readonly redirectUris?: readonly string[];
  };
  readonly activecampaign?: Partial<ActiveCampaignSwitches> & {
    /** Milliseconds that only rise, by which requests are limited; real ones unless given. */
    readonly monotonic?: () => number;
    /** How webhooks leave the sandbox; none does unless given. */
    readonly deliver?: Deliver;
  };
}

/** An emulated Salesforce org and ActiveCampaign account, with their state at hand. */
export interface Sandbox {
  readonly org: Org;
  /** The emulated Salesforce with its own switches (`paging`, `corsAllowed`). */
  readonly salesforce: SalesforceSandbox;
  readonly account: Account;
  readonly imports: Imports;
  readonly webhooks: Webhooks;
  readonly switches: ActiveCampaignSwitches;
  readonly faults: Faults;
  readonly clock: WorldClock;
  readonly requests: RequestLog;
  /**
   * Speaks to the sandbox without a network, by host name; faults and log as over one. A dropped connection rejects
   * with a TypeError, as `fetch` does.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Everybody who was put in at the start, with ids. */
  readonly people: readonly Planted[];
  /** A fixed person of `world/characters.ts` by name, such as `ann`. Throws for a name nobody has. */
  character(name: string): Character;
  listen(options?: ListenOptions): Promise<Running>;
}

/** Where a fixed person is to be found. An id that the person has not is an empty text. */
export interface Character extends Planted {
  /** Id of the first live Salesforce Contact. */
  readonly contactRecord: string;
  /** Id of the first live Lead. */
  readonly leadRecord: string;
  /** Id of the ActiveCampaign contact. */
  readonly activecampaignId: string;
}

function characterOf(planted: Planted): Character {
  const first = (wanted: string) => planted.records.find(({ type, live }) => live && type === wanted)?.id ?? '';
  return {
    ...planted,
    contactRecord: first('Contact'),
    leadRecord: first('Lead'),
    activecampaignId: planted.contact ?? '',
  };
}

/** Makes a sandbox; nothing listens until `listen`. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = options.clock ?? new WorldClock();
  const seed = options.seed ?? 1;
  const random = seededRandom(seed);
  const { monotonic, deliver, ...switches } = options.activecampaign ?? {};
  // While the world is being made, time is wherever its history stands.
  let history: number | undefined;
  const worldTime = { now: () => history ?? clock.now() };
  const activecampaign = createActiveCampaign({
    clock: worldTime,
    random,
    switches,
    ...(monotonic ? { monotonic } : {}),
    ...(deliver ? { deliver } : {}),
  });
  const faults = new Faults();
  const requests = new RequestLog();
  const salesforce = createSalesforce({
    clock: worldTime.now,
    random,
    carryPart: async (part, serve) => {
      const entry = requests.within('salesforce', part, clock.now());
      // Parts that write stand or fall with the whole call, which has its own faults.
      const answer = await (part.method === 'GET' ? faults.carry('salesforce', part, serve) : serve(part));
      entry.status = answer.status;
      return answer;
    },
  });
  const { org } = salesforce;
  const owners = registerWhoSignsIn(org, options.salesforce?.redirectUris ?? []);
  salesforce.viewer = owners[0] ?? org.admin;
  const people = plant(
    {
      org,
      account: activecampaign.account,
      turnTo: (instant) => {
        history = instant;
      },
    },
    drawPeople(seed, options.people ?? 1_000),
    owners,
  );
  history = undefined;

  const services: Record<Service, (request: Request) => Promise<Response>> = {
    salesforce: salesforce.fetch,
    activecampaign: activecampaign.fetch,
  };

  const carry = async (service: Service, request: Request): Promise<Response> => {
    const entry = await requests.arrived(service, request, clock.now());
    const answer = await faults.carry(service, request, services[service]);
    entry.status = answer.status;
    // Both services tell the time of the world, not of this machine.
    const headers = new Headers(answer.headers);
    headers.set('Date', new Date(clock.now()).toUTCString());
    return new Response(answer.body, { status: answer.status, headers });
  };

  return {
    people,
    character: (name) => {
      const index = CHARACTERS.findIndex(({ character }) => character === name);
      const planted = people[index];
      if (index < 0 || !planted) throw new Error(`nobody here is called ${name}`);
      return characterOf(planted);
    },
    org,
    salesforce,
    account: activecampaign.account,
    imports: activecampaign.imports,
    webhooks: activecampaign.webhooks,
    switches: activecampaign.switches,
    faults,
    clock,
    requests,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      try {
        return await orAborted(request.signal, carry(serviceOf(new URL(request.url)), request));
      } catch (error) {
        throw error instanceof Dropped ? new TypeError('fetch failed', { cause: error }) : error;
      }
    },
    listen: (where) => listen(carry, where),
  };
}

/** The answer, unless the caller gives up first; the service goes on all the same. */
async function orAborted(signal: AbortSignal, answer: Promise<Response>): Promise<Response> {
  const given = new AbortController();
  const up = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { signal: given.signal });
  });
  try {
    return await Promise.race([answer, up]);
  } finally {
    given.abort();
  }
}

/** Adds the users and the two apps of `CREDENTIALS` to an org, and returns who owns the records. */
function registerWhoSignsIn(org: Org, redirectUris: readonly string[]): readonly string[] {
  const { clientId, clientSecret, integrationUsername, extensionClientId, extensionRedirectUri, repUsername } =
    CREDENTIALS.salesforce;
  const runAs = org.addUser({ username: integrationUsername, lastName: 'OptBridge Integration' });
  const rita = org.addUser({ username: repUsername, firstName: 'Rita', lastName: 'Rep' });
  const sam = org.addUser({ username: 'sam.seller@acme.example', firstName: 'Sam', lastName: 'Seller' });
  org.grants.register({ clientId, name: 'OptBridge companion', secret: clientSecret, runAs, preauthorised: 'all' });
  org.grants.register({
    clientId: extensionClientId,
    name: 'OptBridge extension',
    redirectUris: [extensionRedirectUri, ...redirectUris],
  });
  return [rita, sam];
}
