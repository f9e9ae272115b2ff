import type { About, Names, Request, Status } from '../messages.ts';
import type { Background } from './background.ts';

/** Refused here: a key press on a button that was not reached by way of Tab (trust.ts). */
export const KEYS = 'refused_keys';
/** Refused here: a press on a button that the page has made hard to see (more/sight.ts). */
export const UNSEEN = 'refused_unseen';

/** What may be asked about the record that is shown. */
export type Asking = Request extends infer R ? (R extends Request ? Omit<R, 'record'> : never) : never;

/** Everything the overlay shows comes from here. */
export interface Model {
  /** The record in the address bar, as it stands there, or null. */
  readonly record: string | null;
  /** The latest status of that record, or null while nothing is known. */
  readonly status: Status | null;
  /** What the panel tells beyond the status, or null while it is not known. */
  readonly about: About | null;
  /** Names of campaigns, automations and forms, as far as they are known. */
  readonly names: Names;
  /** The extension was updated or removed under this page: nothing works until the tab is refreshed. */
  readonly gone: boolean;
  readonly open: boolean;
  /** What the background has been asked and has not answered. */
  readonly busy: Request['kind'] | null;
  /** Why the last act was not taken, in the background's word, or `KEYS` or `UNSEEN`, or null. */
  readonly refused: string | null;
  /** Milliseconds since the epoch, for "3 seconds ago" and "again in 8 seconds". */
  readonly now: number;
}

/** Outside things the overlay needs. */
export interface Surroundings {
  readonly background: Background;
  readonly now: () => number;
  /** Runs `task` after so many milliseconds; the answer cancels it. */
  readonly later: (task: () => void, milliseconds: number) => () => void;
  readonly changed: (model: Model, before: Model) => void;
}

/** What a person can do, and what happens to the overlay. */
export interface Overlay {
  readonly model: Model;
  /** The address bar names another record, or none. */
  show(record: string | null): void;
  /** A status from the background; dropped when it is about another record. */
  take(status: Status): void;
  /** Asks for the status again; `fresh` by a person's wish. */
  read(fresh: boolean): Promise<void>;
  /** Has the background do what the person asks for. */
  act(request: Asking): Promise<void>;
  /** Has what the panel tells beyond the status brought, once for every reading. */
  look(): void;
  /** Somebody comes back to the window. */
  comeBack(): void;
  /** Opens or closes the panel. */
  turn(open: boolean): void;
  /** A press that does not count. */
  refuse(why: typeof KEYS | typeof UNSEEN): void;
  tick(): void;
}

/** Milliseconds; what was read longer ago is read again when somebody comes back to the window or opens the panel. */
const OLD = 60_000;
/** A worker that died while reading never answers, so an unfinished status is asked for again. */
const IMPATIENCE = { loading: 5_000, pending: 10_000 };

