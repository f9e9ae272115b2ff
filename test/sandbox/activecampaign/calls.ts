import { WorldClock } from '../../../src/sandbox/clock.ts';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.ts';

type Row = Record<string, unknown>;

/** A reply, read. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Row;
  /** The objects of a top-level list. */
  rows(name: string): Row[];
  /** A top-level object. */
  row(name: string): Row;
}

/** Noon in Chicago on a summer's day. */
export const NOON = Date.parse('2025-07-01T17:00:00Z');

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  const body = isRow(parsed) ? parsed : {};
  return {
    status: response.status,
    headers: response.headers,
    text,
    body,
    rows: (name) => {
      const value = body[name];
      if (!Array.isArray(value)) throw new Error(`no list ${name} in ${text.slice(0, 200)}`);
      return value.filter(isRow);
    },
    row: (name) => {
      const value = body[name];
      if (!isRow(value)) throw new Error(`no object ${name} in ${text.slice(0, 200)}`);
      return value;
    },
  };
}

/** An empty sandbox standing still at `NOON`, and calls to its ActiveCampaign with the right key. */
export function emptyAccount(options: SandboxOptions['activecampaign'] = {}) {
  const sandbox = createSandbox({
    people: 0,
    clock: new WorldClock(NOON),
    activecampaign: { rateLimit: 'off', ...options },
  });
  return { sandbox, account: sandbox.account, ...callsTo(sandbox) };
}

export function callsTo(sandbox: Sandbox, key: string = CREDENTIALS.activecampaign.key) {
  const call = async (method: string, path: string, body?: unknown): Promise<Reply> =>
    read(
      await sandbox.fetch(`${CREDENTIALS.activecampaign.url}/api/3/${path}`, {
        method,
        headers: { 'Api-Token': key },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  return {
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown) => call('POST', path, body),
    put: (path: string, body: unknown) => call('PUT', path, body),
    del: (path: string) => call('DELETE', path),
  };
}

/** The keys of an object in alphabetical order, for comparing shapes. */
export function keys(row: Row | undefined): string[] {
  return Object.keys(row ?? {}).sort();
}
