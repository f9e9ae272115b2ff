import { AsyncLocalStorage } from 'node:async_hooks';
import { AccessRules } from './access.ts';
import {
  convertedLead,
  entityIsDeleted,
  insufficientAccess,
  malformedId,
  noSuchColumn,
  notFound,
  notWritable,
  SalesforceError,
} from './errors.ts';
import { IdSource, isId, longId } from './ids.ts';
import { Rules } from './rules.ts';
import { type FieldSchema, type FieldValue, type ObjectSchema, standardObjects } from './schema.ts';
import { type Row, Table } from './table.ts';
import { seconds, storedValue } from './values.ts';

/** Field values as a caller gives them; dates as milliseconds or ISO text. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Who does something. Without `user` it is the org itself (a seed, a test): no security, no validation rule, no lock,
 * no assignment rule, and the audit fields may be given. With a user all of these hold.
 */
export interface Act {
  readonly user?: string;
  /** `Sforce-Auto-Assign`; true unless said. */
  readonly autoAssign?: boolean;
  /** The values come from CSV, where everything is text. */
  readonly text?: boolean;
}

/** The rows of an org and what holds whenever one is written. */
export class Records {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly access = new AccessRules();
  /** Validation rules, row locks, tracked fields. */
  readonly rules = new Rules();
  /** The active lead assignment rule gives every lead that a user saves to this user, unless the caller said not to. */
  leadAssignee: string | undefined;
  /** In whose name the org itself writes. */
  protected system: string | null = null;

  readonly #ids = new IdSource();
  readonly #tables: Map<string, Table>;
  readonly #deletedAt = new Map<string, number>();
  /** How to take back what the transaction under way did. */
  readonly #undo = new AsyncLocalStorage<(() => void)[]>();

  constructor(clock: () => number, objects: ReadonlyMap<string, ObjectSchema> = standardObjects()) {
    this.clock = clock;
    this.#tables = new Map([...objects].map(([name, schema]) => [name, new Table(schema)]));
  }

  table(type: string): Table {
    const table = this.#tables.get(type);
    if (table === undefined) throw notFound();
    return table;
  }

