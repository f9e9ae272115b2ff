import { DEFAULT_QUALIFYING_TAGS } from '../../src/consent/facts.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** One thing that OptBridge may change: the box of a live record, or a contact's membership of a list. */
export interface Spot {
  /** The person's address in lower case; empty for a record without one. */
  readonly address: string;
  readonly side: 'salesforce' | 'activecampaign';
  /** `Contact 003…`, or the list's name. */
  readonly name: string;
  readonly value: 'clear' | 'set' | (typeof STATUSES)[number];
}

/** Everything that OptBridge may change, as it stands in the sandbox itself; by record id or membership id. */
export type Picture = ReadonlyMap<string, Spot>;

export interface Change {
  readonly spot: Spot;
  /** Undefined: there was no such row. */
  readonly was: Spot['value'] | undefined;
}

/** How many people the two systems disagree about. */
export interface Backlog {
  /** The box is set, and ActiveCampaign still mails. */
  readonly stillMailed: number;
  /** The box is set on one record and not on another with the same address. */
  readonly halfSet: number;
  /** Out in ActiveCampaign and marked there as Salesforce's, and the box is clear. */
  readonly notTold: number;
  /** The same without that mark: nobody asked OptBridge to act for them. */
  readonly notMarked: number;
}

const STATUSES = ['unconfirmed', 'active', 'unsubscribed', 'bounced'] as const;

export function pictureOf({ org, account }: Sandbox): Picture {
  const picture = new Map<string, Spot>();
  for (const type of ['Contact', 'Lead'])
    for (const row of org.all(type)) {
      if (row.IsConverted === true) continue;
      picture.set(String(row.Id), {
        address: String(row.Email ?? '').toLowerCase(),
        side: 'salesforce',
        name: `${type} ${row.Id}`,
        value: row.HasOptedOutOfEmail === true ? 'set' : 'clear',
      });
    }
  for (const contact of account.contacts)
    for (const { id, list, status } of contact.memberships.values())
      picture.set(`membership ${id}`, {
        address: contact.email.toLowerCase(),
        side: 'activecampaign',
        name: account.list(list).name,
        value: STATUSES[status],
      });
  return picture;
}

/** What is otherwise than before. */
export function changesBetween(before: Picture, after: Picture): readonly Change[] {
  return [...after]
    .map(([key, spot]) => ({ spot, was: before.get(key)?.value }))
    .filter(({ spot, was }) => spot.value !== was);
}

/** Whether a change takes somebody out; anything else would be OptBridge opting somebody in, or worse. */
export function isOptOut({ spot, was }: Change): boolean {
  return spot.side === 'salesforce'
    ? was === 'clear' && spot.value === 'set'
    : was === 'active' && spot.value === 'unsubscribed';
}

export function backlogOf({ org, account }: Sandbox): Backlog {
  const boxes = new Map<string, boolean[]>();
  for (const row of [...org.all('Contact'), ...org.all('Lead')]) {
    if (row.IsConverted === true || !row.Email) continue;
    const address = String(row.Email).toLowerCase();
    boxes.set(address, [...(boxes.get(address) ?? []), row.HasOptedOutOfEmail === true]);
  }
  const backlog = { stillMailed: 0, halfSet: 0, notTold: 0, notMarked: 0 };
  for (const [address, set] of boxes) {
    const contact = account.contactByEmail(address);
    const rows = [...(contact?.memberships.values() ?? [])].filter(
      ({ list }) => account.list(list).channel === 'email',
    );
    const active = rows.some(({ status }) => status === 1);
    const gone = rows.some(({ status }) => status === 2) || (contact?.bouncedHard ?? 0) > 0;
    if (set.includes(true) && active) backlog.stillMailed += 1;
    else if (set.includes(true) && set.includes(false)) backlog.halfSet += 1;
    else if (!set.includes(true) && !active && gone) {
      const tags = [...(contact?.tags.values() ?? [])].map(({ tag }) => account.tags.get(tag)?.name);
      const marked = DEFAULT_QUALIFYING_TAGS.some((tag) => tags.includes(tag));
      backlog[marked ? 'notTold' : 'notMarked'] += 1;
    }
  }
  return backlog;
}
