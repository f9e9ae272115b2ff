import { type Bulk, QUERY_PAGE, type Query, type Questions, type Row } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';

/** Who is asked, and what is known of the rows before. */
interface ManyRows {
  /** Gives the first page, where it came along with other things. */
  readonly questions: Questions;
  readonly bulk: Bulk | undefined;
  /** The column that is a checkbox: Bulk gives it as text. */
  readonly box: string;
  /** About how many rows there will be; 0 where nobody knows. */
  readonly expected: number;
  /** The rows are as of now or later. */
  readonly begun: () => void;
  /** Called while a job of Bulk is waited for: it may throw what ends the reading. */
  readonly waiting: () => void;
  /** Told why Bulk was refused. */
  readonly warn: (words: string) => void;
}

/** Above one page of REST Bulk is worth its calls. */
export function areMany(rows: number): boolean {
  return rows > QUERY_PAGE;
}

/**
 * Rows of a query: few by REST, many by Bulk, which takes a fraction of the calls. Where Bulk is refused REST goes on
 * where it was.
 */
export async function* manyRows(query: Query, asked: ManyRows): AsyncGenerator<readonly Row[]> {
  const { questions, box, expected, begun } = asked;
  let bulk = asked.bulk;
  const inBulk = async function* (rows: AsyncIterable<readonly Row[]>) {
    for await (const page of rows) yield page.map((row) => ({ ...row, [box]: ticked(row[box]) }));
  };
  if (bulk && areMany(expected)) {
    begun();
    const rows = await orRefused(bulk, query, asked);
    if (rows) return yield* inBulk(rows);
    bulk = undefined;
  }
  let total = 0;
  const { soql, deleted = false } = query;
  let first = true;
  for await (const page of questions.query(soql, { deleted, total: (rows) => (total = rows) })) {
    if (first) begun();
    const rows = first && bulk && areMany(total) ? await orRefused(bulk, query, asked) : undefined;
    first = false;
    // The page that was read comes again with the others.
    if (rows) return yield* inBulk(rows);
    yield page;
  }
}

/** Rows by Bulk from the first on, or undefined when Salesforce refuses it. */
async function orRefused(
  bulk: Bulk,
  { soql, deleted = false }: Query,
  { waiting, warn }: ManyRows,
): Promise<AsyncIterable<readonly Row[]> | undefined> {
  const rows = bulk.query(soql, { deleted, waiting })[Symbol.asyncIterator]();
  try {
    const first = await rows.next();
    return (async function* () {
      for (let step = first; !step.done; step = await rows.next()) yield step.value;
    })();
  } catch (error) {
    if (!(error instanceof ServiceFailure) || !['forbidden', 'rejected', 'not-found'].includes(error.kind)) throw error;
    warn(`Salesforce refused Bulk API 2.0, so that many records were read page by page: ${error.message}`);
    return undefined;
  }
}

/** Anything but the two words means that the field was not read. */
function ticked(value: unknown): boolean | null {
  return value === 'true' ? true : value === 'false' ? false : null;
}
