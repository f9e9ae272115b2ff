import type { Agreement } from '../../src/consent/agreement.ts';
import type { Membership } from '../../src/consent/facts.ts';
import { acStanding, bouncedAt } from '../../src/consent/standing.ts';
import { FORM, IMPORT, type Intended, LISTS, type ModelRecord, QUALIFYING, type World } from './world.ts';

/**
 * A world as a short string that is the same for worlds that differ only in names and in how much time passed: ids are
 * told apart by what they stand for, times by their order, and the two lists may change places. `unpack` makes a world
 * of it again, so that the search keeps strings and no worlds.
 */

type Order = readonly string[];
const ORDERS: readonly Order[] = [LISTS, [...LISTS].reverse()];

export function pack(world: World): string {
  return packWith(world, () => '');
}

/** The same, with more to be said of each record. */
export function packWith(world: World, more: (record: ModelRecord) => string): string {
  const ac = ranksOf([
    ...(world.contact?.memberships ?? []).flatMap((row) => [row.subscribedAt, row.unsubscribedAt]),
    world.agreement?.kind === 'out' ? world.agreement.at.activecampaign : null,
    bounceOf(world.agreement),
  ]);
  const shared = [records(world, more), said(world)].join('/');
  const [one, other] = ORDERS.map((order) => `${shared}/${inOrder(world, order, ac)}`);
  return one! < other! ? one! : other!;
}

type Ranks = (time: number | null) => string;

function ranksOf(times: readonly (number | null)[]): Ranks {
  const known = [...new Set(times.filter((time) => time !== null))].sort((a, b) => a - b);
  return (time) => (time === null ? '-' : (known.indexOf(time) + 1).toString(36));
}

const flag = (value: boolean, letter: string) => (value ? letter : '.');

/** Whether a record can still matter: live, or in the bin and, should it come back, not the same as a new one. */
export function counts(world: World, record: ModelRecord): boolean {
  const agreed = world.agreement?.kind === 'out' && world.agreement.records.includes(record.id);
  return record.state === 'live' || record.set || agreed;
}

function records(world: World, more: (record: ModelRecord) => string): string {
  const out = world.agreement?.kind === 'out' ? world.agreement : null;
  const agreed = out?.records ?? [];
  // When a box changed is only ever compared with the agreement to be out.
  const touched = ({ changedAt }: ModelRecord) => changedAt !== null && changedAt > (out?.at.salesforce ?? changedAt);
  const of = (record: ModelRecord) => {
    const vanished = world.vanished.find(({ id }) => id === record.id);
    return [
      flag(record.state === 'live', 'L'),
      flag(record.set, 's'),
      flag(agreed.includes(record.id), 'a'),
      vanished ? `${flag(vanished.noted, 'n')}v` : '..',
      intendedFor(world, record),
      flag(world.said.no && (record.byHand || vanished?.byHand === true), 'h'),
      flag(touched(record), 't'),
      stampIn(world, record),
      more(record),
    ].join('');
  };
  const known = world.records
    .filter((record) => counts(world, record))
    .map(of)
    .sort();
  const ids = new Set(world.records.map((record) => record.id));
  const lost = agreed.some((id) => !ids.has(id));
  const vanishedForGood = world.vanished.some(({ id }) => !ids.has(id));
  const extra = vanishedForGood ? (vanishedUnknown(world, agreed) ? ',*w' : ',*v') : '';
  const byHand = world.said.no && world.vanished.some((one) => one.byHand && !ids.has(one.id));
  return `${known.join(',')}${lost ? ',*a' : ''}${extra}${flag(byHand, 'h')}`;
}

/** Whether a run that was cut off was to set the box for a bounce, and whether it did. */
function intendedFor({ intention }: World, record: ModelRecord): string {
  if (!intention?.bounce?.set.includes(record.id)) return '.';
  return record.set && record.byUs ? 'u' : 'i';
}

/** Whether the record has changed since a run that was to clear boxes was cut off. */
function stampIn({ intention }: World, { id, modifiedAt }: ModelRecord): string {
  const then = intention?.stamps?.[id];
  return then === undefined ? '.' : then === modifiedAt ? 'k' : 'm';
}

/** Whether a vanished record that is out of the bin was none of the agreement's. */
function vanishedUnknown(world: World, agreed: readonly string[]): boolean {
  const ids = new Set(world.records.map((record) => record.id));
  return world.vanished.some(({ id }) => !ids.has(id) && !agreed.includes(id));
}

