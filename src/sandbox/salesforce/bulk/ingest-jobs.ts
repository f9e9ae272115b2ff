import type { Context } from 'hono';
import { asSalesforceError, notFound, SalesforceError, unsupportedMediaType } from '../errors.ts';
import type { IdSource } from '../ids.ts';
import type { Org } from '../org.ts';
import type { DataEnv, Part } from '../rest/dataapi.ts';
import { visibleType } from '../rest/dataapi.ts';
import { jsonBody } from '../rest/record-routes.ts';
import { rowRefusal } from '../rest/row-refusal.ts';
import { type CsvRow, csvSheet, DELIMITERS, LINE_ENDINGS } from './csv.ts';
import { type BulkSwitches, formatIn, type Job, jobWire, poll, sheetText } from './jobs.ts';

interface Outcome {
  readonly id: string;
  readonly created: boolean;
  readonly error: string | undefined;
  readonly cells: readonly string[];
}

interface IngestJob extends Job {
  /** Given, lead assignment runs; otherwise no rule does (facts/salesforce.md section 0). */
  readonly assignmentRuleId: string | undefined;
  header: readonly string[];
  content: string | undefined;
  outcomes: readonly Outcome[];
  unprocessed: readonly (readonly string[])[];
}

const invalidState = (message: string): SalesforceError => new SalesforceError(400, 'INVALIDJOBSTATE', message);

/** `CODE:message:fields --`, as `sf__Error` has it. */
function errorText(error: unknown): string {
  const { code, message, fields } = rowRefusal(error);
  return `${code}:${message}:${fields.length > 0 ? `${fields.join(',')} ` : ''}--`;
}

/** Values as CSV says them: empty leaves alone, `#N/A` is null. */
function values(header: readonly string[], cells: readonly string[]): Record<string, string | null> {
  const said = header.flatMap((name, i): [string, string | null][] => {
    const cell = cells[i] ?? '';
    return name.toLowerCase() === 'id' || cell === '' ? [] : [[name, cell === '#N/A' ? null : cell]];
  });
  return Object.fromEntries(said);
}

function apply(org: Org, job: IngestJob, { cells, sound }: CsvRow): Outcome {
  const given = cells[job.header.findIndex((name) => name.toLowerCase() === 'id')] ?? '';
  const by = { user: job.session.user, autoAssign: job.assignmentRuleId !== undefined, text: true };
  try {
    // That such a row fails is documented (facts/salesforce.md section 3), the code is made up.
    if (!sound) throw new SalesforceError(400, 'INVALID_CSV_ROW', 'a quote stands in the middle of a value');
    if (job.operation === 'insert') {
      return { id: org.insert(job.object, values(job.header, cells), by), created: true, error: undefined, cells };
    }
    if (given === '') throw new SalesforceError(400, 'MISSING_ARGUMENT', 'Id not specified in an update call');
    if (job.operation === 'delete') org.remove(job.object, given, by);
    else org.update(job.object, given, values(job.header, cells), by);
    return { id: given, created: false, error: undefined, cells };
  } catch (error) {
    return { id: given, created: false, error: errorText(error), cells };
  }
}

function process(org: Org, job: IngestJob, { failsAfter, stallsAfter }: BulkSwitches): void {
  const content = job.content ?? '';
  try {
    const ending = content.includes('\r\n') ? 'CRLF' : content.includes('\n') ? 'LF' : job.ending;
    if (ending !== job.ending) {
      throw new Error(`InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is ${job.ending}`);
    }
    const [first, ...rows] = csvSheet(content, DELIMITERS[job.delimiter], LINE_ENDINGS[ending]);
    const header = first?.cells ?? [];
    const known = [...org.table(job.object).schema.fields.keys()].map((name) => name.toLowerCase());
    const unknown = header.find((name) => !known.includes(name.toLowerCase()));
    if (unknown !== undefined) throw new Error(`InvalidBatch : Field name not found : ${unknown}`);
    job.header = header;
    const end = Math.min(failsAfter, stallsAfter);
    job.outcomes = rows.slice(0, end).map((row) => apply(org, job, row));
    job.unprocessed = rows.slice(end).map(({ cells }) => cells);
    if (stallsAfter < rows.length) job.polls = Number.POSITIVE_INFINITY;
    job.processed = job.outcomes.length;
    job.failed = job.outcomes.filter((outcome) => outcome.error !== undefined).length;
    job.outcome = job.unprocessed.length > 0 ? 'Failed' : 'JobComplete';
    if (job.outcome === 'Failed') job.errorMessage = 'InternalServerError : Too many retries of batch';
  } catch (error) {
    job.outcome = 'Failed';
    job.errorMessage = asSalesforceError(error).message.replace(/^An unexpected error occurred: /, '');
  }
}

