import type { AcContactPage, ActiveCampaign } from '../activecampaign/activecampaign.ts';
import { PAGE } from '../activecampaign/contact-page.ts';
import { sideBySide } from '../activecampaign/ranges.ts';
import { ServiceFailure } from '../service/failure.ts';
import { type Begun, begun } from './begun.ts';
import { highestContact, knownContacts } from './contacts.ts';
import { type Expected, nameOf } from './matched.ts';
import { ABREAST, type Progress } from './progress.ts';
import type { ContactTable, Reading } from './reading.ts';
import type { Store } from './store.ts';
import { type Frozen, wantedBesides } from './wanted.ts';

/**
 * The cheaper reading of ActiveCampaign: instead of everybody only those about whom there may be something to decide.
 * Whoever is out in ActiveCampaign has a membership that is unsubscribed or bounced, and is found by list and status.
 * Whoever is out in Salesforce, or was agreed on, is known by id or looked up by address. Whoever is new or was changed is
 * read too, because of the address. All others are in on both sides.
 */

/** It cannot be read so: it would not be cheaper, or the account does not answer as it should. */
export class NotSo extends Error {
  readonly kind: 'dear' | 'differs';

  constructor(kind: NotSo['kind'], words: string) {
    super(words);
    this.kind = kind;
  }
}

/** Of whom it is asked. */
export interface Some {
  /** Ids of all e-mail lists that are shown, and of those in scope. */
  readonly lists: ReadonlySet<string>;
  readonly scope: ReadonlySet<string>;
  /** Contacts changed since then are read, by ActiveCampaign's clock (ms). */
  readonly since: number;
}

/** Who asks, and what it may cost. */
interface Asking extends Some {
  readonly ac: ActiveCampaign;
  readonly store: Store;
  /** It must cost less than this share of reading everybody. */
  readonly share: number;
  /** How many contacts there are, where that is known better than from the night before. */
  readonly everybody?: number;
  /** How many matched each question the last time, where replies were slow: their pages need not wait for the first. */
  readonly expected: Expected;
}

export interface SomeOf extends Asking {
  readonly reading: Reading;
  /** Where it goes. */
  readonly table: ContactTable;
  /** The pages, where they are asked for already. */
  readonly begun?: Begun<Asked>;
  /** What the store remembered, where it may have learnt more since. */
  readonly frozen?: Frozen | undefined;
  readonly progress: Progress;
  /** Told when the first page of each question is there, and so how many match. */
  readonly counted?: () => void;
}

/** In which zone `filters[updated_after]` thinks is unsure (facts/activecampaign.md section 2): a day makes up for it. */
const OVERLAP = 86_400_000;
/** So many calls for a page of ids mean that the account does not take ids together. */
const TOO_MANY = 25;
/** Looked up by address at most; each takes two calls. */
const MOST_LOOKUPS = 200;

/** How many calls the reading may take in all. */
function budgetOf({ store, share, everybody }: Asking): number {
  return Math.floor(Math.ceil((everybody ?? knownContacts(store)) / PAGE) * share);
}

/** What is asked, one question for each list and status. */
function questionsOf({ lists, scope, since, store, everybody }: Asking) {
  const of = (status: 2 | 3) => (list: string) => ({ on: { list, status } });
  const highest = highestContact(store);
  // Before anybody is known everybody is new: who is has come then.
  const fresh = highest === '0' && everybody !== undefined ? [] : [{ after: highest }];
  return [
    ...[...scope].map(of(2)),
    // A hard bounce counts wherever it happened.
    ...[...lists].map(of(3)),
    { changedSince: since - OVERLAP },
    ...fresh,
  ];
}

type Question = ReturnType<typeof questionsOf>[number];

/** Asks who is out, new, or changed; undefined where that would not be cheaper. */
export function askSome(asking: Asking): AsyncGenerator<Asked> | undefined {
  const questions = questionsOf(asking);
  return questions.length > budgetOf(asking) ? undefined : asked(asking, questions);
}

/** What was found by list. */
export interface Found {
  /** How many are out on each list. */
  readonly out: ReadonlyMap<string, number>;
  /** How many matched each question. */
  readonly matched: Expected;
}

/**
 * Reads who is out in ActiveCampaign, new, or changed. Rejects with `NotSo` as soon as it is clear that it cannot be read
 * so.
 */
