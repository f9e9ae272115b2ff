import type { Clock } from '../clock.ts';
import type {
  BounceRow,
  ContactRow,
  ContactTagRow,
  FieldValueRow,
  ListRow,
  MembershipRow,
  Source,
  Status,
  TagRow,
  UserRow,
} from './rows.ts';
import type { ActiveCampaignSwitches } from './switches.ts';

/** Something that happened, as far as a webhook would tell. */
export interface AccountEvent {
  readonly type: 'subscribe' | 'unsubscribe' | 'bounce' | 'update' | 'contact_tag_added' | 'contact_tag_removed';
  readonly source: Source;
  readonly at: number;
  readonly contact: ContactRow;
  readonly list?: string;
  readonly reason?: string;
  readonly campaign?: string;
  readonly tag?: string;
  readonly bounce?: BounceRow;
}

/** Who does something: the person, a user of the account, a program with a key, or an import (which fires no webhook). */
export type Actor = 'contact' | 'admin' | 'api' | 'system' | 'import';

export interface NewContact {
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  readonly organization?: string;
  /** When, in milliseconds; now unless given. */
  readonly at?: number;
  readonly by?: Actor;
}

/** How a membership changes: by whom, when, and what goes with it. */
export interface MembershipChange {
  readonly by?: Actor;
  readonly at?: number;
  readonly sourceid?: number;
  readonly reason?: string;
  readonly campaign?: string;
  readonly form?: string;
}

/** An address that another contact has: one address is one contact. */
export class DuplicateAddress extends Error {}

type ContactRef = ContactRow | string;

/**
 * An ActiveCampaign account: its rows and its rules, without HTTP. Methods that name a contact or a list which is not
 * there throw; the routes look first.
 */
export class Account {
  readonly clock: Clock;
  readonly switches: ActiveCampaignSwitches;
  readonly users = new Map<string, UserRow>();
  readonly lists = new Map<string, ListRow>();
  readonly tags = new Map<string, TagRow>();
  /** All rows by their own id, in the order of making. */
  readonly memberships = new Map<string, MembershipRow>();
  readonly contactTags = new Map<string, ContactTagRow>();
  readonly #contacts = new Map<string, ContactRow>();
  readonly #byAddress = new Map<string, ContactRow>();
  readonly #tagsByName = new Map<string, TagRow>();
  readonly #listeners: ((event: AccountEvent) => void)[] = [];
  readonly #lastIds = new Map<string, number>();
  #sorted: ContactRow[] = [];

  constructor(clock: Clock, switches: ActiveCampaignSwitches) {
    this.clock = clock;
    this.switches = switches;
  }

  /** Calls `listener` at everything that a webhook would tell. */
  onEvent(listener: (event: AccountEvent) => void): void {
    this.#listeners.push(listener);
  }

