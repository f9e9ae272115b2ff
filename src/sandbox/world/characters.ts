import { TITLES } from './names.ts';
import type { ListName, Person, PlannedContact, PlannedMembership, PlannedRecord } from './world.ts';

const day = (text: string): number => Date.parse(`${text}T15:00:00Z`);

const record = (type: 'Contact' | 'Lead', email: string | null, said: Partial<PlannedRecord> = {}): PlannedRecord => ({
  type,
  email,
  optedOut: false,
  createdAt: day('2024-02-05'),
  ...said,
});

const on = (list: ListName): PlannedMembership => ({ list, status: 1, joinedAt: day('2024-02-06') });

const left = (list: ListName, reason = ''): PlannedMembership => ({
  list,
  status: 2,
  joinedAt: day('2024-02-06'),
  leftAt: day('2025-04-09'),
  reason,
  campaign: '7',
});

const contact = (
  email: string,
  memberships: readonly PlannedMembership[],
  said: Partial<PlannedContact> = {},
): PlannedContact => ({
  email,
  createdAt: day('2024-02-06'),
  memberships,
  tags: ['added-to-salesforce-contact'],
  bounces: [],
  ...said,
});

const person = (
  character: string,
  name: string,
  records: readonly PlannedRecord[],
  ac: PlannedContact | null,
): Person => {
  const [firstName = '', lastName = ''] = name.split(' ');
  return {
    character,
    firstName,
    lastName,
    company: 'Harbour Mill',
    // From the name, so that nobody's changes when somebody is added.
    title: TITLES[name.charCodeAt(0) % TITLES.length] ?? '',
    phone: `+1 415 555 01${name.charCodeAt(0) % 100}`,
    records,
    contact: ac,
  };
};

const optedOut = { optedOut: true, optedOutAt: day('2025-03-03') };

/**
 * Fixed people, the same in every world, whom tests and the demo count on. The comment says what a first night does
 * with each.
 */
export const CHARACTERS: readonly Person[] = [
  // In on both sides, on two of three lists; a Contact and a Lead whose address is typed otherwise. Nothing to do.
  person(
    'ann',
    'Ann Lee',
    [record('Contact', 'ann.lee@example.com'), record('Lead', 'Ann.Lee@Example.com')],
    contact('ann.lee@example.com', [on('Newsletter'), left('Product news', 'Too many emails'), on('Events')]),
  ),
  // Left every list by herself; the box is clear: `unsubscribed-from-all`.
  person(
    'ben',
    'Ben Ortiz',
    [record('Contact', 'ben.ortiz@example.com')],
    contact('ben.ortiz@example.com', [left('Newsletter', 'Not relevant for my work any more'), left('Events')]),
  ),
  // The box is set, ActiveCampaign still mails: `salesforce-opt-out`.
  person(
    'cleo',
    'Cleo Marsh',
    [record('Contact', 'cleo.marsh@example.org', optedOut)],
    contact('Cleo.Marsh@example.org', [on('Newsletter'), on('Customer updates')]),
  ),
  // Mail to him came back for good; the box is clear: `hard-bounce`.
  person(
    'dan',
    'Dan Hooper',
    [record('Contact', 'dan.hooper@example.com')],
    contact('dan.hooper@example.com', [on('Newsletter'), on('Product news')], {
      bounces: [{ hard: true, at: day('2025-05-12'), reason: '550 5.1.1 User unknown' }],
    }),
  ),
  // In Salesforce only. Nothing to do.
  person('eva', 'Eva Lind', [record('Contact', 'eva.lind@example.net')], null),
  // A Contact without an address. Nothing to do.
  person('finn', 'Finn Archer', [record('Contact', null)], null),
  // Two Contacts with one address, the box set on one; not active in ActiveCampaign: `same-address`.
  person(
    'gwen',
    'Gwen Sato',
    [record('Contact', 'gwen.sato@example.com', optedOut), record('Contact', 'Gwen.Sato@example.com')],
    contact('gwen.sato@example.com', [left('Newsletter')]),
  ),
  // Out on both sides: `agreed`.
  person(
    'hugo',
    'Hugo Brand',
    [record('Contact', 'hugo.brand@example.org', optedOut)],
    contact('hugo.brand@example.org', [left('Newsletter'), left('Events')]),
  ),
  // Left every list, but does not carry a tag that says he is Salesforce's: nothing is done, `not-qualified`.
  person(
    'iris',
    'Iris Kaya',
    [record('Contact', 'iris.kaya@example.com')],
    contact('iris.kaya@example.com', [left('Newsletter')], { tags: [] }),
  ),
  // A Lead, in on both sides. Nothing to do.
  person(
    'jack',
    'Jack Moss',
    [record('Lead', 'jack.moss@example.com')],
    contact('jack.moss@example.com', [on('Newsletter'), on('Product news'), on('Events'), on('Customer updates')], {
      tags: ['added-to-salesforce-lead'],
    }),
  ),
  // Never confirmed: neither in nor out. Nothing to do.
  person(
    'kim',
    'Kim Falk',
    [record('Contact', 'kim.falk@example.com')],
    contact('kim.falk@example.com', [{ list: 'Newsletter', status: 0, joinedAt: day('2024-02-06') }]),
  ),
  // A Lead that became the Contact; the converted Lead still shows the address. Nothing to do.
  person(
    'leo',
    'Leo Grant',
    [
      record('Contact', 'leo.grant@example.com', { createdAt: day('2024-06-03') }),
      record('Lead', 'leo.grant@example.com', { fate: { kind: 'converted', at: day('2024-06-03') } }),
    ],
    contact('leo.grant@example.com', [on('Product news')], { tags: ['salesforce-lead-converted-to-contact'] }),
  ),
  // Left every e-mail list and still gets texts, which do not count: `unsubscribed-from-all`.
  person(
    'mia',
    'Mia Torp',
    [record('Contact', 'mia.torp@example.com')],
    contact('mia.torp@example.com', [left('Newsletter'), on('Text alerts')]),
  ),
  // In ActiveCampaign only. Nothing to do.
  person('nora', 'Nora Blake', [], contact('nora.blake@example.org', [on('Newsletter')], { tags: [] })),
];
