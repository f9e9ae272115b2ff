import type { Access, Who } from './access.ts';
import { longId } from './ids.ts';
import { Grants } from './oauth/grants.ts';
import { type Act, type Fields, Records } from './records.ts';
import type { ValidationRule } from './rules.ts';
import { type FieldType, field, TASK_STATUSES } from './schema.ts';
import { RIGHTS } from './setup/rights.ts';
import { isSetup, Setup } from './setup/setup.ts';
import type { Row } from './table.ts';
import { seconds } from './values.ts';

export type { Act, Fields } from './records.ts';

export interface OrgOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** 0 to 1, seeded. */
  readonly random: () => number;
  readonly name?: string;
}

/**
 * The state of one emulated org and its rules; knows no HTTP. Ids are accepted in 15 and 18 characters and returned in
 * 18; instants are milliseconds, whole seconds as in Salesforce. Refusals are `SalesforceError`s.
 */
export class Org extends Records {
  /** 18 characters, prefix 00D. */
  readonly id: string;
  /** The administrator, in whose name the org itself acts. */
  readonly admin: string;
  /** Connected apps, sessions, refresh tokens. */
  readonly grants: Grants;
  /** Custom fields by the API, layouts, permission sets, and who may touch them: the administrator, unless said otherwise. */
  readonly setup: Setup;
  /** REST and Bulk calls in the rolling day. At `max` every call is refused with REQUEST_LIMIT_EXCEEDED. */
  readonly apiLimit = { max: 100_000, used: 0 };
  /** Whether a conversion carries the opt-out to a new contact, as the standard mapping does. */
  conversionCarriesOptOut = true;

  /** Milliseconds that `updated` and `deleted` lag behind, because transactions are under way. */
  replicationLag = 0;
  /** When a field or a permission last changed: what a conditional describe compares. Milliseconds. */
  schemaChangedAt: number;

  constructor(options: OrgOptions) {
    super(options.clock);
    this.schemaChangedAt = seconds(options.clock());
    this.setup = new Setup({
      records: this,
      addField: (type, name, label) => this.addField(type, name, label),
      track: (type, name) => this.track(type, name),
    });
    this.id = this.insert('Organization', {
      Name: options.name ?? 'Acme',
      InstanceName: 'NA000',
      OrganizationType: 'Enterprise Edition',
      DefaultLocaleSidKey: 'en_US',
    });
    for (const [index, status] of TASK_STATUSES.entries())
      this.insert('TaskStatus', {
        ...status,
        MasterLabel: status.ApiName,
        SortOrder: index + 1,
        IsDefault: index === 0,
      });
    this.grants = new Grants({ ...options, orgId: this.id });
    this.admin = this.addUser({ username: 'admin@acme.example', firstName: 'Avery', lastName: 'Admin' });
    this.system = this.admin;
    this.setup.rights.give(this.admin, ...RIGHTS);
  }

  override insert(type: string, fields: Fields, by: Act = {}): string {
    if (isSetup(type)) {
      this.setup.checkNew(type, fields);
      this.schemaChangedAt = seconds(this.clock());
    }
    return super.insert(type, fields, by);
  }

  override updateLate(type: string, id: string, fields: Fields, by: Act = {}): () => void {
    if (isSetup(type)) this.schemaChangedAt = seconds(this.clock());
    return super.updateLate(type, id, fields, by);
  }

  /** Adds an active user and returns the id. */
  addUser(user: { username: string; lastName: string; firstName?: string; email?: string }): string {
    return this.insert('User', {
      Username: user.username,
      FirstName: user.firstName ?? null,
      LastName: user.lastName,
      Email: user.email ?? user.username,
      IsActive: true,
      UserType: 'Standard',
      TimeZoneSidKey: 'America/Los_Angeles',
      LocaleSidKey: 'en_US',
      LanguageLocaleKey: 'en_US',
    });
  }

  /** The id of the user with this username, undefined where there is none. */
  userNamed(username: string): string | undefined {
    const id = this.table('User').having('Username', [username])?.[0]?.Id;
    return typeof id === 'string' ? id : undefined;
  }

