import { ServiceFailure } from '../service/failure.ts';
import { isObject, parsed, type Reply } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { csvLine, csvRows } from './csv.ts';
import { malformed, type Outbound } from './line.ts';
import { refusalOf, rowRefusalOf } from './refusal.ts';
import { type Bulk, longId, type Row, type UpdateOutcome } from './salesforce.ts';

/** Rows asked for in one page of results: some 5 MB of text. */
const PAGE_ROWS = 50_000;
/** Rows handed on at once. */
const HANDFUL = 2000;
/** How long a job is waited for at most, and between two looks at it, in milliseconds. */
const LONGEST_JOB = 2 * 3_600_000;
const LONGEST_PAUSE = 20_000;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly processed: number | undefined;
  readonly words: string;
}

/**
 * Bulk API 2.0 (facts/salesforce.md section 3) over requests that somebody else signs.
 *
 * @param send one signed-in request, whatever its reply
 * @param base such as `/services/data/v67.0`; a job's results must be asked for with the version that it was made with
 */
export function createBulk(
  options: Patience & { readonly send: (outbound: Outbound) => Promise<Reply>; readonly base: () => Promise<string> },
): Bulk {
  const { send, base, sleep } = options;

  /** Sends, again as the retry policy allows for reads; `read` gives undefined for a reply that lacks what was asked. */
  function ask<T>(outbound: Outbound, read: (reply: Reply) => T | undefined): Promise<T> {
    const call = `${outbound.method} ${outbound.path.split('?')[0]}`;
    return persist(outbound.method === 'GET', options, async () => {
      const reply = await send(outbound);
      if (reply.status >= 300) throw refusalOf(call, reply);
      const found = read(reply);
      if (found === undefined) throw malformed(call, 'the reply lacks what was asked for');
      return found;
    });
  }

  function json(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<Job> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return ask({ method, path, ...sent }, ({ text }) => jobOf(parsed(text)));
  }

  /** Looks again and again until a job is over; rejects when it did not come to a good end. */
  async function finished(path: string): Promise<Job> {
    let pause = 1000;
    for (let waited = 0; waited < LONGEST_JOB; waited += pause, pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
      await sleep(pause);
      const job = await json('GET', path);
      if (job.state === 'JobComplete') return job;
      if (job.state === 'Failed' || job.state === 'Aborted')
        throw failure('rejected', path, job.words || `the job ended as ${job.state}`);
    }
    throw failure('unreachable', path, 'the job was not done within two hours');
  }

  return {
    async *query(soql) {
      const jobs = `${await base()}/jobs/query`;
      const columns = columnsOf(soql);
      const { id } = await json('POST', jobs, {
        operation: 'query',
        query: soql,
        contentType: 'CSV',
        columnDelimiter: 'COMMA',
        lineEnding: 'LF',
      });
      const job = await finished(`${jobs}/${id}`);
      const path = `${jobs}/${id}/results`;
      let read = 0;
      for (let locator: string | undefined = ''; locator !== undefined; ) {
        const query = `?maxRecords=${PAGE_ROWS}${locator === '' ? '' : `&locator=${encodeURIComponent(locator)}`}`;
        const page: Page = await ask({ method: 'GET', path: path + query, headers: { accept: 'text/csv' } }, (reply) =>
          pageOf(reply, columns),
        );
        if (page.next !== undefined && page.next === locator)
          throw malformed(`GET ${path}`, 'a page that leads no further');
        for (const rows of inHandfuls(page.text, columns)) {
          read += rows.length;
          yield rows;
        }
        locator = page.next;
      }
      if (job.processed !== undefined && read !== job.processed)
        throw malformed(`GET ${path}`, `${read} rows in all where ${job.processed} should be`);
    },

    async update(object, updates) {
      if (updates.length === 0) return [];
      const fields = [...new Set(updates.flatMap(({ values }) => Object.keys(values)))];
      const lines = updates.map(({ id, values }) => csvLine([id, ...fields.map((field) => said(values[field]))]));
      const jobs = `${await base()}/jobs/ingest`;
      const order = { object, operation: 'update', contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' };
      const { id } = await json('POST', jobs, order);
      const path = `${jobs}/${id}`;
      const content = csvLine(['Id', ...fields]) + lines.join('');
      await ask(
        { method: 'PUT', path: `${path}/batches`, headers: { 'content-type': 'text/csv' }, body: content },
        () => true,
      );
      await json('PATCH', path, { state: 'UploadComplete' });
      await finished(path);
      const results = (kind: string) =>
        ask({ method: 'GET', path: `${path}/${kind}`, headers: { accept: 'text/csv' } }, ({ text }) => tableOf(text));
      const done = new Set((await results('successfulResults')).map((row) => longId(row.get('sf__Id') ?? '')));
      const refused = new Map(
        (await results('failedResults')).map((row) => [
          longId(row.get('Id') || (row.get('sf__Id') ?? '')),
          row.get('sf__Error') ?? '',
        ]),
      );
      return updates.map(({ id: record }): UpdateOutcome => {
        const error = refused.get(longId(record));
        if (error !== undefined) return { id: record, failure: rowFailure(`POST ${jobs}`, error) };
        if (done.has(longId(record))) return { id: record };
        return { id: record, failure: failure('unreachable', jobs, 'the job left this record out') };
      });
    },
  };
}

/** A page of results: its text, checked to be whole, and where the next begins. */
interface Page {
  readonly text: string;
  readonly next: string | undefined;
}

/** Undefined unless the header is as asked, every row has as many cells, and there are as many rows as the reply says. */
function pageOf(reply: Reply, columns: readonly string[]): Page | undefined {
  let rows = -1;
  for (const cells of csvRows(reply.text)) {
    if (cells?.length !== columns.length) return undefined;
    if (rows === -1 && cells.join().toLowerCase() !== columns.join().toLowerCase()) return undefined;
    rows += 1;
  }
  const said = reply.headers.get('sforce-numberofrecords');
  if (rows < 0 || (said !== null && Number(said) !== rows)) return undefined;
  const locator = reply.headers.get('sforce-locator') ?? 'null';
  return { text: reply.text, next: locator === 'null' ? undefined : locator };
}

function* inHandfuls(text: string, columns: readonly string[]): Generator<Row[]> {
  let rows: Row[] = [];
  let header = true;
  for (const cells of csvRows(text)) {
    if (!header) rows.push(Object.fromEntries(columns.map((column, n) => [column, cells?.[n]])));
    header = false;
    if (rows.length < HANDFUL) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** The fields that a query selects. */
function columnsOf(soql: string): readonly string[] {
  const [, list = ''] = /^SELECT (.+?) FROM /i.exec(soql) ?? [];
  return list.split(',').map((field) => field.trim());
}

function jobOf(body: unknown): Job | undefined {
  if (!isObject(body) || typeof body.id !== 'string' || typeof body.state !== 'string') return undefined;
  const { id, state, numberRecordsProcessed: processed, errorMessage: words } = body;
  return {
    id,
    state,
    processed: typeof processed === 'number' ? processed : undefined,
    words: typeof words === 'string' ? words : '',
  };
}

/** Rows by column name; undefined for a text that is no table. An empty text is an empty table. */
function tableOf(text: string): ReadonlyMap<string, string>[] | undefined {
  const [header, ...rows] = csvRows(text);
  if (rows.some((cells) => cells?.length !== header?.length)) return undefined;
  return rows.map((cells) => new Map(header?.map((name, n) => [name, cells?.[n] ?? ''])));
}

/** A value as ingest wants it: empty would leave the field alone, `#N/A` is null. */
function said(value: unknown): string {
  return value === null ? '#N/A' : value === undefined ? '' : String(value);
}

/** `CODE:message:fields --`, as `sf__Error` has it. */
function rowFailure(call: string, error: string): ServiceFailure {
  const [code = '', ...rest] = error.split(':');
  return rowRefusalOf(call, [{ statusCode: code, message: rest.slice(0, -1).join(':') || rest.join(':') }]);
}

function failure(kind: 'rejected' | 'unreachable', path: string, words: string): ServiceFailure {
  return new ServiceFailure({ service: 'salesforce', kind, call: `GET ${path}`, words });
}
