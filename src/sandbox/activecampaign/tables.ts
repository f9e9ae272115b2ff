import type { Clock } from '../clock.ts';
import type { ContactRow, ContactTagRow, ExclusionRow, ListRow, MembershipRow, TagRow, UserRow } from './rows.ts';
import type { ActiveCampaignSwitches } from './switches.ts';

export interface NewContact {
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  readonly organization?: string;
  /** When, in milliseconds; now unless given. */
  readonly at?: number;
}

/** An address that another contact has: one address is one contact. */
export class DuplicateAddress extends Error {}

/** A contact, or its id. */
export type ContactRef = ContactRow | string;

/** The rows of an account and the ways to find them. What follows from a change is `Account`'s business. */
export class Tables {
  readonly clock: Clock;
  readonly switches: ActiveCampaignSwitches;
  readonly users = new Map<string, UserRow>();
  readonly lists = new Map<string, ListRow>();
  readonly tags = new Map<string, TagRow>();
  /** All rows by their own id, in the order of making. */
  readonly memberships = new Map<string, MembershipRow>();
  readonly contactTags = new Map<string, ContactTagRow>();
  /** Names of campaigns, automations and forms by kind and id: all that is told of them here. */
  readonly names = new Map<string, string>();
  readonly exclusions: ExclusionRow[] = [];
  readonly #contacts = new Map<string, ContactRow>();
  readonly #byAddress = new Map<string, ContactRow>();
  /** Contacts whose address is another one's but for its case. */
  readonly #apart = new Set<ContactRow>();
  readonly #tagsByName = new Map<string, TagRow>();
  readonly #lastIds = new Map<string, number>();
  #sorted: ContactRow[] = [];

  constructor(clock: Clock, switches: ActiveCampaignSwitches) {
    this.clock = clock;
    this.switches = switches;
  }

  addUser(user: Omit<UserRow, 'id'>): UserRow {
    const row = { id: this.nextId('user'), ...user };
    this.users.set(row.id, row);
    return row;
  }

  name(kind: 'campaign' | 'automation' | 'form', id: string, name: string): void {
    this.names.set(`${kind} ${id}`, name);
  }

  addList(list: { name: string; channel?: 'email' | 'sms'; visible?: boolean; at?: number }): ListRow {
    const row: ListRow = {
      id: this.nextId('list'),
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
      id: this.nextId('contact'),
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
      deletedAt: null,
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

  /** Every contact with this address, whatever its case: several where `spellApart` made them so. */
  contactsByEmail(email: string): readonly ContactRow[] {
    const wanted = email.trim().toLowerCase();
    const apart = [...this.#apart].filter((row) => row.email.toLowerCase() === wanted && this.#contacts.has(row.id));
    const first = this.contactByEmail(email);
    return [...(first ? [first] : []), ...apart].sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** Gives a contact an address that differs from another's in case only: no published fact says that none may be so. */
  spellApart(contact: ContactRef, email: string): ContactRow {
    const row = this.row(contact);
    this.#forgetAddress(row);
    row.email = email;
    this.#apart.add(row);
    return row;
  }

  /** Every contact, ids rising. */
  get contacts(): readonly ContactRow[] {
    return this.#sorted;
  }

  membership(contact: ContactRef, list: string): MembershipRow | undefined {
    return this.row(contact).memberships.get(list);
  }

  tagByName(name: string): TagRow | undefined {
    return this.#tagsByName.get(name);
  }

  /** The tag with this very name, made where there is none. */
  tagNamed(name: string, details: { description?: string; at?: number } = {}): TagRow {
    const known = this.#tagsByName.get(name);
    if (known) return known;
    const row = {
      id: this.nextId('tag'),
      name,
      description: details.description ?? '',
      createdAt: details.at ?? this.clock.now(),
      carriers: 0,
    };
    this.tags.set(row.id, row);
    this.#tagsByName.set(name, row);
    return row;
  }

  /** Flags a contact as deleted: its row is still shown, and its address is free for another one. */
  bin(contact: ContactRef, at = this.clock.now()): void {
    const row = this.row(contact);
    row.deletedAt = at;
    this.#forgetAddress(row);
  }

  /** Puts an address, or the end of addresses, on the exclusion list: of all e-mail, or of some lists. */
  exclude(matchPhrase: string, on: { matchType?: 'exact' | 'end'; lists?: readonly string[] } = {}): ExclusionRow {
    const { matchType = 'exact', lists = [] } = on;
    const channel = lists.length > 0 ? 'several' : 'allEmail';
    const row = { id: this.nextId('exclusion'), matchPhrase, matchType, channel, hidden: false, lists } as const;
    this.exclusions.push(row);
    return row;
  }

  /** Whether an address is excluded from all e-mail, or from a list. */
  isExcluded(email: string, list?: string): boolean {
    const address = email.trim().toLowerCase();
    return this.exclusions.some(({ matchPhrase, matchType, channel, lists }) => {
      const phrase = matchPhrase.toLowerCase();
      const fits = matchType === 'exact' ? address === phrase : address.endsWith(phrase);
      return fits && (channel === 'several' ? list !== undefined && lists.includes(list) : channel !== 'allSms');
    });
  }

  /** Deletes a contact with all its rows: it is gone from every reply. */
  remove(contact: ContactRef): void {
    const row = this.row(contact);
    for (const membership of row.memberships.values()) {
      this.memberships.delete(membership.id);
      this.lists.get(membership.list)?.members.delete(row.id);
    }
    for (const { id, tag } of row.tags.values()) {
      this.contactTags.delete(id);
      const carried = this.tags.get(tag);
      if (carried) carried.carriers--;
    }
    this.#contacts.delete(row.id);
    this.#forgetAddress(row);
    this.#sorted = this.#sorted.filter((other) => other !== row);
  }

  protected row(contact: ContactRef): ContactRow {
    const row = typeof contact === 'string' ? this.#contacts.get(contact) : contact;
    if (!row) throw new Error(`no contact ${String(contact)}`);
    return row;
  }

  /** @throws DuplicateAddress when another contact has the address. */
  protected readdress(row: ContactRow, email: string): void {
    const owner = email ? this.contactByEmail(email) : undefined;
    if (owner && owner !== row) throw new DuplicateAddress(email);
    if (row.email) this.#byAddress.delete(row.email.toLowerCase());
    row.email = email;
    if (email) this.#byAddress.set(email.toLowerCase(), row);
  }

  /** The address may be another contact's by now, where the row is flagged as deleted. */
  #forgetAddress(row: ContactRow): void {
    if (row.email && this.contactByEmail(row.email) === row) this.#byAddress.delete(row.email.toLowerCase());
  }

  protected nextId(table: string): string {
    const id = (this.#lastIds.get(table) ?? 0) + 1;
    this.#lastIds.set(table, id);
    return String(id);
  }
}