/** `/jobs/ingest`: one upload, worked off row by row; a bad row stops no other (facts/salesforce.md section 3). */
export function ingestJobs(org: Org, switches: BulkSwitches, ids: IdSource): Part {
  const jobs = new Map<string, IngestJob>();
  const found = (c: Context<DataEnv>): IngestJob => {
    const job = jobs.get(c.req.param('id') ?? '');
    if (job === undefined) throw notFound();
    return job;
  };
  const sheet = (
    c: Context<DataEnv>,
    job: IngestJob,
    extra: readonly string[],
    rows: readonly (readonly string[])[],
  ): Response =>
    // In another order than they were sent: none is promised (facts/salesforce.md section 3).
    c.body(sheetText(job, [[...extra, ...job.header], ...rows.toReversed()]), 200, { 'Content-Type': 'text/csv' });

  return (api) => {
    const at = '/services/data/:version/jobs/ingest';
    api.post(at, async (c) => {
      const body = await jsonBody(c);
      const operation = String(body.operation ?? '');
      if (!['insert', 'update', 'delete'].includes(operation)) {
        throw new SalesforceError(400, 'INVALIDJOB', `Unsupported operation in the sandbox: ${operation}`);
      }
      const session = c.get('session');
      const job: IngestJob = {
        id: ids.next('750'),
        kind: 'ingest',
        object: visibleType(org, session, String(body.object ?? '')),
        operation,
        session,
        createdAt: org.clock(),
        version: c.get('version'),
        ...formatIn(body),
        assignmentRuleId: typeof body.assignmentRuleId === 'string' ? body.assignmentRuleId : undefined,
        state: 'Open',
        polls: switches.pollsUntilDone,
        outcome: 'JobComplete',
        errorMessage: undefined,
        processed: 0,
        failed: 0,
        header: [],
        content: undefined,
        outcomes: [],
        unprocessed: [],
      };
      jobs.set(job.id, job);
      return c.json(jobWire(job));
    });

    api.put(`${at}/:id/batches`, async (c) => {
      const job = found(c);
      if (job.state !== 'Open') throw invalidState('The job is not open');
      if (job.content !== undefined) throw invalidState('Content was uploaded already');
      // Documented is what has to be sent (facts/salesforce.md section 3), and what another resource says to anything else.
      const label = c.req.header('content-type') ?? '';
      if (!/^text\/csv\b/i.test(label)) throw unsupportedMediaType(label);
      job.content = await c.req.text();
      return c.body(null, 201);
    });

    api.patch(`${at}/:id`, async (c) => {
      const job = found(c);
      const { state } = await jsonBody(c);
      if (state === 'Aborted') job.state = 'Aborted';
      else if (state === 'UploadComplete' && job.state === 'Open') {
        job.state = 'UploadComplete';
        process(org, job, switches);
      } else throw invalidState(`Job cannot go from ${job.state} to ${String(state)}`);
      return c.json(jobWire(job));
    });

    api.get(`${at}/:id`, (c) => {
      const job = found(c);
      poll(job);
      return c.json(jobWire(job));
    });

    api.get(`${at}/:id/successfulResults`, (c) => {
      const job = found(c);
      const good = job.outcomes.filter((outcome) => outcome.error === undefined);
      const rows = good.map(({ id, created, cells }) => [id, String(created), ...cells]);
      return sheet(c, job, ['sf__Id', 'sf__Created'], rows);
    });

    api.get(`${at}/:id/failedResults`, (c) => {
      const job = found(c);
      const rows = job.outcomes.flatMap(({ id, error, cells }) => (error === undefined ? [] : [[id, error, ...cells]]));
      return sheet(c, job, ['sf__Id', 'sf__Error'], rows);
    });

    api.get(`${at}/:id/unprocessedrecords`, (c) => {
      const job = found(c);
      return sheet(c, job, [], job.unprocessed);
    });

    api.delete(`${at}/:id`, (c) => {
      jobs.delete(found(c).id);
      return c.body(null, 204);
    });
  };
}