  get types(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** The object of an id, by its prefix. */
  typeOf(id: string): string | undefined {
    for (const [name, table] of this.#tables) if (id.startsWith(table.schema.prefix)) return name;
    return undefined;
  }

  /** A row, deleted ones too; undefined where there is none. */
  get(type: string, id: string): Readonly<Row> | undefined {
    return this.table(type).get(longId(id));
  }

  /** All rows, in the order of creation; deleted ones only when asked for. */
  all(type: string, deleted = false): readonly Readonly<Row>[] {
    return [...this.table(type).rows()].filter((row) => deleted || row.IsDeleted !== true);
  }

  /** When a row was deleted or merged away, undefined for a live one. */
  deletedAt(id: string): number | undefined {
    return this.#deletedAt.get(longId(id));
  }

  /** Does all of it or nothing: when `work` throws, every row it wrote is as it was. */
  transaction<T>(work: () => T): T {
    const undo: (() => void)[] = [];
    try {
      return this.#undo.run(undo, work);
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  /** The same for work that waits; what others write meanwhile is theirs. */
  async transactionOf<T>(work: () => Promise<T>): Promise<T> {
    const undo: (() => void)[] = [];
    try {
      return await this.#undo.run(undo, work);
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  /** Creates a record and returns its 18-character id. */
  insert(type: string, fields: Fields, by: Act = {}): string {
    const table = this.table(type);
    const now = seconds(this.clock());
    const row = table.blank();
    const values = this.#checked(type, fields, by, 'createable');
    const id = typeof values.Id === 'string' ? values.Id : this.#ids.next(table.schema.prefix);
    const actor = by.user ?? this.system;
    const stamps: Row = {
      CreatedDate: now,
      CreatedById: actor,
      LastModifiedDate: now,
      LastModifiedById: actor,
      SystemModstamp: now,
    };
    for (const [name, stamp] of Object.entries(stamps)) if (table.schema.fields.has(name)) row[name] = stamp;
    if (table.schema.fields.has('OwnerId')) row.OwnerId = actor;
    if (type === 'Lead') row.Status = 'Open - Not Contacted';
    if (type === 'Task') Object.assign(row, { Status: 'Not Started', Priority: 'Normal' });
    Object.assign(row, values, { Id: id });
    this.#derive(type, row, values);
    if (type === 'Task') this.#who(row.WhoId);
    if (by.user !== undefined) {
      const missing = [...table.schema.fields.values()].filter(
        (f) => f.createable && !f.nillable && row[f.name] === null,
      );
      if (missing.length > 0) {
        const names = missing.map((f) => f.name);
        throw new SalesforceError(
          400,
          'REQUIRED_FIELD_MISSING',
          `Required fields are missing: [${names.join(', ')}]`,
          names,
        );
      }
      this.rules.validate(type, row, undefined);
      this.#assign(type, row, by);
    }
    table.add(id, row);
    this.#undo.getStore()?.push(() => table.drop(id));
    return id;
  }

  /** Sets fields of a live record. */
  update(type: string, id: string, fields: Fields, by: Act = {}): void {
    this.updateLate(type, id, fields, by)();
  }

  /**
   * An update in a long transaction: stamped now, seen by others only when the returned commit is called, so that the
   * row turns up later with an older SystemModstamp.
   */
  updateLate(type: string, id: string, fields: Fields, by: Act = {}): () => void {
    const row = this.live(type, id, by);
    const values = this.#checked(type, fields, by, 'updateable');
    const now = seconds(this.clock());
    const actor = by.user ?? this.system;
    const change: Row = { LastModifiedDate: now, LastModifiedById: actor, SystemModstamp: now, ...values };
    this.#derive(type, change, { ...row, ...values });
    if (by.user !== undefined) {
      this.rules.claim(longId(id));
      this.rules.validate(type, { ...row, ...change }, row);
      this.#assign(type, change, by);
    }
    return () => {
      this.#remember(type, row, change);
      this.set(type, row, change);
    };
  }

  /** Moves a record to the recycle bin. */
  remove(type: string, id: string, by: Act = {}): void {
    this.removeLate(type, id, by)();
  }

  /** A deletion in a long transaction, as `updateLate` is an update in one. */
  removeLate(type: string, id: string, by: Act = {}): () => void {
    const row = this.live(type, id, by);
    const now = seconds(this.clock());
    return () => {
      const deleted = String(row.Id);
      this.#deletedAt.set(deleted, now);
      this.#undo.getStore()?.push(() => this.#deletedAt.delete(deleted));
      this.set(type, row, {
        IsDeleted: true,
        SystemModstamp: now,
        LastModifiedDate: now,
        LastModifiedById: by.user ?? this.system,
      });
    };
  }

  /** Takes a record out of the recycle bin; a merged one loses its MasterRecordId. */
  undelete(type: string, id: string, by: Act = {}): void {
    const row = this.table(type).get(longId(id));
    if (row === undefined) throw notFound();
    const now = seconds(this.clock());
    this.#deletedAt.delete(longId(id));
    const values: Row = {
      IsDeleted: false,
      SystemModstamp: now,
      LastModifiedDate: now,
      LastModifiedById: by.user ?? this.system,
    };
    if (this.table(type).schema.fields.has('MasterRecordId')) values.MasterRecordId = null;
    this.set(type, row, values);
  }

  /** Changes a row as it is told, without stamps or rules. */
  protected set(type: string, row: Row, values: Row): void {
    const table = this.table(type);
    const before = Object.fromEntries(Object.keys(values).map((name) => [name, row[name] ?? null]));
    table.set(row, values);
    this.#undo.getStore()?.push(() => table.set(row, before));
  }

  /** A field by its exact name; refuses what does not exist. */
  field(type: string, name: string): FieldSchema {
    const found = this.table(type).schema.fields.get(name);
    if (found === undefined) throw noSuchColumn(type, name);
    return found;
  }

  /** A row that may still be written: not deleted, and no converted lead where a user writes. */
  protected live(type: string, id: string, by: Act): Row {
    if (!isId(id)) throw malformedId(type, id);
    const row = this.table(type).get(longId(id));
    if (row === undefined) throw notFound();
    if (row.IsDeleted === true) throw entityIsDeleted();
    if (row.IsConverted === true && by.user !== undefined) throw convertedLead();
    if (this.access.record(by.user, longId(id)) !== 'edit') throw insufficientAccess();
    return row;
  }

  /** The values as they are kept, after field-level security; unknown names are refused by name. */
  #checked(type: string, fields: Fields, by: Act, right: 'createable' | 'updateable'): Row {
    if (by.user !== undefined && this.access.object(by.user, type) !== 'edit') throw insufficientAccess();
    const values: Row = {};
    const refused: string[] = [];
    for (const [given, value] of Object.entries(fields)) {
      const schema = this.table(type).schema.fields.get(given) ?? this.#ignoringCase(type, given);
      const access = schema === undefined ? 'hidden' : this.access.field(by.user, type, schema);
      if (schema === undefined || access === 'hidden') throw noSuchColumn(type, given);
      if (by.user !== undefined && (access !== 'edit' || !schema[right])) refused.push(schema.name);
      else values[schema.name] = storedValue(schema, value, by.text);
    }
    if (refused.length > 0) throw notWritable(refused);
    return values;
  }

  #ignoringCase(type: string, name: string): FieldSchema | undefined {
    const lower = name.toLowerCase();
    for (const f of this.table(type).schema.fields.values()) if (f.name.toLowerCase() === lower) return f;
    return undefined;
  }

  /** Fields that follow from others. */
  #derive(type: string, into: Row, from: Readonly<Row>): void {
    const fields = this.table(type).schema.fields;
    if (fields.has('LastName') && (from.LastName !== undefined || from.FirstName !== undefined)) {
      into.Name = [from.FirstName, from.LastName].filter((part) => typeof part === 'string').join(' ');
    }
    if (fields.has('IsEmailBounced') && from.EmailBouncedReason !== undefined) {
      into.IsEmailBounced = from.EmailBouncedReason !== null;
    }
    if (type === 'Task')
      into.IsClosed = this.all('TaskStatus').some(
        ({ ApiName, IsClosed }) => IsClosed === true && ApiName === into.Status,
      );
  }

  /** A task is about a live Contact or Lead, or about nobody. */
  #who(id: FieldValue | undefined): void {
    if (typeof id !== 'string') return;
    const type = this.typeOf(id);
    if (type !== 'Contact' && type !== 'Lead') throw malformedId('Name', id);
    const row = this.get(type, id);
    if (row === undefined) throw new SalesforceError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    if (row.IsDeleted === true) throw entityIsDeleted();
  }

  #assign(type: string, change: Row, by: Act): void {
    if (type === 'Lead' && this.leadAssignee !== undefined && by.autoAssign !== false)
      change.OwnerId = this.leadAssignee;
  }

  #remember(type: string, row: Row, change: Row): void {
    for (const [name, value] of Object.entries(change)) {
      if (row[name] === value || !this.rules.isTracked(type, name)) continue;
      this.insert(`${type}History`, {
        [`${type}Id`]: row.Id,
        Field: name,
        DataType: this.field(type, name).type === 'boolean' ? 'Boolean' : 'Text',
        OldValue: row[name] ?? null,
        NewValue: value,
        CreatedDate: change.LastModifiedDate ?? null,
        CreatedById: change.LastModifiedById ?? this.system,
      });
    }
  }
}