/** The state of the one overlay in a document. */
export function createOverlay({ background, now, later, changed }: Surroundings): Overlay {
  let model: Model = {
    record: null,
    status: null,
    about: null,
    names: {},
    gone: false,
    open: false,
    busy: null,
    refused: null,
    now: now(),
  };
  let cancel = (): void => {};
  let looked = '';

  const set = (part: Partial<Model>): void => {
    const before = model;
    model = { ...model, now: now(), ...part };
    changed(model, before);
  };

  const plan = (): void => {
    cancel();
    const wait = untilAsked(model);
    if (wait) cancel = later(() => void read(false), wait);
  };

  /** @param news what else has come with it */
  const take = (status: Status, news: Partial<Model> = {}): void => {
    const mine = model.record && sameRecord(status.record, model.record);
    // Being read again says nothing new, so what is known stays until there is news.
    const tells = mine && (status.state !== 'loading' || !model.status);
    if (tells || Object.keys(news).length) set({ ...news, ...(tells && { status }) });
    if (mine) plan();
  };

  /** Asks, and takes the answer, which may come after the record has changed. The words of a refusal, or nothing. */
  const ask = async (request: Asking, busy: Model['busy']): Promise<string | null> => {
    const { record } = model;
    if (!record || model.gone) return null;
    const asking = background.ask({ ...request, record });
    // Drawn while it is on its way.
    if (busy) set({ busy, refused: null });
    const asked = await asking;
    if (asked.gone) set({ gone: true, busy: null });
    if (record !== model.record || model.gone) return null;
    const { status = null, about, names } = asked.ok ? asked : {};
    const news = { ...(busy && { busy: null }), ...(about && { about }), ...(names && { names }) };
    if (status) take(status, news);
    else if (Object.keys(news).length) set(news);
    return asked.ok ? null : asked.refused;
  };

  const read = async (fresh: boolean): Promise<void> => {
    const silence = await ask({ kind: 'status', fresh }, fresh ? 'status' : null);
    if (silence !== null && model.record) take(unanswered(model.record, model.status, now()));
  };

  const renew = (): void => {
    const { status } = model;
    // A clock that was put back makes it no younger.
    if (status?.readAt && Math.abs(now() - Date.parse(status.readAt)) > OLD) void read(false);
  };

  return {
    get model() {
      return model;
    },
    take,
    read,
    async act(request) {
      const refused = model.busy === request.kind ? null : await ask(request, request.kind);
      if (refused !== null) set({ refused });
    },
    look() {
      const reading = `${model.record} ${model.status?.readAt}`;
      if (reading === looked) return;
      looked = reading;
      void ask({ kind: 'about' }, null).then((silence) => {
        if (silence === null) return;
        later(() => {
          looked = '';
          set({});
        }, IMPATIENCE.loading);
      });
      // Nothing waits for the names: until they come, and where they do not, ids are shown.
      if (model.status?.lists.some(({ via }) => via)) void ask({ kind: 'names' }, null);
    },
    show(record) {
      if (record === model.record) return;
      cancel();
      looked = '';
      const before = model;
      const nothing = { status: null, about: null, names: {}, busy: null, refused: null, open: false };
      model = { ...model, ...nothing, record, now: now() };
      // Drawn while the question is on its way.
      if (record) void read(false);
      changed(model, before);
    },
    comeBack: renew,
    turn(open) {
      set({ open, refused: null });
      if (open) renew();
    },
    refuse(why) {
      set({ refused: why });
    },
    tick() {
      set({});
    },
  };
}

/** Whether two ids name one record: 15 characters do, the other three only check them. */
export function sameRecord(a: string, b: string): boolean {
  return a.slice(0, 15) === b.slice(0, 15);
}

/** Milliseconds until the status should be asked for again unasked, or null when a push or a person brings the next. */
function untilAsked({ status, now }: Model): number | null {
  const tries = [status?.pending?.retryAt, status?.problem?.retryAt];
  const [retryAt] = tries.filter((at) => at != null).sort();
  if (retryAt) return Math.max(Date.parse(retryAt) - now, 0) + 2_000;
  if (!status || status.state === 'loading') return IMPATIENCE.loading;
  return status.state === 'pending' ? IMPATIENCE.pending : null;
}

/** Not knowing is said, yet what was known before stays on the page with it; nobody tries a click again meanwhile. */
function unanswered(record: string, known: Status | null, now: number): Status {
  const retryAt = new Date(now + 5_000).toISOString();
  const pending = known?.pending;
  const overdue = pending?.retryAt && pending.retryAt < retryAt && { pending: { ...pending, retryAt } };
  return {
    record,
    state: 'unavailable',
    name: null,
    address: null,
    optedOut: false,
    lists: [],
    records: [],
    activeCampaignUrl: null,
    readAt: null,
    pending: null,
    ...(known?.state === 'loading' ? null : known),
    ...overdue,
    problem: { service: 'optbridge', kind: 'unreachable', words: '', retryAt },
  };
}
