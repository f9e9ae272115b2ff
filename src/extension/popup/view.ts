import type { Ask } from '../ask.ts';
import type { Words } from '../overlay/words.ts';
import type { Overview } from '../page-messages.ts';

/** What every part of the popup is drawn from. */
export interface View {
  readonly overview: Overview;
  readonly words: Words;
  readonly now: number;
  readonly tab: number;
  readonly ask: Ask;
  /** Says something to a screen reader, and shows it. */
  readonly tell: (words: string) => void;
}
