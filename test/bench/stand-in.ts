import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { contactPage, TAG } from './activecampaign-pages.ts';
import { composite, imported } from './many-writes.ts';
import {
  BULK_ROWS,
  box,
  changedSince,
  createWorld,
  listsOf,
  nextRound,
  personOf,
  statusOn,
  type World,
} from './people.ts';
import { countOf, countOfBoxed, csvPage, emptyRows, restPage, restRows } from './salesforce-rows.ts';

/**
 * Both services for the bench, in a process of its own that is started with `fork`: as little work for a page as can
 * be, so that what is measured is the companion. The sandbox in `src` knows rules and faults; this one knows none.
 */

export type Told =
  | { readonly kind: 'ready'; readonly port: number }
  | {
      readonly kind: 'calls';
      readonly salesforce: number;
      readonly activecampaign: number;
      readonly bytes: number;
      readonly contacts: number;
    };
export type Order =
  | { readonly kind: 'world'; readonly people: number; readonly apart: boolean }
  | { readonly kind: 'change' }
  | { readonly kind: 'calls' };

let world: World = createWorld(1000);
let calls = { salesforce: 0, activecampaign: 0, bytes: 0, contacts: 0 };
const jobs = new Map<
  string,
  { readonly kind: 'Contact' | 'Lead'; readonly ingest: boolean; readonly empty: boolean; content: string }
>();

/** What is large is packed where the companion takes it so, as Cloudflare in front of the real API does. */
const LARGE = 10_000;

function answer(response: ServerResponse, text: string, headers: Record<string, string> = {}): void {
  const bytes = Buffer.from(text, 'latin1');
  calls.bytes += bytes.length;
  const packed = bytes.length >= LARGE && /\bgzip\b/.test(`${response.req.headers['accept-encoding']}`);
  const body = packed ? gzipSync(bytes, { level: 1 }) : bytes;
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(packed ? { 'content-encoding': 'gzip' } : {}),
    ...headers,
  });
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const side = url.pathname.startsWith('/api/3') ? 'activecampaign' : 'salesforce';
  calls[side] += 1;
  const work = side === 'activecampaign' ? activecampaign : salesforce;
  work(request, response, url).catch((error: unknown) => {
    response.writeHead(500).end(String(error));
  });
});

async function activecampaign(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const path = url.pathname.slice('/api/3'.length);
  if (path === '/users/me') return answer(response, '{"user":{"id":"1","username":"admin"}}');
  if (path === '/lists')
    return answer(
      response,
      '{"lists":[{"id":"1","name":"News","channel":"email"},{"id":"2","name":"Offers","channel":"email"}],"meta":{"total":"2"}}',
    );
  if (path === '/tags') return answer(response, `{"tags":[{"id":"1","tag":"${TAG}"}],"meta":{"total":"1"}}`);
  if (path === '/import/bulk_import') return answer(response, imported(world, await bodyOf(request)));
  if (path === '/import/info') return answer(response, '{"status":"completed","success":[],"failure":[]}');
  if (path === '/contacts') {
    const some = matching(url.searchParams);
    if (some) {
      const after = Number(url.searchParams.get('id_greater') ?? 0);
      const left = some.filter((person) => person > after);
      const place = Number(url.searchParams.get('offset') ?? 0);
      return answerContacts(response, left.slice(place, place + 100), left.length);
    }
    const limit = Math.min(100, Number(url.searchParams.get('limit') ?? 20));
    const after = Number(url.searchParams.get('id_greater') ?? 0);
    const before = Math.min(world.people + 1, Number(url.searchParams.get('id_less') ?? Number.POSITIVE_INFINITY));
    const total = Math.max(0, before - after - 1);
    const size = Math.min(limit, total);
    const descending = url.searchParams.get('orders[id]') === 'DESC';
    const people = Array.from({ length: size }, (_, at) => (descending ? before - 1 - at : after + 1 + at));
    return answerContacts(response, people, total);
  }
  if (path === '/contactLists' && request.method === 'POST') {
    const { contactList } = JSON.parse(await bodyOf(request)) as { contactList: { contact: string; list: string } };
    const person = Number(contactList.contact);
    world.unsubscribed.add(`${person * 10 + Number(contactList.list)}`);
    const status = listsOf(person).includes(contactList.list) ? statusOn(world, person, contactList.list) : 2;
    return answer(response, JSON.stringify({ contactList: { ...contactList, status } }));
  }
  response.writeHead(404).end('{"message":"No Result found"}');
}

