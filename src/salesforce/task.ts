import { isObject } from '../service/http.ts';
import { basePath, type Reach } from './records.ts';
import { type Salesforce, soqlString } from './salesforce.ts';

type Queries = Pick<Salesforce, 'query'>;

/** A finished piece of work on a Contact or Lead. */
export interface DoneTask {
  /** The record's id. */
  readonly record: string;
  readonly subject: string;
  readonly description: string;
  /** The day of it, `2026-11-21`. */
  readonly day: string;
}

/** Whose latest tasks are looked through: one that was made and not acknowledged is among the last ones. */
const LATEST = 200;

/** What an org calls a finished task where it does not say: `TaskStatus` may be hidden. */
const COMPLETED = 'Completed';

/** Whether the record has a task whose description holds this text. A description cannot be filtered by, only read. */
export async function hasTask(salesforce: Queries, record: string, text: string): Promise<boolean> {
  const soql = `SELECT Id, Description FROM Task WHERE WhoId = ${soqlString(record)} ORDER BY CreatedDate DESC LIMIT ${LATEST}`;
  for await (const rows of salesforce.query(soql))
    if (rows.some(({ Description: description }) => `${description}`.includes(text))) return true;
  return false;
}

/** Makes a finished task. Not sent again when its answer is lost: look first. */
export async function createTask(
  reach: Reach,
  salesforce: Queries,
  { record, subject, description, day }: DoneTask,
): Promise<void> {
  const values = {
    WhoId: record,
    Subject: subject.slice(0, 255),
    Description: description,
    ActivityDate: day,
    Status: await closedStatus(salesforce),
  };
  await reach.ask(
    {
      method: 'POST',
      path: `${await basePath(reach.version)}/sobjects/Task`,
      headers: { 'Sforce-Call-Options': 'client=optbridge' },
      body: JSON.stringify(values),
    },
    (body) => (isObject(body) && body.success === true ? body : undefined),
  );
}

/** The first status by which this org calls a task closed. */
async function closedStatus(salesforce: Queries): Promise<string> {
  const soql = 'SELECT ApiName FROM TaskStatus WHERE IsClosed = true ORDER BY SortOrder';
  try {
    for await (const [first] of salesforce.query(soql)) if (typeof first?.ApiName === 'string') return first.ApiName;
  } catch {
    // Hidden from this user: the name that every org begins with will do, or the task is refused.
  }
  return COMPLETED;
}
