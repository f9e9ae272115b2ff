import type { Context } from 'hono';
import {
  entityIsDeleted,
  malformedId,
  malformedJson,
  notFound,
  SalesforceError,
  unsupportedMediaType,
} from '../errors.ts';
import { isId, longId } from '../ids.ts';
import type { Act, Fields, Org } from '../org.ts';
import { fieldPath, type QueryContext, visible } from '../soql/fieldpath.ts';
import { recordWire, type Wire } from '../soql/wire.ts';
import type { Row } from '../table.ts';
import { type DataEnv, type Part, visibleType } from './dataapi.ts';
import { describeWire, objectWire } from './describe.ts';

/** A JSON object from a request; what is labelled as something else is refused, what is none is a JSON_PARSER_ERROR. */
export async function jsonBody(c: Context<DataEnv>): Promise<Record<string, unknown>> {
  const label = c.req.header('content-type')?.split(';')[0]?.trim() ?? 'application/json';
  if (label.toLowerCase() !== 'application/json') throw unsupportedMediaType(label);
  const text = await c.req.text();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw malformedJson('Unexpected character at [line:1, column:1]');
  }
  throw malformedJson('Cannot deserialize request body: an object was expected at [line:1, column:1]');
}

/** Who acts, and whether lead assignment rules run: they do unless the header says FALSE. */
export function actOf(c: Context<DataEnv>): Act {
  const header = c.req.header('sforce-auto-assign') ?? 'TRUE';
  return { user: c.get('session').user, autoAssign: header.toUpperCase() !== 'FALSE' };
}

/** A date in a conditional header, in milliseconds; undefined when the header is not there. */
function condition(c: Context<DataEnv>, header: string): number | undefined {
  const text = c.req.header(header);
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new SalesforceError(400, 'INVALID_HEADER', `The value of the ${header} header is not a valid date`);
  return at;
}

const attributesOff = (body: Record<string, unknown>): Fields =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'attributes' && name.toLowerCase() !== 'id'));

/** The selected (`?fields=`) or all visible fields of a record. */
export function recordFor(
  org: Org,
  user: string,
  type: string,
  row: Readonly<Row>,
  fields: string | undefined,
  base: string,
): Wire {
  const context: QueryContext = { org, user, soql: fields ?? '', now: org.clock() };
  const table = org.table(type);
  const names = fields === undefined ? visible(context, table).map((f) => f.name) : fields.split(',');
  const paths = names.map((name) => fieldPath(context, table, name.trim().split('.')));
  return recordWire({ table, paths }, row, base);
}

/** `/sobjects`: describe, and single records by id. */
export function recordRoutes(org: Org, pages: (request: Request) => string): Part {
  const found = (type: string, id: string): Readonly<Row> => {
    if (!isId(id)) throw malformedId(type, id);
    const row = org.get(type, longId(id));
    if (row === undefined) throw notFound();
    if (row.IsDeleted === true) throw entityIsDeleted();
    return row;
  };

  const update = async (c: Context<DataEnv>, typeName: string, id: string): Promise<Response> => {
    const type = visibleType(org, c.get('session'), typeName);
    const row = found(type, id);
    const unless = condition(c, 'if-unmodified-since');
    if (unless !== undefined && Number(row.LastModifiedDate) > unless) return c.body(null, 412);
    const since = condition(c, 'if-modified-since');
    if (since !== undefined && Number(row.LastModifiedDate) <= since) return c.body(null, 412);
    org.update(type, id, attributesOff(await jsonBody(c)), actOf(c));
    return c.body(null, 204);
  };

  return (api) => {
    const at = '/services/data/:version/sobjects';
    api.get(at, (c) => {
      const { user } = c.get('session');
      const types = org.types.filter((type) => org.access.object(user, type) !== 'hidden');
      return c.json({
        encoding: 'UTF-8',
        maxBatchSize: 200,
        sobjects: types.map((type) => objectWire(org, user, type, c.get('base'))),
      });
    });

    api.get(`${at}/:type/describe`, (c) => {
      const session = c.get('session');
      const type = visibleType(org, session, c.req.param('type'));
      const since = condition(c, 'if-modified-since');
      if (since !== undefined && org.schemaChangedAt <= since) return c.body(null, 304);
      return c.json(describeWire(org, session.user, type, c.get('base'), pages(c.req.raw)));
    });

    api.get(`${at}/:type`, (c) => {
      const session = c.get('session');
      const type = visibleType(org, session, c.req.param('type'));
      return c.json({ objectDescribe: objectWire(org, session.user, type, c.get('base')), recentItems: [] });
    });

    api.post(`${at}/:type`, async (c) => {
      const type = visibleType(org, c.get('session'), c.req.param('type'));
      const id = org.insert(type, attributesOff(await jsonBody(c)), actOf(c));
      return c.json({ id, success: true, errors: [] }, 201);
    });

    api.get(`${at}/:type/:id`, (c) => {
      const session = c.get('session');
      const type = visibleType(org, session, c.req.param('type'));
      const row = found(type, c.req.param('id'));
      const modified = Number(row.LastModifiedDate ?? 0);
      const since = condition(c, 'if-modified-since');
      if (since !== undefined && modified <= since) return c.body(null, 304);
      const unless = condition(c, 'if-unmodified-since');
      if (unless !== undefined && modified > unless) return c.body(null, 412);
      c.header('Last-Modified', new Date(modified).toUTCString());
      return c.json(recordFor(org, session.user, type, row, c.req.query('fields'), c.get('base')));
    });

    api.patch(`${at}/:type/:id`, (c) => update(c, c.req.param('type'), c.req.param('id')));

    api.delete(`${at}/:type/:id`, (c) => {
      const type = visibleType(org, c.get('session'), c.req.param('type'));
      org.remove(type, c.req.param('id'), actOf(c));
      return c.body(null, 204);
    });
  };
}
