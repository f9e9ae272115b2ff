import type { Query, WhereClause } from '@jetstreamapp/soql-parser-js';
import { SalesforceError } from '../errors.ts';
import { longId } from '../ids.ts';
import { field, type ObjectSchema } from '../schema.ts';
import { type Row, Table } from '../table.ts';
import type { QueryContext } from './fieldpath.ts';
import { malformedQuery } from './refusals.ts';

const LEVELS = ['HasReadAccess', 'HasEditAccess', 'HasDeleteAccess', 'HasTransferAccess', 'HasAllAccess'] as const;
const MOST = 200;

/** The objects of the Sharing Settings page that the sandbox has. */
const SHARED = ['Contact', 'Lead', 'Account', 'User'];

const SCHEMA: ObjectSchema = {
  name: 'UserRecordAccess',
  label: 'User Record Access',
  prefix: '',
  fields: new Map(
    [
      // A picklist by its describe; its values are ids of either length.
      field('RecordId', 'Record ID', 'reference', { indexed: true }),
      field('UserId', 'User ID', 'reference'),
      ...LEVELS.map((name) => field(name, name.replace(/([a-z])([A-Z])/g, '$1 $2'), 'boolean')),
      field('MaxAccessLevel', 'Maximum Access Level', 'picklist'),
    ].map((f) => [f.name, f]),
  ),
};

interface Comparison {
  readonly field: string;
  readonly operator: string;
  readonly value: string | readonly string[];
}

const badFilter = (): SalesforceError =>
  malformedQuery('Can filter only by UserId = [single ID], RecordId and one Has*Access field');

/** Whether a query asks what a user may do with records; as a lookup of a record the sandbox does not know the object. */
export function asksAboutAccess({ sObject }: Query): boolean {
  return sObject?.toLowerCase() === 'userrecordaccess';
}

/**
 * The rows of UserRecordAccess that a query may find: one user, up to 200 records of which the asking user may read. By
 * developer.salesforce.com (Object Reference, UserRecordAccess): WHERE names one UserId and one RecordId or a list,
 * SELECT names RecordId, access levels and MaxAccessLevel, and RecordId alone where WHERE names a level too. The words
 * about SELECT, and LIMIT_EXCEEDED, were seen in public logs; those about WHERE and the codes of the rest are unseen.
 */
export function accessTable(context: QueryContext, query: Query): Table {
  const conditions = conditionsOf(query.where);
  const named = (name: string) => conditions.filter((condition) => condition.field.toLowerCase() === name);
  const levels = conditions.filter(({ field }) => LEVELS.some((level) => level.toLowerCase() === field.toLowerCase()));
  checkSelected(query, levels.length > 0);
  const [user, ...users] = named('userid');
  const [record, ...records] = named('recordid');
  const listed = record?.operator === '=' || record?.operator.toUpperCase() === 'IN';
  const odd = conditions.length - 2 - levels.length;
  if (user?.operator !== '=' || !record || !listed || users.length + records.length + odd > 0 || levels.length > 1)
    throw badFilter();
  const ids = new Set(valuesOf(record));
  if (ids.size > MOST) throw new SalesforceError(400, 'LIMIT_EXCEEDED', `Number of records exceeds limit: ${MOST}`);
  const table = new Table(SCHEMA);
  for (const id of ids) {
    const row = rowOf(context, valuesOf(user)[0] ?? '', id);
    if (row !== undefined) table.add(id, row);
  }
  return table;
}

function checkSelected({ fields = [] }: Query, alone: boolean): void {
  const names = fields.map((item) => (item.type === 'Field' ? item.field.toLowerCase() : ''));
  const known = ['recordid', ...LEVELS.map((level) => level.toLowerCase()), 'maxaccesslevel'];
  if (!names.includes('recordid') || names.some((name) => !known.includes(name)) || (alone && names.length > 1))
    throw new SalesforceError(400, 'INVALID_FIELD', 'Can select only RecordId, a Has*Access field, and MaxAccessLevel');
}

/** The comparisons of a plain chain of ANDs. */
function conditionsOf(where: WhereClause | undefined): Comparison[] {
  const found: Comparison[] = [];
  for (let at = where; at !== undefined; at = 'right' in at ? at.right : undefined) {
    const joined = !('operator' in at) || at.operator === 'AND';
    if (!joined || at.left === null || !('field' in at.left) || !('value' in at.left)) throw badFilter();
    const { field, operator, value } = at.left;
    found.push({ field, operator, value });
  }
  return found;
}

function valuesOf({ value }: Comparison): string[] {
  return (typeof value === 'string' ? [value] : value).map((text) => longId(text.replace(/^'|'$/g, '')));
}

/** What a user may do with a record; undefined where the asking user may not read it. */
function rowOf({ org, user: asking }: QueryContext, user: string, id: string): Row | undefined {
  const type = org.typeOf(id);
  const row = type === undefined ? undefined : org.get(type, id);
  if (type === undefined || !SHARED.includes(type) || row === undefined || row.IsDeleted === true) return undefined;
  if (org.access.object(asking, type) === 'hidden') return undefined;
  const access = org.access.object(user, type);
  const edit = access === 'edit' && org.access.record(user, id) === 'edit';
  return {
    // It has none of its own, and how Salesforce fills the address in `attributes` is unseen.
    Id: '000000000000000AAA',
    RecordId: id,
    UserId: user,
    HasReadAccess: access !== 'hidden',
    HasEditAccess: edit,
    HasDeleteAccess: edit,
    HasTransferAccess: edit,
    HasAllAccess: edit,
    MaxAccessLevel: edit ? 'All' : access === 'hidden' ? 'None' : 'Read',
  };
}
