import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import { CHEAPER_SHARE, compareLater, completeContacts, readContacts } from '../../src/companion/read-contacts.ts';
import { Reading } from '../../src/companion/reading.ts';
import { Store } from '../../src/companion/store.ts';
import type { Fetch } from '../../src/service/http.ts';

/**
 * What reading ActiveCampaign by list costs at several numbers of lists, in calls. The client and the reading are the real
 * ones; the account is computed from numbers: one contact in twenty has left every list, one in ten has left one.
 */

export interface ByLists {
  readonly contacts: number;
  readonly lists: number;
  /** Calls of the full night: everybody, and by list to compare. */
  readonly full: number;
  readonly everybody: number;
  /** Calls of the night after, by whichever reading it took. */
  readonly night: number;
  readonly kind: 'everybody' | 'by-list';
}

const QUALIFYING = 'added-to-salesforce-contact';
const AT = '2026-03-04T15:06:07-06:00';

/** The lists of a contact: two to four, spread evenly. */
function listsOf(contact: number, lists: number): number[] {
  return Array.from({ length: 2 + (contact % 3) }, (_, n) => ((contact * 7 + n * 13) % lists) + 1);
}

function statusOn(contact: number, nth: number): 1 | 2 {
  return contact % 20 === 3 || (contact % 10 === 5 && nth === 0) ? 2 : 1;
}

/** An account of so many contacts on so many lists. */
function account(contacts: number, lists: number): Fetch {
  const left = new Map<string, number[]>();
  for (let contact = 1; contact <= contacts; contact++)
    for (const [nth, list] of [...new Set(listsOf(contact, lists))].entries()) {
      if (statusOn(contact, nth) !== 2) continue;
      left.set(`${list}`, [...(left.get(`${list}`) ?? []), contact]);
    }
  return async (address) => {
    const query = new URL(address).searchParams;
    const after = Number(query.get('id_greater') ?? 0);
    const limit = Number(query.get('limit') ?? 20);
    const some = chosen(query, left)?.filter((contact) => contact > after);
    const total = some?.length ?? Math.max(0, contacts - after);
    const first = query.get('orders[id]') === 'DESC' ? contacts : after + 1;
    const offset = Number(query.get('offset') ?? 0);
    const page =
      some?.slice(offset, offset + limit) ?? Array.from({ length: Math.min(limit, total) }, (_, n) => first + n);
    return Response.json(replyOf(page, lists, total), {
      headers: { date: new Date(Date.UTC(2026, 10, 1)).toUTCString() },
    });
  };
}

function chosen(query: URLSearchParams, left: ReadonlyMap<string, readonly number[]>): readonly number[] | undefined {
  if (query.has('filters[updated_after]')) return [];
  if (query.has('ids[]')) return query.getAll('ids[]').map(Number);
  const list = query.get('listid');
  return list === null ? undefined : query.get('status') === '2' ? (left.get(list) ?? []) : [];
}

function replyOf(page: readonly number[], lists: number, total: number): object {
  const rows = page.flatMap((contact) =>
    [...new Set(listsOf(contact, lists))].map((list, nth) => ({
      id: `${contact * 10 + nth}`,
      contact: `${contact}`,
      list: `${list}`,
      status: `${statusOn(contact, nth)}`,
      sdate: AT,
      udate: null,
    })),
  );
  return {
    contacts: page.map((contact) => ({
      id: `${contact}`,
      email: `person.${contact}@example.com`,
      bounced_hard: '0',
      contactLists: rows.filter((row) => row.contact === `${contact}`).map((row) => row.id),
      contactTags: [`${contact}`],
    })),
    contactLists: rows,
    contactTags: page.map((contact) => ({ id: `${contact}`, contact: `${contact}`, tag: '1' })),
    tags: [{ id: '1', tag: QUALIFYING }],
    meta: { total: `${total}` },
  };
}

/** One account and what is remembered of it: nights, one after another, whose requests may take their time. */
export interface Nights {
  /** A night by the clock of `pace`. */
  night(full: boolean, pace?: Pace): Promise<{ readonly kind: ByLists['kind']; readonly calls: number }>;
  close(): void;
}

export interface Pace {
  readonly requestsPerSecond: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Waits as long as the next reply takes. */
  readonly reply: () => Promise<void>;
}

const AT_ONCE: Pace = {
  requestsPerSecond: 1e9,
  now: () => performance.now(),
  sleep: async () => undefined,
  reply: async () => undefined,
};

export function nightsOf(contacts: number, lists: number): Nights {
  const store = new Store(':memory:');
  const ids = new Set(Array.from({ length: lists }, (_, n) => `${n + 1}`));
  const fetch = account(contacts, lists);
  return {
    close: () => store.close(),
    async night(full, pace = AT_ONCE) {
      const ac = createActiveCampaign({
        url: 'https://acme.api-us1.com',
        key: 'bench',
        fetch: async (url, init) => {
          await pace.reply();
          return fetch(url, init);
        },
        requestsPerSecond: pace.requestsPerSecond,
        abreast: 10,
        sleep: pace.sleep,
        now: pace.now,
        random: () => 0.5,
      });
      // The clock of the account is known before a reading begins, and how long a reply takes.
      await ac.contact('1');
      store.db.exec('DETACH reading; DROP VIEW IF EXISTS temp.live');
      store.db.exec("ATTACH '' AS reading");
      const policy = { lists: ids, qualifyingTags: [QUALIFYING] };
      const reading = new Reading(store, policy, 'remembered');
      const side = {
        ac,
        store,
        reading,
        policy,
        lists: ids,
        active: new Map(),
        share: CHEAPER_SHARE,
        progress: () => undefined,
      };
      const before = ac.calls;
      const comparing = full ? compareLater(side) : undefined;
      const { kind } = await completeContacts(
        { ...side, comparing },
        await readContacts({ ...side, comparing }, !full),
      );
      await comparing?.conclude();
      return { kind, calls: ac.calls - before };
    },
  };
}

async function measured(contacts: number, lists: number): Promise<ByLists> {
  const nights = nightsOf(contacts, lists);
  try {
    const full = await nights.night(true);
    const next = await nights.night(false);
    return {
      contacts,
      lists,
      full: full.calls,
      everybody: Math.ceil(contacts / 100),
      night: next.calls,
      kind: next.kind,
    };
  } finally {
    nights.close();
  }
}

/** Measures 10,000 and 100,000 contacts on 4, 20 and 100 lists. */
export async function byLists(): Promise<ByLists[]> {
  const found: ByLists[] = [];
  for (const contacts of [10_000, 100_000])
    for (const lists of [4, 20, 100]) found.push(await measured(contacts, lists));
  return found;
}

/** The section of docs/benchmarks.md about it. */
export function inWords(found: readonly ByLists[]): string {
  const n = (value: number) => value.toLocaleString('en-GB');
  const rows = found.map(
    ({ contacts, lists, everybody, full, night, kind }) =>
      `| ${n(contacts)} | ${n(lists)} | ${n(everybody)} | ${n(full)} | ${n(night)} | ${kind === 'by-list' ? 'by list' : 'everybody'} |`,
  );
  return `## ActiveCampaign by list

Calls for contacts alone, where one in twenty has left every list and one in ten has left one, and each is on two to four lists.
A full night reads everybody, and by list to compare; the night after takes whichever is cheaper. Reading by list asks at least
two questions for each list, and so does not pay in a small account with many lists.

| Contacts | Lists | Everybody | Full night | The night after | Reads |
| --: | --: | --: | --: | --: | --- |
${rows.join('\n')}
`;
}
