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
 * Both services for the bench, as what they answer: as little work for a page as can be, so that what is measured is the
 * companion. The sandbox in `src` knows rules and faults; this one knows none.
 */

/** What was asked since it was told the last time. */
export interface Asked {
  readonly salesforce: number;
  readonly activecampaign: number;
  readonly bytes: number;
  readonly contacts: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Services {
  /** Answers one request. */
  answer(method: string, url: URL, body: string): Answer;
  /** Another world. */
  begin(people: number, apart: boolean): void;
  /** The next round of changes happens. */
  change(): void;
  /** What was asked since the last time. */
  asked(): Asked;
}

const NOT_FOUND: Answer = { status: 404, headers: {}, text: '[{"message":"not found","errorCode":"NOT_FOUND"}]' };

/** @param now by whose clock records are changed */
export function createServices(now: () => number): Services {
  let world: World = createWorld(1000);
  let calls = { salesforce: 0, activecampaign: 0, bytes: 0, contacts: 0 };
  const jobs = new Map<
    string,
    { readonly kind: 'Contact' | 'Lead'; readonly ingest: boolean; readonly empty: boolean; content: string }
  >();

  function told(text: string, headers: Record<string, string> = {}): Answer {
    calls.bytes += text.length;
    return { status: 200, headers: { 'content-type': 'application/json', ...headers }, text };
  }

  function activecampaign(method: string, url: URL, body: string): Answer {
    const path = url.pathname.slice('/api/3'.length);
    if (path === '/users/me') return told('{"user":{"id":"1","username":"admin"}}');
    if (path === '/lists')
      return told(
        '{"lists":[{"id":"1","name":"News","channel":"email"},{"id":"2","name":"Offers","channel":"email"}],"meta":{"total":"2"}}',
      );
    if (path === '/tags') return told(`{"tags":[{"id":"1","tag":"${TAG}"}],"meta":{"total":"1"}}`);
    if (path === '/import/bulk_import') return told(imported(world, body));
    if (path === '/import/info') return told('{"status":"completed","success":[],"failure":[]}');
    if (path === '/contacts') {
      const some = matching(url.searchParams);
      if (some) {
        const after = Number(url.searchParams.get('id_greater') ?? 0);
        const left = some.filter((person) => person > after);
        const place = Number(url.searchParams.get('offset') ?? 0);
        return contactsTold(left.slice(place, place + 100), left.length);
      }
      const limit = Math.min(100, Number(url.searchParams.get('limit') ?? 20));
      const after = Number(url.searchParams.get('id_greater') ?? 0);
      const before = Math.min(world.people + 1, Number(url.searchParams.get('id_less') ?? Number.POSITIVE_INFINITY));
      const total = Math.max(0, before - after - 1);
      const size = Math.min(limit, total);
      const descending = url.searchParams.get('orders[id]') === 'DESC';
      const people = Array.from({ length: size }, (_, at) => (descending ? before - 1 - at : after + 1 + at));
      return contactsTold(people, total);
    }
    if (path === '/contactLists' && method === 'POST') {
      const { contactList } = JSON.parse(body) as { contactList: { contact: string; list: string } };
      const person = Number(contactList.contact);
      world.unsubscribed.add(`${person * 10 + Number(contactList.list)}`);
      const status = listsOf(person).includes(contactList.list) ? statusOn(world, person, contactList.list) : 2;
      return told(JSON.stringify({ contactList: { ...contactList, status } }));
    }
    return { status: 404, headers: {}, text: '{"message":"No Result found"}' };
  }

  function contactsTold(people: readonly number[], total: number): Answer {
    calls.contacts += people.length;
    return told(contactPage(world, people, total));
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

  function salesforce(method: string, url: URL, body: string): Answer {
    const path = url.pathname;
    if (path === '/services/oauth2/token')
      return told(
        '{"access_token":"00Dbench!token","token_type":"Bearer","instance_url":"http://localhost","id":"https://login.salesforce.com/id/00D000000000001AAA/005000000000001AAA"}',
      );
    if (path === '/services/oauth2/userinfo')
      return told('{"organization_id":"00D000000000001AAA","user_id":"005000000000001AAA"}');
    if (path === '/services/data' || path === '/services/data/')
      return told('[{"label":"Summer 26","url":"/services/data/v67.0","version":"67.0"}]');
    const below = path.replace(/^\/services\/data\/v\d+\.0/, '');
    const known = toldOf(url);
    if (known !== undefined) return told(known);
    const [, kind, from] = /^\/query\/01g000000000001-(Contact|Lead)-(\d+)$/.exec(below) ?? [];
    if (kind === 'Contact' || kind === 'Lead') return told(restPage(world, kind, Number(from)));
    if (below === '/composite/sobjects') {
      const { records } = JSON.parse(body) as { records: readonly { readonly id: string }[] };
      for (const { id } of records) box(world, personOf(id), now());
      return told(JSON.stringify(records.map(({ id }) => ({ id, success: true, errors: [] }))));
    }
    if (below === '/composite') {
      const part = (path: string) => toldOf(new URL(path, url)) ?? 'null';
      return told(composite(world, body, part, now()));
    }
    if (below.startsWith('/jobs/')) return bulk(method, url, body, below.split('/').slice(2));
    return NOT_FOUND;
  }

  /** The answer to a description or a query, which may also be a part of a composite call. */
  function toldOf(url: URL): string | undefined {
    const below = url.pathname.replace(/^\/services\/data\/v\d+\.0/, '');
    const object = /^\/sobjects\/(Contact|Lead)\/describe$/.exec(below)?.[1];
    if (object !== undefined) return describe(object);
    return below === '/query' || below === '/queryAll' ? query(url.searchParams.get('q') ?? '') : undefined;
  }

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

  function bulk(method: string, url: URL, body: string, [type, id, part]: readonly string[]): Answer {
    if (id === undefined) {
      const asked = JSON.parse(body) as { readonly query?: string; readonly object?: string };
      const job = `750${`${jobs.size + 1}`.padStart(12, '0')}AAA`;
      const soql = asked.query ?? ` FROM ${asked.object}`;
      jobs.set(job, { kind: kindIn(soql), ingest: type === 'ingest', empty: isEmpty(soql), content: '' });
      return told(JSON.stringify({ id: job, state: type === 'ingest' ? 'Open' : 'UploadComplete' }));
    }
    const job = jobs.get(id);
    if (!job) return NOT_FOUND;
    if (part === 'batches') {
      job.content = body;
      return { status: 201, headers: {}, text: '' };
    }
    const lines = job.content
      .split('\n')
      .slice(1)
      .filter((line) => line !== '');
    if (part === 'results') {
      const size = Math.min(BULK_ROWS, Number(url.searchParams.get('maxRecords') ?? BULK_ROWS));
      const page = csvPage(world, job.kind, Number(url.searchParams.get('locator') ?? 0), size);
      return told(page.text, {
        'content-type': 'text/csv',
        'sforce-locator': page.next === null ? 'null' : `${page.next}`,
        'sforce-numberofrecords': `${page.rows}`,
      });
    }
    if (part === 'successfulResults')
      return told(
        [
          'sf__Id,sf__Created,Id,HasOptedOutOfEmail',
          ...lines.map((line) => `${line.split(',')[0]},false,${line}`),
          '',
        ].join('\n'),
        { 'content-type': 'text/csv' },
      );
    if (part === 'failedResults')
      return told('sf__Id,sf__Error,Id,HasOptedOutOfEmail\n', { 'content-type': 'text/csv' });
    if (part === 'unprocessedrecords') return told('Id,HasOptedOutOfEmail\n', { 'content-type': 'text/csv' });
    if (method === 'DELETE') {
      jobs.delete(id);
      return { status: 204, headers: {}, text: '' };
    }
    if (method === 'PATCH') for (const line of lines) box(world, personOf(line.replaceAll('"', '')), now());
    const records = job.ingest ? lines.length : countOf(world, job.kind);
    return told(JSON.stringify({ id, state: 'JobComplete', numberRecordsProcessed: records, numberRecordsFailed: 0 }));
  }

  return {
    answer(method, url, body) {
      const side = url.pathname.startsWith('/api/3') ? 'activecampaign' : 'salesforce';
      calls[side] += 1;
      return side === 'activecampaign' ? activecampaign(method, url, body) : salesforce(method, url, body);
    },
    begin(people, apart) {
      world = createWorld(people, apart);
    },
    change: () => nextRound(world, now()),
    asked() {
      const before = calls;
      calls = { salesforce: 0, activecampaign: 0, bytes: 0, contacts: 0 };
      return before;
    },
  };
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

function kindIn(soql: string): 'Contact' | 'Lead' {
  return / FROM Lead\b/.test(soql) ? 'Lead' : 'Contact';
}

/** Nothing was ever deleted or converted, and nobody lost an address. */
const isEmpty = (soql: string): boolean => /IsDeleted = true|IsConverted = true|History|Email = null/.test(soql);
