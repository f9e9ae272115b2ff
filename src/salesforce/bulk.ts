import type { Reply } from '../service/http.ts';
import { csvRows } from './csv.ts';
import { ingestOver } from './ingest.ts';
import { createJobs, endedBadly, type JobLine, LONGEST_JOB } from './job.ts';
import { malformed } from './line.ts';
import { type Bulk, QUERY_PAGE, type Row } from './salesforce.ts';

/** Rows asked for in one page of results: some 5 MB of text. */
const PAGE_ROWS = 50_000;

/** Bulk API 2.0 (facts/salesforce.md section 3) over requests that somebody else signs. */
export function createBulk(line: JobLine): Bulk {
  const { base } = line;
  const jobs = createJobs(line);
  const { ask, json } = jobs;

  return {
    async *query(soql, { deleted = false, waiting } = {}) {
      const all = `${await base()}/jobs/query`;
      const columns = columnsOf(soql);
      const { id } = await json('POST', all, {
        operation: deleted ? 'queryAll' : 'query',
        query: soql,
        contentType: 'CSV',
        columnDelimiter: 'COMMA',
        lineEnding: 'LF',
      });
      const job = await jobs.over(`${all}/${id}`, (waited) => {
        waiting?.();
        return waited >= LONGEST_JOB;
      });
      if (job.state !== 'JobComplete') throw endedBadly(job, `${all}/${id}`);
      const path = `${all}/${id}/results`;
      let read = 0;
      for (let locator: string | undefined = ''; locator !== undefined; ) {
        const query = `?maxRecords=${PAGE_ROWS}${locator === '' ? '' : `&locator=${encodeURIComponent(locator)}`}`;
        const page: Page = await ask({ method: 'GET', path: path + query, headers: { accept: 'text/csv' } }, (reply) =>
          job.processed === 0 && saysNothing(reply) ? NO_ROWS : pageOf(reply, columns),
        );
        if (page.next !== undefined && page.next === locator)
          throw malformed(`GET ${path}`, 'a page that leads no further');
        for (const rows of inPages(page.text, columns)) {
          read += rows.length;
          yield rows;
        }
        locator = page.next;
      }
      if (job.processed !== undefined && read !== job.processed)
        throw malformed(`GET ${path}`, `${read} rows in all where ${job.processed} should be`);
    },

    update: ingestOver(jobs, base),
  };
}

/** A page of results: its text, checked to be whole, and where the next begins. */
interface Page {
  readonly text: string;
  readonly next: string | undefined;
}

const NO_ROWS: Page = { text: '', next: undefined };

/** Whether a reply without even a header says that nothing was found; Bulk API 1.0 says so in words. */
function saysNothing({ text }: Reply): boolean {
  return /^\s*("?Records not found for this query"?\s*)?$/.test(text);
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

/** Handed on as REST would, so that no more is kept of it. */
function* inPages(text: string, columns: readonly string[]): Generator<Row[]> {
  let rows: Row[] = [];
  let header = true;
  for (const cells of csvRows(text)) {
    if (!header) rows.push(Object.fromEntries(columns.map((column, n) => [column, cells?.[n]])));
    header = false;
    if (rows.length < QUERY_PAGE) continue;
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
