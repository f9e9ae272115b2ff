import { ServiceFailure } from '../service/failure.ts';
import { csvLine, csvRows } from './csv.ts';
import { endedBadly, type Jobs, jobFailure } from './job.ts';
import { rowRefusalOf } from './refusal.ts';
import { type Bulk, longId, type RecordUpdate, type UpdateOutcome } from './salesforce.ts';

/**
 * Updates of records of one object by one ingest job (facts/salesforce.md section 3): create, upload, close, wait, and
 * three lists of rows. Bulk runs no assignment rule unless the job names one.
 *
 * A job may fail with some of its rows done: those that it left out have a failure that passes. One that cannot be
 * followed to its end is aborted, so that it writes nothing later that is not meant any more.
 */
export function ingestOver(jobs: Jobs, base: () => Promise<string>): Bulk['update'] {
  /** The rows of one of a job's lists. */
  function results(path: string, kind: string): Promise<ReadonlyMap<string, string>[]> {
    return jobs.ask({ method: 'GET', path: `${path}/${kind}`, headers: { accept: 'text/csv' } }, ({ text }) =>
      tableOf(text),
    );
  }

  return async (object, updates, enough) => {
    if (updates.length === 0) return [];
    const all = `${await base()}/jobs/ingest`;
    const order = { object, operation: 'update', contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' };
    const { id } = await jobs.json('POST', all, order);
    const path = `${all}/${id}`;
    const headers = { 'content-type': 'text/csv' };
    let job: Awaited<ReturnType<Jobs['over']>>;
    try {
      await jobs.ask({ method: 'PUT', path: `${path}/batches`, headers, body: sheetOf(updates) }, () => true);
      await jobs.close(path);
      job = await jobs.over(path, enough);
    } catch (error) {
      if (error instanceof ServiceFailure) await jobs.abort(path);
      throw error;
    }
    const good = job.state === 'JobComplete';
    const done = new Set((await results(path, 'successfulResults')).map(idIn));
    const refused = new Map(
      (await results(path, 'failedResults')).map((row) => [idIn(row), row.get('sf__Error') ?? '']),
    );
    if (!good && done.size === 0 && refused.size === 0) throw endedBadly(job, path);
    const leftOut = good
      ? 'the job left this record out'
      : `the job left this record out: ${job.words || `it ended as ${job.state}`}`;
    return updates.map(({ id: record }): UpdateOutcome => {
      const error = refused.get(longId(record));
      if (error !== undefined) return { id: record, failure: rowFailure(`POST ${all}`, error) };
      if (done.has(longId(record))) return { id: record };
      return { id: record, failure: jobFailure('unreachable', path, leftOut) };
    });
  };
}

/** The rows to upload: ids and every field that any of them sets. */
function sheetOf(updates: readonly RecordUpdate[]): string {
  const fields = [...new Set(updates.flatMap(({ values }) => Object.keys(values)))];
  const lines = updates.map(({ id, values }) => csvLine([id, ...fields.map((field) => said(values[field]))]));
  return csvLine(['Id', ...fields]) + lines.join('');
}

/** A value as ingest wants it: empty would leave the field alone, `#N/A` is null. */
function said(value: unknown): string {
  return value === null ? '#N/A' : value === undefined ? '' : String(value);
}

/** Rows by column name; undefined for a text that is no table. An empty text is an empty table. */
function tableOf(text: string): ReadonlyMap<string, string>[] | undefined {
  const [header, ...rows] = csvRows(text);
  if (rows.some((cells) => cells?.length !== header?.length)) return undefined;
  return rows.map((cells) => new Map(header?.map((name, n) => [name, cells?.[n] ?? ''])));
}

/** The record that a row of results is about: what was sent, since a failed row may have no `sf__Id`. */
function idIn(row: ReadonlyMap<string, string>): string {
  return longId(row.get('Id') || (row.get('sf__Id') ?? ''));
}

/** `CODE:message:fields --`, as `sf__Error` has it: the same failure as that of a row of a collection. */
function rowFailure(call: string, error: string): ServiceFailure {
  const [code = '', ...rest] = error.split(':');
  return rowRefusalOf(call, [{ statusCode: code, message: rest.slice(0, -1).join(':') || rest.join(':') }]);
}
