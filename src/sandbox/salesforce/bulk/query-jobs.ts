import type { Context } from 'hono';
import { notFound, SalesforceError } from '../errors.ts';
import type { IdSource } from '../ids.ts';
import type { Org } from '../org.ts';
import type { DataEnv, Part } from '../rest/dataapi.ts';
import { jsonBody } from '../rest/record-routes.ts';
import { select } from '../soql/query.ts';
import { rowCells } from '../soql/wire.ts';
import { type BulkSwitches, formatIn, type Job, jobWire, poll, sheetText } from './jobs.ts';

interface QueryJob extends Job {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const apiError = (status: number, message: string): SalesforceError =>
  new SalesforceError(status, 'API_ERROR', message);

/** So many places of results come in one reply. */
const RESULT_PAGES = 5;

/** The word by which a client asks for the rows from this one on. */
function locatorOf(row: number): string {
  return Buffer.from(String(row)).toString('base64url');
}

/** `/jobs/query`: the answer is taken when the job is made, and read page by page (facts/salesforce.md section 3). */
export function queryJobs(org: Org, switches: BulkSwitches, ids: IdSource): Part {
  const jobs = new Map<string, QueryJob>();

  const found = (c: Context<DataEnv>): QueryJob => {
    const job = jobs.get(c.req.param('id') ?? '');
    if (job === undefined) throw notFound();
    if (job.version !== c.get('version')) throw apiError(409, `The job was created with API version ${job.version}`);
    return job;
  };

  return (api) => {
    const at = '/services/data/:version/jobs/query';
    api.post(at, async (c) => {
      const body = await jsonBody(c);
      const session = c.get('session');
      const soql = String(body.query ?? '');
      const operation = String(body.operation ?? '');
      if (operation !== 'query' && operation !== 'queryAll') throw apiError(400, `Unsupported operation: ${operation}`);
      const selection = select({ org, user: session.user, soql, now: org.clock() }, operation === 'queryAll');
      if (selection.aggregate !== undefined) throw apiError(400, 'Aggregate queries are not supported in Bulk API 2.0');
      if (selection.skipped > 0) throw apiError(400, 'OFFSET is not supported in Bulk API 2.0');
      const job: QueryJob = {
        id: ids.next('750'),
        kind: 'query',
        object: selection.table.schema.name,
        operation,
        session,
        createdAt: org.clock(),
        version: c.get('version'),
        ...formatIn(body),
        state: 'UploadComplete',
        polls: switches.pollsUntilDone,
        outcome: 'JobComplete',
        errorMessage: undefined,
        processed: selection.rows.length,
        failed: 0,
        header: selection.paths.map((path) => path.names.join('.')),
        rows: selection.rows.map((row) => rowCells(selection, row)),
      };
      jobs.set(job.id, job);
      return c.json(jobWire(job));
    });

    api.get(`${at}/:id`, (c) => {
      const job = found(c);
      poll(job);
      return c.json(jobWire(job));
    });

    /** A job whose results there are, and the row that the locator of the request stands for. */
    const resultsAt = (c: Context<DataEnv>): { readonly job: QueryJob; readonly start: number } => {
      const job = found(c);
      if (job.state !== 'JobComplete') throw apiError(400, `Results are not available for a job in state ${job.state}`);
      const start = Number(Buffer.from(c.req.query('locator') ?? '', 'base64url').toString() || 0);
      if (!Number.isInteger(start) || start > job.rows.length) throw apiError(400, 'Invalid locator');
      return { job, start };
    };

    // "Get Parallel Results for a Query Job": at most five places at once, and where the next five are; its example has that in
    // lower case.
    for (const name of ['resultPages', 'resultpages'])
      api.get(`${at}/:id/${name}`, (c) => {
        const { job, start } = resultsAt(c);
        if (Number(job.version) < 58) throw notFound();
        const base = `/services/data/v${job.version}/jobs/query/${job.id}`;
        const starts = Array.from({ length: RESULT_PAGES + 1 }, (_, n) => start + n * switches.maxRows);
        const there = starts.filter((from) => from === start || from < job.rows.length);
        const next = there[RESULT_PAGES];
        return c.json({
          resultPages: there
            .slice(0, RESULT_PAGES)
            .map((from) => ({ resultUrl: `${base}/results?locator=${locatorOf(from)}` })),
          ...(next === undefined ? {} : { nextRecordsUrl: `${base}/resultpages?locator=${locatorOf(next)}` }),
          done: next === undefined,
        });
      });

    api.get(`${at}/:id/results`, (c) => {
      const { job, start } = resultsAt(c);
      const asked = Number(c.req.query('maxRecords') ?? switches.maxRows);
      if (!Number.isInteger(asked) || asked < 1) throw apiError(400, 'maxRecords must be a positive whole number');
      const size = Math.min(asked, switches.maxRows);
      const page = job.rows.slice(start, start + size);
      const end = start + page.length;
      // The word "null", not an empty header, says that this was the last page.
      const locator = end < job.rows.length ? locatorOf(end) : 'null';
      return c.body(sheetText(job, [job.header, ...page]), 200, {
        'Content-Type': 'text/csv',
        'Sforce-Locator': locator,
        'Sforce-NumberOfRecords': String(page.length),
      });
    });

    api.patch(`${at}/:id`, async (c) => {
      const job = found(c);
      if ((await jsonBody(c)).state === 'Aborted') job.state = 'Aborted';
      return c.json(jobWire(job));
    });

    api.delete(`${at}/:id`, (c) => {
      jobs.delete(found(c).id);
      return c.body(null, 204);
    });
  };
}