function said({ said, history, sourcesNamed }: World): string {
  return [
    flag(said.no, 'n'),
    flag(said.known, 'k'),
    flag(said.joined, 'j'),
    flag(said.joinedAfterNo, 'a'),
    flag(said.cleared, 'c'),
    flag(said.clearedOne, 'o'),
    flag(said.mailedSince, 'm'),
    flag(history, 'h'),
    flag(sourcesNamed, 's'),
  ].join('');
}

function inOrder(world: World, order: Order, ac: Ranks): string {
  const { contact, agreement } = world;
  const rows = order.map((list) => {
    const row = contact?.memberships.find((one) => one.list === list);
    return `${world.shown.includes(list) ? 's' : 'h'}${row ? `${row.status}${ac(row.subscribedAt)}${ac(row.unsubscribedAt)}${flag(world.sourcesNamed && row.source === IMPORT, 'i')}` : ''}`;
  });
  const person = contact ? `${contact.bouncedHard}${contact.tags.length > 0 ? 'q' : 'u'}` : '';
  const left = order.map((list) => flag(world.said.left === list, 'l')).join('');
  return [left, person, ...rows, agreed(agreement, world, order, ac), intended(world, order)].join('/');
}

function agreed(agreement: Agreement | null, world: World, order: Order, ac: Ranks): string {
  if (agreement === null) return '';
  const seen = fingerprint(agreement.fingerprint, world, order);
  if (agreement.kind === 'quiet') return `q;${seen}`;
  const { contact } = agreement;
  return [
    agreement.cause === 'bounce' ? 'b' : 'o',
    seen,
    contact === null ? 'n' : contact === world.contact?.id ? '=' : 'x',
    order.map((list) => flag(agreement.lists.includes(list), 'k')).join(''),
    ac(agreement.at.activecampaign),
    seen === FORGONE ? ac(bounceOf(agreement)) : '',
  ].join(';');
}

/** When mail bounced: it matters beside what was said on a list that was out of sight when the agreement was made. */
function bounceOf(agreement: Agreement | null): number | null {
  if (agreement?.kind !== 'out' || agreement.cause !== 'bounce' || agreement.lists.length === LISTS.length) return null;
  return bouncedAt(agreement.fingerprint);
}

function intended(world: World, order: Order): string {
  const bounce = world.intention?.bounce;
  return bounce ? `i${fingerprint(bounce.fingerprint, world, order)}` : '';
}

/**
 * A stamp or a row that is gone never comes back: what is left of a fingerprint is its count of bounces and the status of
 * each row that still has the same stamps. One with another `sdate` alone may yet be unconfirmed; when it bounced stands in it.
 */
function fingerprint(text: string | null, world: World, order: Order): string {
  if (text === null) return 'n';
  const [bounces, ...tokens] = text.split(' ');
  if (bounces === FORGONE) return FORGONE;
  const rows = world.contact?.memberships ?? [];
  const kept = new Map<string, string>();
  for (const token of tokens) {
    const [id, status, subscribedAt, unsubscribedAt] = token.split('.');
    const row = rows.find((one) => one.id === id);
    const alone = row && { id: '', bouncedHard: 0, tags: [], memberships: [{ ...row, status: Number(status) }] };
    const now = alone && acStanding(alone, ALL).fingerprint?.split('.');
    if (!row || now?.[3] !== unsubscribedAt) return FORGONE;
    kept.set(row.list, now?.[2] === subscribedAt ? status! : status === '3' ? BOUNCED_SINCE : SINCE);
  }
  return `${bounces}${order.map((list) => kept.get(list) ?? '.').join('')}`;
}

/** A fingerprint that nothing can equal any more, and a row of one that was joined since, or that had bounced and was. */
const [FORGONE, SINCE, BOUNCED_SINCE] = ['x', '~', '^'];
const ALL = { lists: new Set(LISTS), qualifyingTags: [] };

/** The times of an agreement, and of a box that was touched since, by Salesforce's clock. */
const AGREED = 1000;
const TOUCHED = 2000;