function answerContacts(response: ServerResponse, people: readonly number[], total: number): void {
  calls.contacts += people.length;
  answer(response, contactPage(world, people, total));
}

/** Whom a filter finds, in the order of their ids; undefined without one. Nobody was changed otherwise since long ago. */
function matching(query: URLSearchParams): readonly number[] | undefined {
  if (query.has('filters[updated_after]')) return [];
  if (query.has('ids[]'))
    return query
      .getAll('ids[]')
      .map(Number)
      .sort((a, b) => a - b);
  const list = query.get('listid');
  return list === null ? undefined : query.get('status') === '2' ? unsubscribedFrom(list) : [];
}

let found = { of: '', people: new Map<string, readonly number[]>() };

/** Kept as long as nothing changes: it is asked for a page at a time. */
function unsubscribedFrom(list: string): readonly number[] {
  const of = `${world.people} ${world.round} ${world.unsubscribed.size}`;
  if (found.of !== of) found = { of, people: new Map() };
  const known = found.people.get(list);
  if (known) return known;
  const people: number[] = [];
  for (let person = 1; person <= world.people; person++)
    if (listsOf(person).includes(list) && statusOn(world, person, list) === 2) people.push(person);
  found.people.set(list, people);
  return people;
}

function describe(object: string): string {
  // The box of a lead cannot be grouped by (facts/salesforce.md section 1).
  const groupable = (name: string) => name === 'Email' || object === 'Contact';
  const field = (name: string, type: string) => ({
    name,
    label: name,
    type,
    updateable: true,
    groupable: groupable(name),
  });
  return JSON.stringify({
    name: object,
    queryable: true,
    updateable: true,
    fields: [field('Email', 'email'), field('HasOptedOutOfEmail', 'boolean')],
  });
}

async function salesforce(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const path = url.pathname;
  if (path === '/services/oauth2/token')
    return answer(
      response,
      '{"access_token":"00Dbench!token","token_type":"Bearer","instance_url":"http://localhost","id":"https://login.salesforce.com/id/00D000000000001AAA/005000000000001AAA"}',
    );
  if (path === '/services/oauth2/userinfo')
    return answer(response, '{"organization_id":"00D000000000001AAA","user_id":"005000000000001AAA"}');
  if (path === '/services/data' || path === '/services/data/')
    return answer(response, '[{"label":"Summer 26","url":"/services/data/v67.0","version":"67.0"}]');
  const below = path.replace(/^\/services\/data\/v\d+\.0/, '');
  const told = toldOf(url);
  if (told !== undefined) return answer(response, told);
  const [, kind, from] = /^\/query\/01g000000000001-(Contact|Lead)-(\d+)$/.exec(below) ?? [];
  if (kind === 'Contact' || kind === 'Lead') return answer(response, restPage(world, kind, Number(from)));
  if (below === '/composite/sobjects') {
    const { records } = JSON.parse(await bodyOf(request)) as { records: readonly { readonly id: string }[] };
    for (const { id } of records) box(world, personOf(id), Date.now());
    return answer(response, JSON.stringify(records.map(({ id }) => ({ id, success: true, errors: [] }))));
  }
  if (below === '/composite') {
    const part = (path: string) => toldOf(new URL(path, url)) ?? 'null';
    return answer(response, composite(world, await bodyOf(request), part));
  }
  if (below.startsWith('/jobs/')) return bulk(request, response, url, below.split('/').slice(2));
  response.writeHead(404).end('[{"message":"not found","errorCode":"NOT_FOUND"}]');
}

/** The answer to a description or a query, which may also be a part of a composite call. */
function toldOf(url: URL): string | undefined {
  const below = url.pathname.replace(/^\/services\/data\/v\d+\.0/, '');
  const object = /^\/sobjects\/(Contact|Lead)\/describe$/.exec(below)?.[1];
  if (object !== undefined) return describe(object);
  return below === '/query' || below === '/queryAll' ? query(url.searchParams.get('q') ?? '') : undefined;
}

function kindIn(soql: string): 'Contact' | 'Lead' {
  return / FROM Lead\b/.test(soql) ? 'Lead' : 'Contact';
}

/** Nothing was ever deleted or converted. */
const isEmpty = (soql: string): boolean => /IsDeleted = true|IsConverted = true|History/.test(soql);