  /** All users, in the order in which they were added. */
  get users(): readonly Readonly<Row>[] {
    return this.all('User');
  }

  /** An admin's new field (`Sales_Opt_Out__c`), readable and writable by everybody until `access` says otherwise. */
  addField(
    type: string,
    name: string,
    label = name.replace(/__c$/, '').replace(/_/g, ' '),
    as: FieldType = 'boolean',
  ): void {
    this.schemaChangedAt = seconds(this.clock());
    this.table(type).schema.fields.set(name, field(name, label, as));
    if (as === 'boolean') for (const row of this.table(type).rows()) row[name] = false;
  }

  /** Field-level security: what a user, or everyone, may do with a field, or with the whole object. */
  allow(who: Who, access: Access, type: string, name?: string): void {
    if (name !== undefined) this.field(type, name);
    this.schemaChangedAt = seconds(this.clock());
    this.access.set(who, access, type, name);
  }

  /** Sharing: whether a user, or everyone, may edit one record; what nobody said of may be. Who may see it stays as it is. */
  share(who: Who, access: Exclude<Access, 'hidden'>, id: string): void {
    this.access.share(who, access, longId(id));
  }

  /** Set History Tracking: from now on a change of this field leaves a ContactHistory or LeadHistory row. */
  track(type: string, name: string): void {
    this.field(type, name);
    this.rules.track(type, name);
  }

  /** Adds a validation rule and returns the way to take it back. */
  addRule(type: string, rule: ValidationRule): () => void {
    return this.rules.add(type, rule);
  }

  /** Somebody else holds this row: the next `times` writes by users fail with UNABLE_TO_LOCK_ROW. */
  lock(id: string, times = Number.POSITIVE_INFINITY): void {
    this.rules.lock(longId(id), times);
  }

  unlock(id: string): void {
    this.rules.unlock(longId(id));
  }

  /**
   * Merges losers into a winner: the losers are deleted with MasterRecordId, the winner keeps its own values except
   * the chosen ones, so that an opt-out of a loser can be lost.
   */
  merge(type: string, winner: string, losers: readonly string[], chosen: Fields = {}, by: Act = {}): void {
    this.update(type, winner, chosen, by);
    for (const loser of losers) {
      const row = this.live(type, loser, by);
      this.remove(type, loser, by);
      this.set(type, row, { MasterRecordId: longId(winner) });
    }
  }

  /** Converts a lead into the given contact, or into a new contact and account; returns the contact's id. */
  convert(lead: string, into: { contactId?: string } = {}, by: Act = {}): string {
    const row = this.live('Lead', lead, by);
    const system: Act = {};
    let contact = into.contactId === undefined ? undefined : longId(into.contactId);
    if (contact === undefined) {
      const accountId = this.insert('Account', { Name: row.Company ?? 'Unknown', OwnerId: row.OwnerId }, system);
      const carried = [
        'FirstName',
        'LastName',
        'Salutation',
        'Email',
        'Title',
        'Phone',
        'MobilePhone',
        'LeadSource',
        'OwnerId',
      ];
      const values = Object.fromEntries(carried.map((name) => [name, row[name] ?? null]));
      const optOut = this.conversionCarriesOptOut && row.HasOptedOutOfEmail === true;
      contact = this.insert('Contact', { ...values, AccountId: accountId, HasOptedOutOfEmail: optOut }, system);
    }
    const account = this.get('Contact', contact)?.AccountId ?? null;
    const now = seconds(this.clock());
    this.set('Lead', row, {
      IsConverted: true,
      Status: 'Closed - Converted',
      ConvertedDate: now - (now % 86_400_000),
      ConvertedContactId: contact,
      ConvertedAccountId: account,
      LastModifiedDate: now,
      LastModifiedById: by.user ?? this.admin,
      SystemModstamp: now,
    });
    return contact;
  }

  /** Bounce management found the address dead: moves SystemModstamp, as the real one does. */
  bounce(type: string, id: string, reason: string): void {
    this.update(type, id, { EmailBouncedReason: reason, EmailBouncedDate: this.clock() });
  }
}
