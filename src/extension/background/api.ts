import { longId } from '../../salesforce/salesforce.ts';
import type {
  About,
  Answer,
  ListRequest,
  Marks,
  Names,
  Place,
  Problem,
  Request,
  Status,
  TabRequest,
} from '../messages.ts';
import type { PageAnswer, PageRequest } from '../page-messages.ts';
import { accountInUrl } from '../record-url.ts';
import type { Aim } from './act.ts';
import type { Book } from './book.ts';
import type { Speaker } from './flood.ts';
import type { pageSpeaker } from './page-sender.ts';
import type { PanelRequest, parsePanel } from './panel-request.ts';
import { parseFirst } from './request.ts';
import { type RecordSpeaker, recordSpeaker, type Self, type Sender, type TabSpeaker, tabSpeaker } from './sender.ts';
import { NOTHING_KNOWN, statusOf } from './status.ts';
import type { OpenRecord, Statuses } from './statuses.ts';
import { OPT_OUT, type Wish } from './wish.ts';

export interface Background {
  readonly statuses: Statuses;
  readonly outbox: Pick<Book, 'want'>;
  /** Whether this request of this document is one too many. */
  isFlood(speaker: Speaker, kind: (Request | TabRequest)['kind']): boolean;
  /** Whether the outbox holds this wish already. */
  stands(record: OpenRecord, wish: Wish): Promise<boolean>;
  /** Works the outbox off; does not reject. */
  work(): Promise<void>;
  /** Puts a part of the overlay into the speaker's document; `place` with the first, where the rep said something. */
  inject(speaker: TabSpeaker, part: 'overlay' | 'overlay-more', place?: Place): Promise<void>;
  /** How the rep left the pill in this org. */
  placeOf(host: string): Promise<Place | undefined>;
  /** What is known beyond the status. */
  about(record: OpenRecord): Promise<About>;
  /** Where a click on a page of this host is meant to arrive; `org` as the page tells it. */
  aim(host: string, org: string | undefined): Promise<Aim>;
  /** Looks up what reading and writing begin with, which somebody will wait for in a moment. */
  prepare(host: string): void;
  /** Whether the sign-in for this host is for another org than this one. */
  signedInElsewhere(host: string, org: string): Promise<boolean>;
  /** Draws a tab's sign on the toolbar button anew. */
  lookAt(tab: number): Promise<void>;
  /** Says it to the overlay of a tab. */
  tell(tab: number, status: Status): Promise<unknown>;
  /** What else a content script asks, known to be well formed, or undefined. */
  readonly parsePanel: typeof parsePanel;
  /** Answers what a page asks that shows its status already. */
  fromPanel(speaker: RecordSpeaker, request: PanelRequest, want: Want): Promise<Taken>;
  /** The contact behind an account, empty for a business; undefined: not asked yet. */
  personKnown(host: string, account: string): Promise<string | undefined>;
  /** The same, asked for now. */
  findPerson(host: string, account: string): Promise<string>;
  /** Answers what is asked for a list of addresses. */
  fromList(speaker: TabSpeaker, request: ListRequest): Promise<Taken>;
  /** What one of our own pages asks, known to be well formed, or undefined. */
  parsePage(message: unknown): PageRequest | undefined;
  /** Whether one of our own pages asks. */
  readonly pageSpeaker: typeof pageSpeaker;
  /** Answers it. */
  fromPage(request: PageRequest): Promise<PageAnswer>;
}

/** What neither reads nor writes the person. */
const HARMLESS: readonly Request['kind'][] = ['seen', 'place', 'about', 'names', 'options', 'sign-in'];

const OTHER_ORG: Problem = { service: 'salesforce', kind: 'other-org', words: '', retryAt: null };

/** What came of a request of somebody who may ask. */
export type Taken =
  | {
      readonly status: Status | null;
      readonly about?: About;
      readonly names?: Names;
      readonly marks?: Marks;
      readonly person?: string;
    }
  | { readonly refused: string };

/** Writes a wish about the speaker's record down and sets about it; meant for where the page is unless told otherwise. */
export type Want = (wish: Wish, aim?: Aim) => Promise<Taken>;

const CROWD = 'refused_crowd';

/**
 * The whole message API. What a message may look like is in request.ts, panel-request.ts and page-request.ts, who may send it
 * in sender.ts.
 */
