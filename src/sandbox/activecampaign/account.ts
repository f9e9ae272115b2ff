import type { BounceRow, ContactRow, ContactTagRow, FieldValueRow, MembershipRow, Source, Status } from './rows.ts';
import { type ContactRef, Tables } from './tables.ts';

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

/** How a membership changes: by whom, when, and what goes with it. */
export interface MembershipChange {
  readonly by?: Actor;
  readonly at?: number;
  readonly sourceid?: number;
  readonly reason?: string;
  readonly campaign?: string;
  readonly form?: string;
}

/**
 * An ActiveCampaign account: its rows and its rules, without HTTP. Methods that name a contact or a list which is not
 * there throw; the routes look first.
 */
export class Account extends Tables {
  readonly #listeners: ((event: AccountEvent) => void)[] = [];

  /** Calls `listener` at everything that a webhook would tell. */
  onEvent(listener: (event: AccountEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Puts a contact on a list with a status, as a form, an import or a user would: the row's past as told, no webhook. */
  join(contact: ContactRef, list: string, status: Status = 1, change: MembershipChange = {}): MembershipRow {
    const row = this.row(contact);
    const existing = row.memberships.get(list);
    if (existing) {
      existing.status = status;
      return existing;
    }
    const at = change.at ?? this.clock.now();
    const { members } = this.list(list);
    const membership: MembershipRow = {
      id: this.nextId('membership'),
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
    members.set(row.id, membership);
    this.memberships.set(membership.id, membership);
    return membership;
  }

  /** Makes a membership active; the row is made where there is none. Does not refuse somebody who had left. */
  subscribe(contact: ContactRef, list: string, change: MembershipChange = {}): MembershipRow {
    const row = this.row(contact);
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
    const row = this.row(contact);
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
    return this.#bounce(this.row(contact), true, bounce);
  }

  /** A soft bounce; the third in a row makes the contact bounced. */
  bounceSoft(contact: ContactRef, bounce: { reason?: string; campaign?: string; at?: number } = {}): BounceRow {
    return this.#bounce(this.row(contact), false, bounce);
  }

  /** A user makes a bounced contact active again; the counter of hard bounces stays unless it is to be cleared. */
  reactivate(contact: ContactRef, options: { at?: number; clearCounter?: boolean } = {}): void {
    const row = this.row(contact);
    for (const membership of row.memberships.values()) if (membership.status === 3) membership.status = 1;
    if (options.clearCounter) row.bouncedHard = 0;
    this.#membershipChanged(row, options.at ?? this.clock.now());
  }

  /** Puts a tag on a contact by its name; moves the contact's `udate` (facts section 5). */
  tag(contact: ContactRef, name: string, details: { at?: number; by?: Actor } = {}): ContactTagRow {
    const row = this.row(contact);
    const at = details.at ?? this.clock.now();
    const tag = this.tagNamed(name, { at });
    const existing = row.tags.get(tag.id);
    if (existing) return existing;
    const contactTag = { id: this.nextId('contactTag'), contact: row.id, tag: tag.id, createdAt: at };
    tag.carriers++;
    row.tags.set(tag.id, contactTag);
    this.contactTags.set(contactTag.id, contactTag);
    this.#touch(row, at);
    this.#tell('contact_tag_added', row, at, details.by, { tag: name });
    return contactTag;
  }

  untag(contact: ContactRef, name: string, details: { at?: number; by?: Actor } = {}): void {
    const row = this.row(contact);
    const tag = this.tagByName(name);
    const contactTag = tag && row.tags.get(tag.id);
    if (!tag || !contactTag) return;
    const at = details.at ?? this.clock.now();
    tag.carriers--;
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
    const row = this.row(contact);
    const at = details.at ?? this.clock.now();
    if (fields.email !== undefined) this.readdress(row, fields.email);
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
    const row = this.row(contact);
    const at = this.clock.now();
    const known = row.fieldValues.get(field);
    const fieldValue = known ?? { id: this.nextId('fieldValue'), contact: row.id, field, value, createdAt: at };
    fieldValue.value = value;
    row.fieldValues.set(field, fieldValue);
    this.#touch(row, at);
    return fieldValue;
  }

  /** What a request under the GDPR does: the row stays, the person is gone from it. */
  anonymize(contact: ContactRef): void {
    const row = this.row(contact);
    this.change(row, { email: `deleted+${row.id}@example.com`, firstName: '', lastName: '', phone: '' });
    row.anonymized = true;
  }

  #bounce(row: ContactRow, hard: boolean, details: { reason?: string; campaign?: string; at?: number }): BounceRow {
    const at = details.at ?? this.clock.now();
    if (hard) row.bouncedHard += 1;
    else row.bouncedSoft += 1;
    row.bouncedAt = at;
    const bounce: BounceRow = {
      id: this.nextId('bounce'),
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
}
