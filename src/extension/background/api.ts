import type { Answer, Request, Status } from '../messages.ts';
import type { PageRequest } from '../page-messages.ts';
import type { Outbox } from './outbox.ts';
import { isFromPage, parseMessage } from './request.ts';
import { pageSpeaker, type RecordSpeaker, recordSpeaker, type Self, type Sender } from './sender.ts';
import type { Statuses } from './statuses.ts';

export interface Background {
  readonly statuses: Statuses;
  readonly outbox: Outbox;
  /** Works the outbox off; does not reject. */
  work(): Promise<void>;
  /** Puts the overlay into the speaker's document. */
  inject(speaker: RecordSpeaker): Promise<void>;
  openSignIn(host: string): Promise<void>;
  /** Drops clients that were built from earlier settings. */
  forgetClients(): void;
}

/** The whole message API. What a message may look like is in request.ts, who may send it in sender.ts. */
export function createApi({ statuses, outbox, work, inject, openSignIn, forgetClients }: Background) {
  /** From a content script on the page of this record. */
  async function fromRecord(speaker: RecordSpeaker, request: Request): Promise<Status | null> {
    const { host, record } = speaker;
    switch (request.kind) {
      case 'seen':
        await inject(speaker);
        return null;
      case 'status':
        return statuses.show({ host, record }, request.fresh);
      case 'opt-out':
        await outbox.want({ host, record, address: await statuses.address({ host, record }) });
        void work();
        return statuses.current({ host, record });
      case 'sign-in':
        await openSignIn(host);
        return null;
    }
  }

  /** From the options page or the sign-in window. */
  async function fromPage(request: PageRequest): Promise<null> {
    switch (request.kind) {
      case 'session-changed':
        await outbox.hurry((problem, act) => problem.service === 'salesforce' && act.host === request.host);
        void statuses.refreshOpen((open) => open.host === request.host);
        break;
      case 'settings-changed':
        forgetClients();
        await outbox.hurry(() => true);
        void statuses.refreshOpen(() => true);
        break;
    }
    void work();
    return null;
  }

  return async function answer(message: unknown, sender: Sender, self: Self): Promise<Answer> {
    const request = parseMessage(message);
    if (!request) return { ok: false, refused: 'malformed' };
    if (isFromPage(request)) {
      const page = pageSpeaker(sender, self);
      return page.ok ? { ok: true, status: await fromPage(request) } : page;
    }
    const record = recordSpeaker(sender, self, request.record);
    return record.ok ? { ok: true, status: await fromRecord(record.speaker, request) } : record;
  };
}