/** A world for a packed string. Its names are its own; packed again it gives the same string. */
export function unpack(packed: string): World {
  const [recordList, saidFlags, left, person, row1, row2, agreement, intention] = packed.split('/') as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const history = saidFlags.includes('h');
  const rows = [row1, row2];
  let last = TOUCHED / 1000;
  const time = (rank: string | undefined) => {
    if (rank === undefined || rank === '-' || rank === '') return null;
    const second = Number.parseInt(rank, 36);
    last = Math.max(last, second);
    return second * 1000;
  };
  const memberships = rows.flatMap((row, index): Membership[] =>
    row.length > 1
      ? [
          {
            id: `m-${index}`,
            list: LISTS[index]!,
            status: Number(row[1]),
            subscribedAt: time(row[2]),
            unsubscribedAt: time(row[3]),
            source: row[4] === 'i' ? IMPORT : FORM,
          },
        ]
      : [],
  );
  const contact = person && {
    id: 'c-now',
    bouncedHard: Number.parseInt(person, 10),
    tags: person.endsWith('q') ? [QUALIFYING] : [],
    memberships,
  };
  const agreedIds: string[] = [];
  const intendedIds: string[] = [];
  const stamps: Record<string, number> = {};
  const vanished: World['vanished'] = [];
  const made: ModelRecord[] = [];
  for (const [index, text] of recordList.split(',').entries()) {
    if (text === '' || text === '.' || text === 'h') continue;
    const id = `r-${index}`;
    if (text[0] === '*') {
      if (text[1] === 'a') agreedIds.push(id);
      else vanished.push({ id: text[1] === 'w' ? id : 'r-lost', noted: true, byHand: recordList.endsWith('h') });
      continue;
    }
    made.push({
      id,
      state: text[0] === 'L' ? 'live' : 'gone',
      set: text[1] === 's',
      byHand: text[6] === 'h',
      changedAt: text[7] === 't' ? TOUCHED : null,
      modifiedAt: text[8] === 'm' ? TOUCHED : AGREED,
      byUs: text[5] === 'u',
    });
    if (text[2] === 'a') agreedIds.push(id);
    if (text[4] === 'v') vanished.push({ id, noted: text[3] === 'n', byHand: text[6] === 'h' });
    if (text[5] !== '.') intendedIds.push(id);
    if (text[8] !== '.') stamps[id] = AGREED;
  }
  if (vanished.some(({ id }) => id === 'r-lost')) agreedIds.push('r-lost');
  const seen = (text: string) => {
    if (text === 'n') return null;
    if (text === FORGONE) return FORGONE;
    const then = text.slice(-2);
    const kept = memberships.flatMap((row) => {
      const status = then[LISTS.indexOf(row.list)]!;
      if (status === SINCE || status === BOUNCED_SINCE)
        return [{ ...row, status: status === SINCE ? 0 : 3, subscribedAt: 0 }];
      return status === '.' ? [] : [{ ...row, status: Number(status) }];
    });
    const bouncedHard = Number(text.slice(1, -2));
    return acStanding({ id: '', bouncedHard, tags: [], memberships: kept }, ALL).fingerprint;
  };
  const agreementOf = (): Agreement | null => {
    if (agreement === '') return null;
    const [kind, print, whose, lists, acAt, bounce] = agreement.split(';') as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (kind === 'q') return { kind: 'quiet', fingerprint: seen(print) };
    const activecampaign = time(acAt);
    const bounced = time(bounce);
    return {
      kind: 'out',
      cause: kind === 'b' ? 'bounce' : 'opt-out',
      records: agreedIds.sort(),
      contact: whose === 'n' ? null : whose === '=' ? 'c-now' : 'c-then',
      fingerprint: bounced === null ? seen(print) : `${FORGONE} m.3..${(bounced / 1000).toString(36)}`,
      lists: LISTS.filter((_, index) => lists[index] === 'k'),
      at: { salesforce: AGREED, activecampaign },
    };
  };
  const remembered = agreementOf();
  return {
    second: last + 1,
    next: 1,
    history,
    sourcesNamed: saidFlags.includes('s'),
    records: made,
    vanished,
    contact: contact || null,
    shown: LISTS.filter((_, index) => rows[index]![0] === 's'),
    agreement: remembered,
    intention: intendedOf(
      intention ? { set: intendedIds, fingerprint: seen(intention.slice(1)) } : null,
      Object.keys(stamps).length > 0 ? stamps : null,
    ),
    said: {
      no: saidFlags.includes('n'),
      left: LISTS[left.indexOf('l')] ?? null,
      known: saidFlags.includes('k'),
      joined: saidFlags.includes('j'),
      joinedAfterNo: saidFlags.includes('a'),
      cleared: saidFlags.includes('c'),
      clearedOne: saidFlags.includes('o'),
      mailedSince: saidFlags.includes('m'),
    },
    personSubscribed: {},
  };
}

function intendedOf(bounce: Intended['bounce'], stamps: Intended['stamps']): Intended | null {
  return bounce || stamps ? { bounce, stamps } : null;
}

/** A copy that can go its own way. Rows, agreements and intentions are never changed in place, so they are shared. */
export function copyOf(world: World): World {
  const { contact } = world;
  return {
    ...world,
    records: world.records.map((record) => ({ ...record })),
    vanished: world.vanished.map((one) => ({ ...one })),
    contact: contact && { ...contact },
    said: { ...world.said },
    personSubscribed: { ...world.personSubscribed },
  };
}
