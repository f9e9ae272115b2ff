import type { Context } from 'hono';
import { malformedId, malformedJson, SalesforceError } from '../errors.ts';
import { isId, longId } from '../ids.ts';
import type { Act, Org } from '../org.ts';
import type { Wire } from '../soql/wire.ts';
import { type DataEnv, type Part, visibleType } from './dataapi.ts';
import { actOf, jsonBody, recordFor } from './record-routes.ts';
import { rowRefusal } from './row-refusal.ts';

interface Item {
  readonly type: string;
  readonly id: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Verb = 'insert' | 'update' | 'delete';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const tooMany = (most: number): SalesforceError =>
  new SalesforceError(
    400,
    'EXCEEDED_ID_LIMIT',
    `record limit reached. cannot submit more than ${most} records into this call`,
  );

/** The ids of a query parameter. */
const idsIn = (c: Context<DataEnv>): string[] => (c.req.query('ids') ?? '').split(',').filter((id) => id !== '');

/** The records of the request; it as a whole is refused when there are too many, in too many chunks, or without type. */
function itemsOf(body: Readonly<Record<string, unknown>>): Item[] {
  if (!Array.isArray(body.records))
    throw malformedJson('The request body must have a records array at [line:1, column:1]');
  if (body.records.length > 200) throw tooMany(200);
  let chunks = 0;
  let last = '';
  return body.records.map((record: unknown) => {
    const type = isObject(record) && isObject(record.attributes) ? record.attributes.type : undefined;
    if (!isObject(record) || typeof type !== 'string') {
      throw new SalesforceError(400, 'INVALID_INPUT', 'Include a type in the attributes of each record');
    }
    if (type !== last) chunks += 1;
    last = type;
    if (chunks > 10)
      throw new SalesforceError(
        400,
        'INVALID_INPUT',
        'Cannot have more than 10 chunks in a single operation. Rearrange the data to reduce chunking.',
      );
    const { attributes: _type, ...rest } = record;
    const id = Object.entries(rest).find(([name]) => name.toLowerCase() === 'id')?.[1];
    const fields = Object.fromEntries(Object.entries(rest).filter(([name]) => name.toLowerCase() !== 'id'));
    return { type, id: typeof id === 'string' ? id : undefined, fields };
  });
}

const rolledBack: Wire = {
  success: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};

/** Carries the results out of a transaction that has to be taken back. */
class RolledBack extends Error {}

/** Writes many records, each for itself or, with `allOrNone`, all or none. */
export function writeMany(org: Org, verb: Verb, items: readonly Item[], allOrNone: boolean, by: Act): Wire[] {
  const results: Wire[] = [];
  const seen = new Set<string>();
  const work = () => {
    for (const item of items) results.push(writeOne(org, verb, item, by, seen));
    if (allOrNone && results.some((result) => result.success !== true)) throw new RolledBack();
  };
  try {
    org.transaction(work);
    return results;
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    return results.map((result) => (result.success === true ? rolledBack : result));
  }
}

function writeOne(org: Org, verb: Verb, item: Item, by: Act, seen: Set<string>): Wire {
  try {
    if (verb === 'insert') return { id: org.insert(item.type, item.fields, by), success: true, errors: [] };
    const id = item.id ?? '';
    if (id === '') throw new SalesforceError(400, 'MISSING_ARGUMENT', `Id not specified in an ${verb} call`);
    if (!isId(id)) throw malformedId(item.type, id);
    if (seen.has(longId(id))) throw new SalesforceError(400, 'DUPLICATE_VALUE', `duplicate id specified: ${id}`);
    seen.add(longId(id));
    if (verb === 'delete') org.remove(item.type, id, by);
    else org.update(item.type, id, item.fields, by);
    return { id: longId(id), success: true, errors: [] };
  } catch (error) {
    const { code, message, fields } = rowRefusal(error);
    return { success: false, errors: [{ statusCode: code, message, fields }] };
  }
}

/** `/composite/sobjects`: up to 200 records written or deleted, or up to 2000 read, in one call. */
export function collectionRoutes(org: Org): Part {
  const write = (verb: Verb) => async (c: Context<DataEnv>) => {
    const body = await jsonBody(c);
    const items = itemsOf(body).map((item) => ({ ...item, type: visibleType(org, c.get('session'), item.type) }));
    return c.json(writeMany(org, verb, items, body.allOrNone === true, actOf(c)));
  };

  const read = (c: Context<DataEnv>, typeName: string, ids: readonly string[], fields: string): Response => {
    const session = c.get('session');
    const type = visibleType(org, session, typeName);
    return c.json(
      ids.map((id) => {
        const row = org.get(type, id);
        if (row === undefined || row.IsDeleted === true) return null;
        return recordFor(org, session.user, type, row, fields, c.get('base'));
      }),
    );
  };

  return (api) => {
    const at = '/services/data/:version/composite/sobjects';
    api.patch(at, write('update'));
    api.post(at, write('insert'));
    api.delete(at, (c) => {
      const ids = idsIn(c);
      if (ids.length > 200) throw tooMany(200);
      const items = ids.map((id) => ({ type: org.typeOf(id) ?? '', id, fields: {} }));
      return c.json(writeMany(org, 'delete', items, c.req.query('allOrNone') === 'true', actOf(c)));
    });
    api.get(`${at}/:type`, (c) => {
      return read(c, c.req.param('type'), idsIn(c), c.req.query('fields') ?? 'Id');
    });
    api.post(`${at}/:type`, async (c) => {
      const { ids, fields } = await jsonBody(c);
      if (!Array.isArray(ids) || !Array.isArray(fields))
        throw malformedJson('ids and fields must be arrays at [line:1, column:1]');
      if (ids.length > 2000) throw tooMany(2000);
      return read(c, c.req.param('type'), ids.map(String), fields.join(','));
    });
  };
}
