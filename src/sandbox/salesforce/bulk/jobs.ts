import { SalesforceError } from '../errors.ts';
import type { Session } from '../oauth/grants.ts';
import type { Wire } from '../soql/wire.ts';
import { jsonDate } from '../values.ts';
import { csvLine, DELIMITERS, LINE_ENDINGS } from './csv.ts';

/** What a test may change about Bulk. */
export interface BulkSwitches {
  /** Rows of a result page at most, also when the client does not ask for fewer. */
  maxRows: number;
  /** How often a job is seen `InProgress` before it is done. */
  pollsUntilDone: number;
  /** An ingest job fails after so many rows and leaves the others unprocessed, as after twenty tries of a batch. */
  failsAfter: number;
  /** An ingest job works off so many rows and is then never over. For a query job `pollsUntilDone` can be endless. */
  stallsAfter: number;
}

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** How a job's sheets are written, in Salesforce's words. */
export interface Format {
  readonly delimiter: keyof typeof DELIMITERS;
  readonly ending: keyof typeof LINE_ENDINGS;
}

/** A job as both kinds have it. */
export interface Job extends Format {
  readonly id: string;
  readonly kind: 'query' | 'ingest';
  readonly object: string;
  readonly operation: string;
  readonly session: Session;
  readonly createdAt: number;
  readonly version: string;
  state: JobState;
  /** Polls left before `outcome` shows. */
  polls: number;
  outcome: JobState;
  errorMessage: string | undefined;
  processed: number;
  failed: number;
}

/** How the sheets of a new job shall be written: commas and line feeds unless said. Refuses words that are none; how is made up. */
export function formatIn(body: Readonly<Record<string, unknown>>): Format {
  const { contentType = 'CSV', columnDelimiter = 'COMMA', lineEnding = 'LF' } = body;
  if (contentType !== 'CSV') throw unknownFormat('contentType', contentType);
  if (!isOneOf(DELIMITERS, columnDelimiter)) throw unknownFormat('columnDelimiter', columnDelimiter);
  if (!isOneOf(LINE_ENDINGS, lineEnding)) throw unknownFormat('lineEnding', lineEnding);
  return { delimiter: columnDelimiter, ending: lineEnding };
}

function isOneOf<Words extends object>(words: Words, value: unknown): value is keyof Words {
  return typeof value === 'string' && Object.hasOwn(words, value);
}

const unknownFormat = (name: string, value: unknown): SalesforceError =>
  new SalesforceError(400, 'INVALIDJOB', `Unsupported ${name}: ${String(value)}`);

/** Rows as the job's sheets have them, every value in quotes. */
export function sheetText({ delimiter, ending }: Format, rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => csvLine(cells, DELIMITERS[delimiter], LINE_ENDINGS[ending])).join('');
}

/** What a poll sees: the job goes on by being asked. */
export function poll(job: Job): JobState {
  if (job.state === 'UploadComplete' || job.state === 'InProgress') {
    job.state = job.polls > 0 ? 'InProgress' : job.outcome;
    job.polls -= 1;
  }
  return job.state;
}

/** A job on the wire. */
export function jobWire(job: Job): Wire {
  const done = job.state === 'JobComplete' || job.state === 'Failed';
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.session.user,
    createdDate: jsonDate(job.createdAt),
    systemModstamp: jsonDate(job.createdAt),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.version),
    lineEnding: job.ending,
    columnDelimiter: job.delimiter,
    jobType: job.kind === 'query' ? 'V2Query' : 'V2Ingest',
    ...(job.kind === 'ingest' && job.state === 'Open'
      ? { contentUrl: `services/data/v${job.version}/jobs/ingest/${job.id}/batches` }
      : {}),
    ...(job.kind === 'query' ? { isPkChunkingSupported: true } : {}),
    ...(done ? { numberRecordsProcessed: job.processed, retries: 0, totalProcessingTime: 100 } : {}),
    ...(done && job.kind === 'ingest'
      ? { numberRecordsFailed: job.failed, apexProcessingTime: 0, apiActiveProcessingTime: 50 }
      : {}),
    ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
  };
}