function query(soql: string): string {
  if (/COUNT\(Id\)/i.test(soql)) {
    const kind = kindIn(soql);
    if (/ GROUP BY /.test(soql)) {
      const boxed = countOfBoxed(world, kind);
      const group = (set: boolean, n: number) =>
        `{"attributes":{"type":"AggregateResult"},"HasOptedOutOfEmail":${set},"n":${n}}`;
      const groups = [group(true, boxed), group(false, countOf(world, kind) - boxed)];
      return `{"totalSize":2,"done":true,"records":[${groups.join()}]}`;
    }
    const n = / HasOptedOutOfEmail = true/.test(soql) ? countOfBoxed(world, kind) : countOf(world, kind);
    const name = /COUNT\(Id\) (\w+) FROM/i.exec(soql)?.[1] ?? 'expr0';
    return `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"AggregateResult"},"${name}":${n}}]}`;
  }
  if (isEmpty(soql)) return emptyRows();
  const since = / WHERE SystemModstamp >= (\S+)/.exec(soql)?.[1];
  if (since !== undefined) return restRows(world, kindIn(soql), changedSince(world, Date.parse(since)));
  const ids = /Id IN \(([^)]*)\)/.exec(soql)?.[1];
  if (ids !== undefined)
    return restRows(
      world,
      kindIn(soql),
      ids.split(',').map((id) => id.trim().slice(1, -1)),
    );
  return restPage(world, kindIn(soql), 0);
}

async function bulk(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  [type, id, part]: readonly string[],
): Promise<void> {
  if (id === undefined) {
    const asked = JSON.parse(await bodyOf(request)) as { readonly query?: string; readonly object?: string };
    const job = `750${`${jobs.size + 1}`.padStart(12, '0')}AAA`;
    const soql = asked.query ?? ` FROM ${asked.object}`;
    jobs.set(job, { kind: kindIn(soql), ingest: type === 'ingest', empty: isEmpty(soql), content: '' });
    return answer(response, JSON.stringify({ id: job, state: type === 'ingest' ? 'Open' : 'UploadComplete' }));
  }
  const job = jobs.get(id);
  if (!job) {
    response.writeHead(404).end('[{"message":"not found","errorCode":"NOT_FOUND"}]');
    return;
  }
  if (part === 'batches') {
    job.content = await bodyOf(request);
    response.writeHead(201).end();
    return;
  }
  const lines = job.content
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  if (part === 'results') {
    const size = Math.min(BULK_ROWS, Number(url.searchParams.get('maxRecords') ?? BULK_ROWS));
    const page = csvPage(world, job.kind, Number(url.searchParams.get('locator') ?? 0), size);
    return answer(response, page.text, {
      'content-type': 'text/csv',
      'sforce-locator': page.next === null ? 'null' : `${page.next}`,
      'sforce-numberofrecords': `${page.rows}`,
    });
  }
  if (part === 'successfulResults')
    return answer(
      response,
      [
        'sf__Id,sf__Created,Id,HasOptedOutOfEmail',
        ...lines.map((line) => `${line.split(',')[0]},false,${line}`),
        '',
      ].join('\n'),
      { 'content-type': 'text/csv' },
    );
  if (part === 'failedResults')
    return answer(response, 'sf__Id,sf__Error,Id,HasOptedOutOfEmail\n', { 'content-type': 'text/csv' });
  if (part === 'unprocessedrecords') return answer(response, 'Id,HasOptedOutOfEmail\n', { 'content-type': 'text/csv' });
  if (request.method === 'DELETE') {
    jobs.delete(id);
    response.writeHead(204).end();
    return;
  }
  if (request.method === 'PATCH') for (const line of lines) box(world, personOf(line.replaceAll('"', '')), Date.now());
  const records = job.ingest ? lines.length : countOf(world, job.kind);
  return answer(
    response,
    JSON.stringify({ id, state: 'JobComplete', numberRecordsProcessed: records, numberRecordsFailed: 0 }),
  );
}

process.on('message', (order: Order) => {
  if (order.kind === 'world') world = createWorld(order.people, order.apart);
  if (order.kind === 'change') nextRound(world, Date.now());
  if (order.kind !== 'calls') return;
  process.send?.({ kind: 'calls', ...calls } satisfies Told);
  calls = { salesforce: 0, activecampaign: 0, bytes: 0, contacts: 0 };
});
// Nobody is left to ask.
process.on('disconnect', () => process.exit());
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ kind: 'ready', port: typeof address === 'object' && address ? address.port : 0 } satisfies Told);
});
