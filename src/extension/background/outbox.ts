import type { Book } from './book.ts';
import type { Drain } from './drain.ts';

/** Acts from the click until both services have them: the book they are written in, and what sets about them. */
export type Outbox = Book & Drain;
