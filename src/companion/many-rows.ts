import { QUERY_PAGE, type Row, type Salesforce } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';

/**
 * Rows of a query: few by REST, many by Bulk, which takes a fraction of the calls. Where Bulk is refused REST goes on
 * where it was.
 * @param box the column that is a checkbox: Bulk gives it as text
 * @param tell `begun` when the first reply is there: the rows are as of then or later; `warn` why Bulk was refused
 */
export async function* manyRows(
  salesforce: Salesforce,
  soql: string,
  box: string,
  tell: { readonly begun: () => void; readonly warn: (words: string) => void },
): AsyncGenerator<readonly Row[]> {
  let first = true;
  for await (const page of salesforce.query(soql)) {
    if (first) tell.begun();
    // A full first page has others behind it.
    const bulk = first && page.length >= QUERY_PAGE ? await inBulk(salesforce, soql, tell.warn) : undefined;
    first = false;
    if (bulk) {
      // The page that was read comes again with the others.
      for await (const rows of bulk) yield rows.map((row) => ({ ...row, [box]: ticked(row[box]) }));
      return;
    }
    yield page;
  }
}

/** Rows by Bulk from the first on, or undefined when Salesforce refuses it. */
async function inBulk(
  salesforce: Salesforce,
  soql: string,
  warn: (words: string) => void,
): Promise<AsyncIterable<readonly Row[]> | undefined> {
  if (!salesforce.bulk) return undefined;
  const rows = salesforce.bulk.query(soql)[Symbol.asyncIterator]();
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