export async function readOutAndNew(some: SomeOf): Promise<Found> {
  const { ac, progress } = some;
  const questions = questionsOf(some);
  const before = ac.calls;
  const budget = budgetOf(some);
  const out = new Map<string, number>();
  const matched: Record<string, number> = {};
  affordable(questions.length, budget);
  await asking(async () => {
    let ahead = 0;
    let seen = 0;
    let waiting = questions.length;
    for await (const { question, page, first } of some.begun?.pieces ?? asked(some, questions)) {
      checkAnswer(question, page);
      some.reading.addContacts(page.contacts, page.at, some.table);
      seen += page.contacts.length;
      progress('activecampaign', seen, undefined);
      // Of those with higher ids some accounts count all; they are few, whatever it says.
      if (first && !('after' in question)) {
        if (page.total === undefined) throw new NotSo('differs', 'ActiveCampaign does not say how many contacts match');
        ahead += Math.max(0, Math.ceil(page.total / PAGE) - 1);
        if ('on' in question) {
          out.set(question.on.list, (out.get(question.on.list) ?? 0) + page.total);
          matched[nameOf(question.on)] = page.total;
        }
      }
      if (first) waiting -= 1;
      if (waiting === 0) some.counted?.();
      affordable(Math.max(ac.calls - before, questions.length + ahead), budget);
    }
  });
  return { out, matched };
}

export interface Asked {
  readonly question: Question;
  readonly page: AcContactPage;
  /** The first of its question. */
  readonly first: boolean;
}

/** Pages of all questions. Where not all can be asked at once, the first page of each comes before the others. */
async function* asked(some: Asking, questions: readonly Question[]): AsyncGenerator<Asked> {
  const opened = questions.map((question) => ({ question, pages: some.ac.contacts(question)[Symbol.asyncIterator]() }));
  if (questions.length <= ABREAST) {
    const long = some.scope.size;
    const ways = opened.map((one) => () => pagesOf(some, one, long));
    return yield* sideBySide(ways, ABREAST);
  }
  const rest: Opened[] = [];
  for await (const one of sideBySide(
    opened.map((one) => () => firstOf(one)),
    ABREAST,
  )) {
    yield { ...one, first: true };
    rest.push(one);
  }
  const long = rest.filter(({ page }) => page.contacts.length >= PAGE).length;
  yield* sideBySide(
    rest.map((one) => () => restOf(some.ac, one, long)),
    ABREAST,
  );
}

/** The pages of one question, all at once where it is known how many there will be. */
async function* pagesOf(some: Asking, one: Omit<Opened, 'page'>, long: number): AsyncGenerator<Asked> {
  const { question, pages } = one;
  const first = pages.next().then(({ value, done }) => (done ? undefined : value));
  const ahead = restAhead(some, question, first, long);
  try {
    const page = await first;
    if (!page) return;
    yield { question, page, first: true };
    if (!ahead) return yield* restOf(some.ac, { ...one, page }, long);
    for await (const page of ahead.pieces) yield { question, page, first: false };
  } finally {
    await ahead?.end();
  }
}

function restAhead(
  { ac, expected }: Asking,
  question: Question,
  first: Promise<AcContactPage | undefined>,
  long: number,
): Begun<AcContactPage> | undefined {
  if (!('on' in question)) return undefined;
  const many = expected[nameOf(question.on)];
  const all =
    many === undefined ? undefined : ac.restAbreast(question.on, first, { abreast: abreastOf(long), expected: many });
  return all && begun(all);
}

interface Opened {
  readonly question: Question;
  readonly page: AcContactPage;
  readonly pages: AsyncIterator<AcContactPage>;
}

async function* firstOf({ question, pages }: Omit<Opened, 'page'>): AsyncGenerator<Opened> {
  const { value, done } = await pages.next();
  if (!done) yield { question, page: value, pages };
}

/** @param long how many questions have many pages: so many pages may be waiting to be taken in, whatever their number */
function restOf(ac: ActiveCampaign, { question, page, pages }: Opened, long: number): AsyncGenerator<Asked> {
  const all = 'on' in question ? ac.restAbreast(question.on, page, { abreast: abreastOf(long) }) : undefined;
  return following(question, all ?? pages);
}

