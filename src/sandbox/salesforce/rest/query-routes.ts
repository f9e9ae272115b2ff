import type { Context } from 'hono';
import { SalesforceError } from '../errors.ts';
import type { Org } from '../org.ts';
import { type Selection, select } from '../soql/query.ts';
import { malformedQuery } from '../soql/refusals.ts';
import { columnsWire, rowsWire } from '../soql/wire.ts';
import type { DataEnv, Part } from './dataapi.ts';

/** How many rows a reply holds: a request may ask for 200 to 2000; a test may make pages smaller. */
export interface Paging {
  maxRows: number;
}

interface Cursor {
  readonly user: string;
  readonly selection: Selection;
}

const badLocator = (): SalesforceError => new SalesforceError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');

function batchSize(header: string | undefined, paging: Paging): number {
  const asked = Number(/batchSize=(\d+)/i.exec(header ?? '')?.[1] ?? 2000);
  return Math.min(Math.max(asked, 200), 2000, paging.maxRows);
}

/** `/query`, `/queryAll` and the pages behind a locator. Only the user who asked may turn the page. */
export function queryRoutes(org: Org, paging: Paging): Part {
  const cursors = new Map<string, Cursor>();
  let opened = 0;

  const page = (c: Context<DataEnv>, id: string, cursor: Cursor, start: number): Response => {
    const { selection } = cursor;
    const size = batchSize(c.req.header('sforce-query-options'), paging);
    const end = start + size;
    const done = end >= selection.rows.length;
    const base = c.get('base');
    return c.json({
      totalSize: selection.totalSize,
      done,
      ...(done ? {} : { nextRecordsUrl: `${base}/query/${id}-${end}` }),
      records: rowsWire(selection, start, size, base),
    });
  };

  const answer = (c: Context<DataEnv>, deleted: boolean): Response => {
    const soql = c.req.query('q');
    if (soql === undefined || soql.trim() === '') throw malformedQuery('unexpected token: <EOF>');
    if (soql.length > 100_000)
      throw new SalesforceError(
        400,
        'QUERY_TOO_COMPLICATED',
        'SOQL statements cannot be longer than 100000 characters.',
      );
    const { user } = c.get('session');
    const selection = select({ org, user, soql, now: org.clock() }, deleted);
    if (c.req.query('columns') === 'true') return c.json(columnsWire(selection));
    opened += 1;
    const id = `01gQy${String(opened).padStart(10, '0')}AAA`;
    const cursor = { user, selection };
    if (selection.rows.length > batchSize(c.req.header('sforce-query-options'), paging)) cursors.set(id, cursor);
    return page(c, id, cursor, 0);
  };

  return (api) => {
    api.get('/services/data/:version/query', (c) => answer(c, false));
    api.get('/services/data/:version/queryAll', (c) => answer(c, true));
    const next = (c: Context<DataEnv>): Response => {
      const [, id = '', start = ''] = /^(01g\w+)-(\d+)$/.exec(c.req.param('locator') ?? '') ?? [];
      const cursor = cursors.get(id);
      if (cursor === undefined || cursor.user !== c.get('session').user) throw badLocator();
      return page(c, id, cursor, Number(start));
    };
    api.get('/services/data/:version/query/:locator', next);
    api.get('/services/data/:version/queryAll/:locator', next);
  };
}
