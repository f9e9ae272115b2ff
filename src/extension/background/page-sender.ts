import { refuse, type Self, type Sender, type Verdict } from './sender.ts';

/** Whether this is one of our own pages (options, sign-in), in a tab, a window or a frame of its own. */
export function pageSpeaker(sender: Sender, self: Self): Verdict<null> {
  if (sender.id !== self.id) return refuse('another extension');
  if (sender.origin !== undefined && sender.origin !== self.origin) return refuse('not a page of ours');
  if (!sender.url?.startsWith(`${self.origin}/`)) return refuse('not a page of ours');
  return { ok: true, speaker: null };
}