export function createApi(background: Background) {
  const { statuses, outbox, work, inject } = background;

  /** Writes the wish down and sets about it; nothing has been sent by the time of the answer. */
  async function want(record: OpenRecord, aim: Promise<Aim> | Aim, wish?: Wish): Promise<Taken> {
    const known = statuses.known(record);
    background.prepare(record.host);
    // No click is lost for want of knowing where it belongs.
    const [{ reading }, meant] = await Promise.all([known, Promise.resolve(aim).catch(() => ({}))]);
    await outbox.want({ ...record, address: reading?.address, ...meant }, wish);
    const status = statuses.current(record, known);
    void work();
    return { status: await status };
  }

  /**
   * One request too many is refused, with one exception: a no is always taken. One that stands in the outbox already is
   * not set about anew for it, so that saying it over and over costs the services nothing.
   */
  async function fromCrowd(speaker: RecordSpeaker, request: Request): Promise<Taken> {
    const wish = noOf(request);
    if (!wish) return { refused: CROWD };
    const stands = await background.stands(speaker, wish);
    return stands ? { status: await statuses.current(speaker) } : fromRecord(speaker, request);
  }

  /** Whether the page says that it is of another org than the one that somebody signed in to. */
  const isElsewhere = async ({ host }: RecordSpeaker, { org }: Request): Promise<boolean> =>
    org !== undefined && background.signedInElsewhere(host, org);

  const elsewhere = ({ record }: OpenRecord): Status =>
    statusOf(record, { ...NOTHING_KNOWN, problem: OTHER_ORG }, undefined);

  /**
   * Brings the overlay into the page, and the marks for its related lists. Answers what is known, so that the overlay
   * need not ask; both sides are read when the overlay can hear what they say.
   */
  async function see(speaker: RecordSpeaker, request: Request): Promise<Taken> {
    const record = { host: speaker.host, record: speaker.record };
    const [place, other, known] = await Promise.all([
      background.placeOf(speaker.host),
      isElsewhere(speaker, request),
      statuses.current(record),
    ]);
    if (!other) background.prepare(speaker.host);
    // Where the pill is hidden, the toolbar button still says it.
    const brought = place?.hidden ? Promise.resolve() : inject(speaker, 'overlay', place);
    brought
      .then(async () => {
        // Not before: the browser takes a tab's sign away as the new document begins.
        void background.lookAt(speaker.tabId);
        if (!other) {
          const now = await statuses.show(record, false, speaker.tabId);
          // What another tab was told while this one could not hear yet.
          if (now.readAt !== known.readAt) await background.tell(speaker.tabId, now);
        }
        await background.fromList(speaker, { kind: 'list' });
      })
      .catch(() => undefined);
    return { status: other ? elsewhere(record) : known };
  }

  /** From a content script on the page of this record. */
  async function fromRecord(speaker: RecordSpeaker, request: Request): Promise<Taken> {
    const record = { host: speaker.host, record: speaker.record };
    const harmless = HARMLESS.includes(request.kind);
    if (!harmless && (await isElsewhere(speaker, request)))
      return request.kind === 'status' ? { status: elsewhere(record) } : { refused: 'refused_other_org' };
    const wanted: Want = (wish, aim) => want(record, aim ?? background.aim(speaker.host, request.org), wish);
    switch (request.kind) {
      case 'seen':
        return see(speaker, request);
      case 'status':
        background.prepare(speaker.host);
        return { status: await statuses.show(record, request.fresh, speaker.tabId) };
      case 'about': {
        // Before the second script is run, which takes a moment.
        const brought = inject(speaker, 'overlay-more');
        const [about] = await Promise.all([background.about(record), brought]);
        return { status: null, about };
      }
      case 'opt-out':
      case 'unsubscribe':
        return wanted(noOf(request));
      default:
        return background.fromPanel(speaker, request, wanted);
    }
  }

  /** From a content script on any Lightning page. */
  async function fromTab(speaker: TabSpeaker, request: TabRequest, account: string | undefined): Promise<Taken> {
    if (background.isFlood(speaker, request.kind)) return { refused: CROWD };
    switch (request.kind) {
      case 'left':
        await background.lookAt(speaker.tabId);
        return { status: null };
      case 'person': {
        if (!account || account !== longId(request.account)) return { refused: 'the tab shows another account' };
        const { host } = speaker;
        const person = (await background.personKnown(host, account)) ?? (await background.findPerson(host, account));
        return person ? { status: null, person } : { refused: 'nobody' };
      }
      case 'list':
      case 'marks':
        return background.fromList(speaker, request);
    }
  }

  return async function answer(message: unknown, sender: Sender, self: Self): Promise<Answer | PageAnswer> {
    const request = parseFirst(message) ?? background.parsePanel(message);
    if (!request) {
      const asked = background.parsePage(message);
      if (!asked) return { ok: false, refused: 'malformed' };
      const page = background.pageSpeaker(sender, self);
      return page.ok ? background.fromPage(asked) : page;
    }
    const tab = tabSpeaker(sender, self);
    if (!tab.ok) return tab;
    const account = accountInUrl(sender.tab?.url ?? '');
    if (isAboutTab(request)) return answered(await fromTab(tab.speaker, request, account));
    const person = account && (await background.personKnown(tab.speaker.host, account));
    const record = recordSpeaker(sender, self, request.record, person || undefined);
    if (!record.ok) return record;
    const { speaker } = record;
    const taken = await (background.isFlood(speaker, request.kind) ? fromCrowd : fromRecord)(speaker, request);
    if (request.kind !== 'seen' && 'status' in taken && taken.status) void background.lookAt(speaker.tabId);
    return answered(taken);
  };
}

/** Whether this is about the tab, whatever it shows. */
function isAboutTab(message: Request | TabRequest): message is TabRequest {
  return /^(left|list|marks|person)$/.test(message.kind);
}

function answered(taken: Taken): Answer {
  return 'refused' in taken ? { ok: false, ...taken } : { ok: true, ...taken };
}

/** The wish of a request that says no, undefined for all others. */
function noOf(request: Extract<Request, { kind: 'opt-out' | 'unsubscribe' }>): Wish;
function noOf(request: Request): Wish | undefined;
function noOf(request: Request): Wish | undefined {
  if (request.kind === 'opt-out') return OPT_OUT;
  return request.kind === 'unsubscribe' ? { kind: 'unsubscribe', list: request.list } : undefined;
}
