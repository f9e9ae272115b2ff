import type { About, ListLine, Names, Problem, RecordLine, Status } from '../../src/extension/messages.ts';

/** The moment at which the fixed statuses are looked at: 21 Nov 2026, 14:02 UTC. */
export const NOW = Date.UTC(2026, 10, 21, 14, 2);
export const RECORD = '003000000000001AAA';

const at = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();

const list = (
  id: string,
  name: string,
  status: ListLine['status'],
  since: string | null,
  reason: string | null = null,
  via: ListLine['via'] = null,
) => ({ list: id, name, status, since, reason, via }) satisfies ListLine;
const contact = (optedOut: boolean): RecordLine => ({
  id: RECORD,
  object: 'Contact',
  name: 'Ann Lee',
  company: 'Acme',
  optedOut,
});
const lead = (optedOut: boolean): RecordLine => ({
  id: '00Q000000000002AAA',
  object: 'Lead',
  name: 'Ann Lee',
  company: 'Acme GmbH',
  optedOut,
});

const busy: Problem = {
  service: 'activecampaign',
  kind: 'rate-limited',
  words: 'You have exceeded the rate limit of this account.',
  retryAt: at(8_000),
};

const known: Status = {
  record: RECORD,
  state: 'subscribed',
  name: 'Ann Lee',
  address: 'ann.lee@example.com',
  optedOut: false,
  lists: [
    list('1', 'Newsletter', 'active', '2025-01-12T09:00:00Z', null, { kind: 'form', id: '2' }),
    list('2', 'Product news', 'active', '2025-02-02T09:00:00Z'),
    list('3', 'Events', 'unsubscribed', '2026-03-03T09:00:00Z', 'too many', { kind: 'campaign', id: '7' }),
  ],
  records: [contact(false), lead(false)],
  activeCampaignUrl: 'https://acme.activehosted.com/app/contacts/42',
  readAt: at(-3_000),
  pending: null,
  problem: null,
};

const nothing: Status = {
  ...known,
  state: 'loading',
  name: null,
  address: null,
  lists: [],
  records: [],
  activeCampaignUrl: null,
  readAt: null,
};

const unsubscribed = known.lists.map((line) => ({
  ...line,
  via: line.status === 'active' ? null : line.via,
  status: 'unsubscribed' as const,
  since: line.status === 'active' ? at(-60_000) : line.since,
}));

