import { tagWire } from '../../src/sandbox/activecampaign/account-wire.ts';
import { contactTagWire, contactWire, membershipWire } from '../../src/sandbox/activecampaign/contact-wire.ts';
import type { ContactRow, MembershipRow } from '../../src/sandbox/activecampaign/rows.ts';
import { addressOf, listsOf, membershipId, statusOn, type World } from './people.ts';

/**
 * Pages of `/contacts` in the recorded shape: the sandbox's own rows, made once with marks where the person's values go
 * and then filled in as text, which is many times faster than building and writing objects.
 */

const linker = { base: 'https://acme.api-us1.com/api/3' };
const AT = Date.UTC(2026, 2, 4, 15, 6, 7);
/** Marks that occur nowhere else. The second is divisible by three: such a row is an old one, with zero dates. */
const IDS = ['98765432', '98765433'] as const;
const ADDRESS = 'mark@mark.example';
const MEMBERSHIP = '87654321';
const LIST = '76543';

type Template = readonly string[];

function contactRow(id: string): ContactRow {
  return {
    id,
    email: ADDRESS,
    firstName: 'Josephine',
    lastName: 'Featherstone',
    phone: '+1 415 555 0134',
    organization: 'Featherstone Mills',
    createdAt: AT,
    updatedAt: AT,
    touchedAt: AT,
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
}

function membershipRow(contact: string, status: 1 | 2): MembershipRow {
  return {
    id: MEMBERSHIP,
    contact,
    list: LIST,
    status,
    subscribedAt: AT,
    unsubscribedAt: status === 2 ? AT + 86_400_000 : null,
    createdAt: AT,
    sourceid: 3,
    unsubscribeReason: '',
    campaign: null,
    form: null,
    unsubscribeAutomation: null,
  };
}

/** Text with marks, cut at them: odd pieces are the names of the marks. */
function template(wire: object, contact: string): Template {
  const named: Record<string, string> = { [contact]: 'id', [MEMBERSHIP]: 'membership', [LIST]: 'list' };
  return JSON.stringify(wire)
    .split(new RegExp(`(${contact}|${MEMBERSHIP}|${LIST}|${ADDRESS})`))
    .map((piece, at) => (at % 2 === 0 ? piece : (named[piece] ?? 'email')));
}

function filled(pieces: Template, values: Readonly<Record<string, string>>): string {
  let text = '';
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] ?? '';
    text += at % 2 === 0 ? piece : values[piece];
  }
  return text;
}

const KINDS = IDS.map((id) => ({
  contact: template({ ...contactWire(contactRow(id), linker), contactLists: [], contactTags: [] }, id),
  active: template(membershipWire(membershipRow(id, 1), contactRow(id), 'email', linker), id),
  out: template(membershipWire(membershipRow(id, 2), contactRow(id), 'email', linker), id),
  tag: template(contactTagWire({ id: MEMBERSHIP, contact: id, tag: '1', createdAt: AT }, linker), id),
}));

export const TAG = 'added-to-salesforce-contact';
const TAGS = JSON.stringify([tagWire({ id: '1', name: TAG, description: '', createdAt: AT, carriers: 1 }, linker)]);

/** A page of people, as the API answers `include=contactLists,contactTags.tag`. */
export function contactPage(world: World, people: readonly number[], total: number): string {
  const contacts: string[] = [];
  const memberships: string[] = [];
  const tags: string[] = [];
  for (const person of people) {
    const kind = KINDS[person % 3 === 0 ? 1 : 0];
    if (!kind) continue;
    const id = `${person}`;
    const ids: string[] = [];
    for (const list of listsOf(person)) {
      const membership = membershipId(person, list);
      ids.push(`"${membership}"`);
      const row = statusOn(world, person, list) === 2 ? kind.out : kind.active;
      memberships.push(filled(row, { id, membership, list }));
    }
    const contact = filled(kind.contact, { id, email: addressOf(person) });
    contacts.push(
      contact
        .replace('"contactLists":[]', `"contactLists":[${ids.join()}]`)
        .replace('"contactTags":[]', `"contactTags":["${person}"]`),
    );
    tags.push(filled(kind.tag, { id, membership: id, list: '' }));
  }
  return `{"scoreValues":[],"contacts":[${contacts.join()}],"contactLists":[${memberships.join()}],"contactTags":[${tags.join()}],"tags":${people.length > 0 ? TAGS : '[]'},"meta":{"total":"${total}","page_input":{"segmentid":0,"formid":0,"listid":0,"tagid":0,"limit":100,"offset":0,"search":null,"sort":null,"seriesid":0,"waitid":0,"status":-1,"forceQuery":0,"cacheid":"0"}}}`;
}