function abreastOf(long: number): number {
  return Math.floor((2 * ABREAST) / Math.max(2, long));
}

async function* following(question: Question, pages: AsyncIterator<AcContactPage>): AsyncGenerator<Asked> {
  for (let step = await pages.next(); !step.done; step = await pages.next())
    yield { question, page: step.value, first: false };
}

/** Filters that an account does not know are ignored in silence (facts section 2): whoever comes must be whom we asked for. */
function checkAnswer(question: Question, { contacts }: AcContactPage): void {
  if (!('on' in question)) return;
  const { list, status } = question.on;
  for (const { id, memberships } of contacts)
    if (memberships && !memberships.some((row) => row.list === list && row.status === status))
      throw new NotSo(
        'differs',
        `asked for status ${status} on list ${list}, ActiveCampaign gave contact ${id}, who has not`,
      );
}

/**
 * Reads whoever else must be read: known contacts of everybody about whom there may be something to decide. Call it when
 * Salesforce is read and entered.
 */
export async function readWanted(some: SomeOf): Promise<void> {
  const budget = budgetOf(some);
  const asked = new Set<string>();
  // Whoever is read may have an address that makes others wanted.
  for (;;) {
    const { ids, strangers } = wantedOf(some, asked);
    if (ids.length + strangers.length === 0) return;
    affordable(Math.ceil(ids.length / PAGE) + 2 * strangers.length, budget);
    if (strangers.length > MOST_LOOKUPS)
      throw new NotSo('dear', `${strangers.length} people would have to be looked up`);
    for (const each of [...ids, ...strangers]) asked.add(each);
    await asking(async () => {
      await readByIds(some, ids);
      await lookUp(some, strangers);
    });
  }
}

/** Ids of known contacts that are wanted and not read yet, and wanted addresses for which no contact is known. */
function wantedOf(
  { store, reading, table, frozen }: SomeOf,
  asked: ReadonlySet<string>,
): { ids: readonly string[]; strangers: readonly string[] } {
  const { ids, unknown } = wantedBesides(store, reading, table, frozen);
  const fresh = (each: string) => !asked.has(each);
  return {
    ids: ids.filter(fresh),
    strangers: table === 'contacts' ? unknown.filter((address) => fresh(address) && isNews(store, address)) : [],
  };
}

async function readByIds({ ac, reading, table, progress }: SomeOf, ids: readonly string[]): Promise<void> {
  let missing = 0;
  for (let from = 0; from < ids.length; from += PAGE) {
    const part = ids.slice(from, from + PAGE);
    const before = ac.calls;
    const found = await ac.contactsById(part);
    if (ac.calls - before > TOO_MANY)
      throw new NotSo('differs', 'ActiveCampaign does not give many contacts by their ids at once');
    reading.addContacts([...found.values()], ac.serverTime, table);
    const gone = part.filter((id) => found.get(id)?.gone !== false);
    missing += gone.length;
    if (missing > Math.max(TOO_MANY, ids.length / 4))
      throw new NotSo('differs', 'too many known contacts are not found by their ids');
    if (table === 'contacts') reading.addMissing(gone);
    progress('activecampaign', reading.contacts, undefined);
  }
}

async function lookUp({ ac, reading, table }: SomeOf, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    const found = await ac.contactsByEmail(address);
    const contacts = await Promise.all(found.map(({ id }) => ac.contact(id)));
    reading.addContacts(
      contacts.filter((contact) => contact !== undefined),
      ac.serverTime,
      table,
    );
  }
}

/** Nobody was looked up for this address before: whoever was agreed on without a contact gets one as somebody new. */
function isNews(store: Store, address: string): boolean {
  return (
    store.get("SELECT 1 FROM agreements WHERE address = ? AND kind = 'out' AND contact IS NULL", address) === undefined
  );
}

function affordable(calls: number, budget: number): void {
  if (calls > budget)
    throw new NotSo('dear', `it would take ${calls} calls or more, and is worth ${budget} at the most`);
}

/** What an account refuses or answers oddly is no failure of the run: everybody can still be read. */
async function asking(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ServiceFailure && ['malformed', 'rejected', 'not-found'].includes(error.kind))
      throw new NotSo('differs', error.message);
    throw error;
  }
}