/** One status for every state of the overlay, and for the states with more than one look, one for each. */
export const STATUSES = {
  loading: nothing,
  subscribed: known,
  'opted-out': {
    ...known,
    state: 'opted-out',
    optedOut: true,
    lists: unsubscribed,
    records: [contact(true), lead(true)],
  },
  differs: { ...known, state: 'differs', optedOut: true, lists: known.lists.slice(0, 2), records: [contact(true)] },
  'differs-part': { ...known, state: 'differs', optedOut: true, records: [contact(true), lead(false)] },
  'differs-activecampaign': { ...known, state: 'differs', optedOut: true, lists: unsubscribed },
  pending: {
    ...known,
    state: 'pending',
    optedOut: true,
    records: [contact(true), lead(true)],
    pending: {
      wish: 'opt-out',
      since: at(-50_000),
      attempt: 2,
      retryAt: at(40_000),
      salesforce: 'done',
      activecampaign: 'waiting',
      problem: busy,
    },
  },
  'not-in-activecampaign': {
    ...known,
    state: 'not-in-activecampaign',
    unseen: ['Lead'],
    lists: [],
    activeCampaignUrl: null,
    records: [contact(false)],
  },
  'not-in-activecampaign-out': {
    ...known,
    state: 'not-in-activecampaign',
    optedOut: true,
    lists: [],
    activeCampaignUrl: null,
    records: [contact(true)],
  },
  'no-email': { ...nothing, state: 'no-email', name: 'Ann Lee', readAt: at(-3_000) },
  'signed-out': { ...nothing, state: 'signed-out' },
  unavailable: { ...nothing, state: 'unavailable', problem: busy },
  'unavailable-known': { ...nothing, state: 'unavailable', name: known.name, address: known.address, problem: busy },
  'not-configured': {
    ...nothing,
    state: 'unavailable',
    problem: {
      service: 'activecampaign',
      kind: 'not-configured',
      words: '',
      own: 'account',
      retryAt: null,
    },
  },
  'no-right': {
    ...nothing,
    state: 'unavailable',
    problem: {
      service: 'salesforce',
      kind: 'rejected',
      code: 'INVALID_FIELD',
      words: "No such column 'HasOptedOutOfEmail' on entity 'Contact'.",
      retryAt: null,
    },
  },
  'key-without-right': {
    ...nothing,
    state: 'unavailable',
    problem: {
      service: 'activecampaign',
      kind: 'forbidden',
      words: 'You do not have permission to view lists.',
      retryAt: null,
    },
  },
  withdrawn: {
    ...nothing,
    state: 'unavailable',
    problem: {
      service: 'activecampaign',
      kind: 'withdrawn',
      words: '',
      retryAt: null,
    },
  },
  'other-org': {
    ...nothing,
    state: 'unavailable',
    problem: { service: 'salesforce', kind: 'other-org', words: '', retryAt: null },
  },
  'pending-refused': {
    ...known,
    state: 'pending',
    optedOut: true,
    lists: unsubscribed,
    pending: {
      wish: 'opt-out',
      since: at(-300_000),
      attempt: 3,
      retryAt: at(1_500_000),
      salesforce: 'waiting',
      activecampaign: 'done',
      problem: {
        service: 'salesforce',
        kind: 'rejected',
        code: 'INVALID_FIELD_FOR_INSERT_UPDATE',
        words: 'Unable to create/update fields: HasOptedOutOfEmail.',
        retryAt: at(1_500_000),
      },
    },
  },
  stale: {
    ...known,
    problem: { service: 'salesforce', kind: 'unreachable', words: '', retryAt: at(30_000) },
  },
  long: {
    ...known,
    name: 'Wolfeschlegelsteinhausenbergerdorff Maximiliane von und zu Hohenzollern-Sigmaringen',
    address: 'maximiliane.wolfeschlegelsteinhausenbergerdorff@marketing.example.com',
    lists: Array.from({ length: 12 }, (_, n) =>
      list(`${n}`, `A list with quite a long name, number ${n + 1}`, n % 3 ? 'active' : 'bounced', known.readAt),
    ),
    twins: ['maximiliane', 'Maximiliane'].map((name, n) => ({
      email: `${name}.wolfeschlegelsteinhausenbergerdorff@marketing.example.com`,
      url: `https://acme.activehosted.com/app/contacts/4${n + 2}`,
    })),
  },
} as const satisfies Readonly<Record<string, Status>>;

/** What the things are called that led to memberships. */
export const NAMES: Names = { 'campaign 7': 'Spring offer', 'form 2': 'Website footer' };

/** What the panel is told beyond a status. */
export const ABOUT = {
  nothing: {
    record: RECORD,
    act: null,
    undo: null,
    bounce: null,
    boxes: [],
    tags: null,
    optIn: true,
    preferenceLink: null,
  },
  clicked: {
    record: RECORD,
    act: { wish: 'opt-out', at: at(-120_000), list: null, ended: null, stands: true, changed: ['1', '2', RECORD] },
    undo: 'act-1',
    bounce: null,
    boxes: [{ record: RECORD, by: 'Kim Park', at: at(-119_000) }],
    tags: ['added-to-salesforce-contact'],
    optIn: true,
    preferenceLink: 'https://acme.example/preferences',
  },
  left: {
    record: RECORD,
    act: {
      wish: 'unsubscribe',
      at: at(-120_000),
      list: '1',
      ended: null,
      stands: true,
      changed: ['1'],
      unlogged: {
        service: 'salesforce',
        kind: 'rejected',
        code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
        words: 'A task needs a project.',
        retryAt: at(1_500_000),
      },
    },
    undo: 'act-2',
    bounce: null,
    boxes: [],
    tags: null,
    optIn: true,
    preferenceLink: 'https://acme.example/preferences',
  },
  changed: {
    record: RECORD,
    act: { wish: 'undo', at: at(-60_000), list: null, ended: 'changed', stands: false, changed: [] },
    undo: null,
    bounce: null,
    boxes: [{ record: '00Q000000000002AAA', by: 'Sam Roe', at: '2025-03-03T09:00:00Z' }],
    tags: [],
    optIn: true,
    preferenceLink: 'https://acme.example/preferences',
  },
  bounced: {
    record: RECORD,
    act: null,
    undo: null,
    bounce: { at: '2026-05-12T15:00:00Z', words: '550 5.1.1 User unknown' },
    boxes: [],
    tags: null,
    optIn: true,
    preferenceLink: 'https://acme.example/preferences',
  },
  forbidden: {
    record: RECORD,
    act: null,
    undo: null,
    bounce: null,
    boxes: [],
    tags: null,
    optIn: false,
    preferenceLink: null,
  },
} as const satisfies Readonly<Record<string, About>>;
