import { longId } from '../../salesforce/salesforce.ts';
import { recordInUrl } from '../record-url.ts';
import { apiHostOf } from './host.ts';

/** What the browser says about who sent a message; the fields of `runtime.MessageSender` that count here. */
export interface Sender {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly origin?: string | undefined;
  readonly frameId?: number | undefined;
  readonly documentId?: string | undefined;
  readonly tab?: { readonly id?: number | undefined; readonly url?: string | undefined } | undefined;
}

/** Ourselves, as the browser knows us. */
export interface Self {
  readonly id: string;
  /** `chrome-extension://<id>`, without a trailing slash. */
  readonly origin: string;
}

/** A content script of ours on the Lightning page of one tab. */
export interface TabSpeaker {
  /** The org's API host. */
  readonly host: string;
  readonly tabId: number;
  readonly documentId: string | undefined;
}

/** A content script of ours on the record page of one tab. */
export interface RecordSpeaker extends TabSpeaker {
  /** 18-character id, the same in the message and in the tab's URL. */
  readonly record: string;
}

export type Verdict<T> = { readonly ok: true; readonly speaker: T } | { readonly ok: false; readonly refused: string };

export const refuse = (refused: string) => ({ ok: false, refused }) as const;

/** Whether this is a content script of ours on a Lightning page, whatever that shows. */
export function tabSpeaker(sender: Sender, self: Self): Verdict<TabSpeaker> {
  if (sender.id !== self.id) return refuse('another extension');
  if (sender.frameId !== 0) return refuse('not the top frame');
  if (sender.tab?.id === undefined || sender.tab.url === undefined) return refuse('not a tab');
  const host = sender.origin === undefined ? undefined : apiHostOf(sender.origin);
  if (host === undefined) return refuse('not a Salesforce page');
  if (URL.parse(sender.tab.url)?.origin !== sender.origin) return refuse('the tab shows another site');
  return { ok: true, speaker: { host, tabId: sender.tab.id, documentId: sender.documentId } };
}

/**
 * Whether this is a content script on the page of the record that the message is about. The id is compared with
 * `tab.url`: `sender.url` is frozen when the document loads and never follows `pushState` (facts/extension.md).
 *
 * @param shown the record that the tab shows, where its address alone does not say: a person account's
 */
export function recordSpeaker(
  sender: Sender,
  self: Self,
  claimed: string,
  shown = recordInUrl(sender.tab?.url ?? ''),
): Verdict<RecordSpeaker> {
  const tab = tabSpeaker(sender, self);
  if (!tab.ok) return tab;
  if (shown === undefined) return refuse('the tab shows no record');
  if (shown !== longId(claimed)) return refuse('the tab shows another record');
  return { ok: true, speaker: { record: shown, ...tab.speaker } };
}