  addUser(user: Omit<UserRow, 'id'>): UserRow {
    const row = { id: this.#nextId('user'), ...user };
    this.users.set(row.id, row);
    return row;
  }

  addList(list: { name: string; channel?: 'email' | 'sms'; visible?: boolean; at?: number }): ListRow {
    const row: ListRow = {
      id: this.#nextId('list'),
      name: list.name,
      channel: list.channel ?? 'email',
      createdAt: list.at ?? this.clock.now(),
      hiddenFrom: new Set(list.visible === false ? this.users.keys() : []),
      members: new Map(),
    };
    this.lists.set(row.id, row);
    return row;
  }

  /** Takes a list out of sight of one user, or of all: `/lists` leaves it out, its memberships are still shown. */
  hideList(list: string, user?: string): void {
    for (const id of user === undefined ? this.users.keys() : [user]) this.list(list).hiddenFrom.add(id);
  }

  showList(list: string, user?: string): void {
    for (const id of user === undefined ? this.users.keys() : [user]) this.list(list).hiddenFrom.delete(id);
  }

  /** Takes a list away with its memberships. */
  removeList(list: string): void {
    for (const row of this.list(list).members.values()) {
      this.memberships.delete(row.id);
      this.contact(row.contact)?.memberships.delete(list);
    }
    this.lists.delete(list);
  }

  list(id: string): ListRow {
    const row = this.lists.get(id);
    if (!row) throw new Error(`no list ${id}`);
    return row;
  }

  /** @throws DuplicateAddress when another contact has the address, whatever its case. */
  addContact(contact: NewContact): ContactRow {
    const email = contact.email ?? '';
    if (email && this.contactByEmail(email)) throw new DuplicateAddress(email);
    const at = contact.at ?? this.clock.now();
    const row: ContactRow = {
      id: this.#nextId('contact'),
      email,
      firstName: contact.firstName ?? '',
      lastName: contact.lastName ?? '',
      phone: contact.phone ?? '',
      organization: contact.organization ?? '',
      createdAt: at,
      updatedAt: at,
      touchedAt: at,
      bouncedHard: 0,
      bouncedSoft: 0,
      bouncedAt: null,
      anonymized: false,
      memberships: new Map(),
      tags: new Map(),
      fieldValues: new Map(),
      bounces: [],
    };
    this.#contacts.set(row.id, row);
    if (email) this.#byAddress.set(email.toLowerCase(), row);
    this.#sorted.push(row);
    return row;
  }

  contact(id: string): ContactRow | undefined {
    return this.#contacts.get(id);
  }

  contactByEmail(email: string): ContactRow | undefined {
    return this.#byAddress.get(email.trim().toLowerCase());
  }

  /** Every contact, ids rising. */
  get contacts(): readonly ContactRow[] {
    return this.#sorted;
  }

  membership(contact: ContactRef, list: string): MembershipRow | undefined {
    return this.#row(contact).memberships.get(list);
  }

  /** Puts a contact on a list with a status, as a form, an import or a user would: the row's past as told, no webhook. */
  join(contact: ContactRef, list: string, status: Status = 1, change: MembershipChange = {}): MembershipRow {
    const row = this.#row(contact);
    const existing = row.memberships.get(list);
    if (existing) {
      existing.status = status;
      return existing;
    }
    const at = change.at ?? this.clock.now();
    const membership: MembershipRow = {
      id: this.#nextId('membership'),
      contact: row.id,
      list,
      status,
      subscribedAt: at,
      unsubscribedAt: status === 2 || status === 3 ? at : null,
      createdAt: at,
      sourceid: change.sourceid ?? 0,
      unsubscribeReason: status === 2 ? (change.reason ?? '') : '',
      campaign: change.campaign ?? null,
      form: change.form ?? null,
      unsubscribeAutomation: null,
    };
    row.memberships.set(list, membership);
    this.list(list).members.set(row.id, membership);
    this.memberships.set(membership.id, membership);
    return membership;
  }

  /** Makes a membership active; the row is made where there is none. Does not refuse somebody who had left. */
  subscribe(contact: ContactRef, list: string, change: MembershipChange = {}): MembershipRow {
    const row = this.#row(contact);
    const at = change.at ?? this.clock.now();
    const existing = row.memberships.get(list);
    const membership = existing ?? this.join(row, list, 1, { sourceid: 3, ...change, at });
    if (existing?.status === 1) return existing;
    membership.status = 1;
    if (existing && this.switches.resubscribeMovesSdate) membership.subscribedAt = at;
    if (change.sourceid !== undefined) membership.sourceid = change.sourceid;
    this.#membershipChanged(row, at);
    this.#tell('subscribe', row, at, change.by, { list });
    return membership;
  }

  /** Makes a membership unsubscribed; a row is made where there is none (unsure: facts section 4). */
  unsubscribe(contact: ContactRef, list: string, change: MembershipChange = {}): MembershipRow {
    const row = this.#row(contact);
    const at = change.at ?? this.clock.now();
    const existing = row.memberships.get(list);
    if (existing?.status === 2) return existing;
    const membership = existing ?? this.join(row, list, 2, { sourceid: 3, at });
    membership.status = 2;
    membership.unsubscribedAt = at;
    membership.unsubscribeReason = change.reason ?? '';
    membership.campaign = change.campaign ?? null;
    if (change.sourceid !== undefined) membership.sourceid = change.sourceid;
    this.#membershipChanged(row, at);
    this.#tell('unsubscribe', row, at, change.by, {
      list,
      ...(change.reason === undefined ? {} : { reason: change.reason }),
      ...(change.campaign === undefined ? {} : { campaign: change.campaign }),
    });
    return membership;
  }

  /** A hard bounce: the counter goes up, memberships that could get mail become bounced, a log row is written. */
  bounceHard(contact: ContactRef, bounce: { reason?: string; campaign?: string; at?: number } = {}): BounceRow {
    return this.#bounce(this.#row(contact), true, bounce);
  }

  /** A soft bounce; the third in a row makes the contact bounced. */
  bounceSoft(contact: ContactRef, bounce: { reason?: string; campaign?: string; at?: number } = {}): BounceRow {
    return this.#bounce(this.#row(contact), false, bounce);
  }

  /** A user makes a bounced contact active again; the counter of hard bounces stays unless it is to be cleared. */
  reactivate(contact: ContactRef, options: { at?: number; clearCounter?: boolean } = {}): void {
    const row = this.#row(contact);
    for (const membership of row.memberships.values()) if (membership.status === 3) membership.status = 1;
    if (options.clearCounter) row.bouncedHard = 0;
    this.#membershipChanged(row, options.at ?? this.clock.now());
  }

  /** The tag with this very name, made where there is none. */
  tagNamed(name: string, details: { description?: string; at?: number } = {}): TagRow {
    const known = this.#tagsByName.get(name);
    if (known) return known;
    const row = {
      id: this.#nextId('tag'),
      name,
      description: details.description ?? '',
      createdAt: details.at ?? this.clock.now(),
    };
    this.tags.set(row.id, row);
    this.#tagsByName.set(name, row);
    return row;
  }

  /** Puts a tag on a contact by its name; moves the contact's `udate` (facts section 5). */
  tag(contact: ContactRef, name: string, details: { at?: number; by?: Actor } = {}): ContactTagRow {
    const row = this.#row(contact);
    const at = details.at ?? this.clock.now();
    const tag = this.tagNamed(name, { at });
    const existing = row.tags.get(tag.id);
    if (existing) return existing;
    const contactTag = { id: this.#nextId('contactTag'), contact: row.id, tag: tag.id, createdAt: at };
    row.tags.set(tag.id, contactTag);
    this.contactTags.set(contactTag.id, contactTag);
    this.#touch(row, at);
    this.#tell('contact_tag_added', row, at, details.by, { tag: name });
    return contactTag;
  }

  untag(contact: ContactRef, name: string, details: { at?: number; by?: Actor } = {}): void {
    const row = this.#row(contact);
    const tag = this.#tagsByName.get(name);
    const contactTag = tag && row.tags.get(tag.id);
    if (!tag || !contactTag) return;
    const at = details.at ?? this.clock.now();
    row.tags.delete(tag.id);
    this.contactTags.delete(contactTag.id);
    this.#touch(row, at);
    this.#tell('contact_tag_removed', row, at, details.by, { tag: name });
  }

  /** Changes a contact's own fields. @throws DuplicateAddress when another contact has the new address. */
  change(
    contact: ContactRef,
    fields: Partial<Pick<ContactRow, 'email' | 'firstName' | 'lastName' | 'phone' | 'organization'>>,
    details: { at?: number; by?: Actor } = {},
  ): ContactRow {
    const row = this.#row(contact);
    const at = details.at ?? this.clock.now();
    if (fields.email !== undefined) this.#readdress(row, fields.email);
    for (const key of ['firstName', 'lastName', 'phone', 'organization'] as const) row[key] = fields[key] ?? row[key];
    this.#touch(row, at);
    this.#tell('update', row, at, details.by, {});
    return row;
  }

  /** Gives a contact another address; id and hash stay. */
  rename(contact: ContactRef, email: string, details: { at?: number; by?: Actor } = {}): ContactRow {
    return this.change(contact, { email }, details);
  }

  setField(contact: ContactRef, field: string, value: string): FieldValueRow {
    const row = this.#row(contact);
    const at = this.clock.now();
    const known = row.fieldValues.get(field);
    const fieldValue = known ?? { id: this.#nextId('fieldValue'), contact: row.id, field, value, createdAt: at };
    fieldValue.value = value;
    row.fieldValues.set(field, fieldValue);
    this.#touch(row, at);
    return fieldValue;
  }

  /** Deletes a contact with all its rows: it is gone from every reply. */
  remove(contact: ContactRef): void {
    const row = this.#row(contact);
    for (const membership of row.memberships.values()) {
      this.memberships.delete(membership.id);
      this.lists.get(membership.list)?.members.delete(row.id);
    }
    for (const tag of row.tags.values()) this.contactTags.delete(tag.id);
    this.#contacts.delete(row.id);
    if (row.email) this.#byAddress.delete(row.email.toLowerCase());
    this.#sorted = this.#sorted.filter((other) => other !== row);
  }

  /** What a request under the GDPR does: the row stays, the person is gone from it. */
  anonymize(contact: ContactRef): void {
    const row = this.#row(contact);
    this.change(row, { email: `deleted+${row.id}@example.com`, firstName: '', lastName: '', phone: '' });
    row.anonymized = true;
  }

  #row(contact: ContactRef): ContactRow {
    const row = typeof contact === 'string' ? this.#contacts.get(contact) : contact;
    if (!row) throw new Error(`no contact ${String(contact)}`);
    return row;
  }

  #readdress(row: ContactRow, email: string): void {
    const owner = email ? this.contactByEmail(email) : undefined;
    if (owner && owner !== row) throw new DuplicateAddress(email);
    if (row.email) this.#byAddress.delete(row.email.toLowerCase());
    row.email = email;
    if (email) this.#byAddress.set(email.toLowerCase(), row);
  }

  #bounce(row: ContactRow, hard: boolean, details: { reason?: string; campaign?: string; at?: number }): BounceRow {
    const at = details.at ?? this.clock.now();
    if (hard) row.bouncedHard += 1;
    else row.bouncedSoft += 1;
    row.bouncedAt = at;
    const bounce: BounceRow = {
      id: this.#nextId('bounce'),
      contact: row.id,
      email: row.email,
      at,
      hard,
      reason: details.reason ?? (hard ? 'User unknown' : 'Mailbox full'),
      code: hard ? '5.1.1' : '4.2.2',
      campaign: details.campaign ?? '1',
    };
    row.bounces.push(bounce);
    if (hard || row.bouncedSoft >= 3) {
      for (const membership of row.memberships.values()) {
        if (membership.status > 1) continue;
        membership.status = 3;
        membership.unsubscribedAt = at;
      }
      this.#membershipChanged(row, at);
    }
    this.#tell('bounce', row, at, 'system', { bounce, campaign: bounce.campaign });
    return bounce;
  }

  #membershipChanged(row: ContactRow, at: number): void {
    if (this.switches.membershipMovesUdate) this.#touch(row, at);
  }

  #touch(row: ContactRow, at: number): void {
    row.updatedAt = Math.max(row.updatedAt, at);
    row.touchedAt = row.updatedAt;
  }

  #tell(
    type: AccountEvent['type'],
    contact: ContactRow,
    at: number,
    by: Actor | undefined,
    rest: Pick<AccountEvent, 'list' | 'reason' | 'campaign' | 'tag' | 'bounce'>,
  ): void {
    if (by === 'import') return;
    const source = by === undefined || by === 'contact' ? 'public' : by;
    for (const listener of this.#listeners) listener({ type, source, at, contact, ...rest });
  }

  #nextId(table: string): string {
    const id = (this.#lastIds.get(table) ?? 0) + 1;
    this.#lastIds.set(table, id);
    return String(id);
  }
}
