import { createJsforce } from '../../src/salesforce/jsforce.ts';
import { createRest } from '../../src/salesforce/rest.ts';
import type { PersonObject, RecordUpdate, Row, Salesforce } from '../../src/salesforce/salesforce.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { ServiceFailure } from '../../src/service/failure.ts';
import type { Fetch } from '../../src/service/http.ts';
import { type Standstill, standstill } from '../service/standstill.ts';

export type AdapterName = 'rest' | 'jsforce';

/** An org without people that listens on loopback, and a signed-in adapter for it. */
export interface World {
  readonly sandbox: Sandbox;
  readonly salesforce: Salesforce;
  readonly clock: Standstill;
  /** How often a token was asked for: once to sign in, once for each renewal. */
  readonly tokens: () => number;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly timeoutMs?: number;
  readonly version?: string;
  readonly fetch?: Fetch;
}

export async function world(adapter: AdapterName, options: WorldOptions = {}): Promise<World> {
  const sandbox = createSandbox({ people: 0 });
  const { salesforceUrl: url, close } = await sandbox.listen();
  const clock = standstill();
  const { clientId, clientSecret, integrationUsername } = CREDENTIALS.salesforce;
  const common = { url, fetch, ...clock, ...options };
  if (adapter === 'jsforce') {
    const salesforce = createJsforce({ ...common, auth: { kind: 'client-credentials', clientId, clientSecret } });
    const tokens = () => sandbox.requests.of('salesforce', 'POST', /oauth2\/token/).length;
    return { sandbox, clock, salesforce, tokens, close };
  }
  let given = 0;
  const signIn = (): string => {
    given++;
    return sandbox.org.grants.openSession(sandbox.org.userNamed(integrationUsername) ?? '', clientId);
  };
  let current: string | undefined;
  const salesforce = createRest({
    ...common,
    token: async () => {
      current ??= signIn();
      return current;
    },
    refused: async () => {
      current = signIn();
      return current;
    },
  });
  return { sandbox, clock, salesforce, tokens: () => given, close };
}

/** `fetch` where the reply with a token does not say whose it is. */
export const namelessTokens: Fetch = async (url, init) => {
  const reply = await fetch(url, init);
  if (!/oauth2\/token$/.test(url)) return reply;
  const { id: _, ...token } = (await reply.json()) as Readonly<Record<string, unknown>>;
  return Response.json(token, reply);
};

export async function rowsOf(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

/** So many contacts or leads; gives their ids. */
export function people(sandbox: Sandbox, object: PersonObject, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    sandbox.org.insert(object, {
      LastName: `Person ${n}`,
      Email: `${object}${n}@example.com`,
      ...(object === 'Lead' ? { Company: 'Acme' } : {}),
    }),
  );
}

export function optOut(object: PersonObject, id: string): RecordUpdate {
  return { object, id, values: { HasOptedOutOfEmail: true } };
}

/** The failure that something rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<ServiceFailure> {
  const outcome = await work.then(
    () => 'it was done',
    (error: unknown) => error,
  );
  if (!(outcome instanceof ServiceFailure)) throw new Error(`no ServiceFailure: ${outcome}`);
  return outcome;
}
