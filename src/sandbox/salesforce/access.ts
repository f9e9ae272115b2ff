import type { FieldSchema } from './schema.ts';

export type Access = 'hidden' | 'read-only' | 'edit';

/** A user id, or everybody who has no word of their own. */
export type Who = string | 'everyone';

/** Field-level and object permissions, and sharing, per user. What nobody restricted may be edited. */
export class AccessRules {
  readonly #rules = new Map<string, Access>();
  /** What permission sets give a user beyond these rules; nothing unless an org says. */
  granted: (user: string, type: string, field: string) => Access = () => 'hidden';

  /** Says what a user (or everyone) may do with a field, or with a whole object when `field` is absent. */
  set(who: Who, access: Access, type: string, field?: string): void {
    this.#rules.set(`${who} ${type}.${field ?? ''}`, access);
  }

  /** Says whether a user (or everyone) may edit one record, by its 18-character id, that they may read. */
  share(who: Who, access: Exclude<Access, 'hidden'>, record: string): void {
    this.#rules.set(`${who} ${record}`, access);
  }

  record(user: string | undefined, id: string): Access {
    return this.#find(user, id);
  }

  object(user: string | undefined, type: string): Access {
    return this.#find(user, `${type}.`);
  }

  /** No user means the org itself, which may do everything. Ids, names and audit fields cannot be hidden. */
  field(user: string | undefined, type: string, field: FieldSchema): Access {
    if (!field.permissionable) return 'edit';
    const own = this.#find(user, `${type}.${field.name}`);
    if (user === undefined || own === 'edit') return own;
    const granted = this.granted(user, type, field.name);
    return granted === 'hidden' ? own : granted;
  }

  #find(user: string | undefined, key: string): Access {
    if (user === undefined) return 'edit';
    return this.#rules.get(`${user} ${key}`) ?? this.#rules.get(`everyone ${key}`) ?? 'edit';
  }
}
