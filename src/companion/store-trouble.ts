/** The store cannot be used; the message says what to do. */
export class StoreError extends Error {
  /** `failed`: nothing is wrong with the configuration, and the same may work the next time. */
  readonly outcome: 'usage' | 'failed';

  constructor(message: string, outcome: StoreError['outcome'] = 'usage') {
    super(message);
    this.outcome = outcome;
  }
}

interface Trouble {
  readonly words: string;
  readonly outcome: StoreError['outcome'];
}

/** By SQLite's primary result code (sqlite.org/rescode.html). */
const TROUBLES: Readonly<Record<number, Trouble>> = {
  8: {
    words: 'cannot be written. Give the user that runs OptBridge write access to the file and its folder.',
    outcome: 'usage',
  },
  10: { words: 'could not be read or written to the end. Look at the disk, then run it again.', outcome: 'failed' },
  11: {
    words:
      'is damaged. Put a backup in its place (optbridge store backup makes them), or move it away: a new store clears nothing, and loses who opted out where.',
    outcome: 'usage',
  },
  13: {
    words: 'has no room left on its disk. Free some, then run it again: it goes on where it was.',
    outcome: 'failed',
  },
  14: {
    words:
      'cannot be opened or made. Check that it names a file and no folder, that its folder is there, and that this user may write both.',
    outcome: 'usage',
  },
  26: { words: 'is no OptBridge store. Point "store" to another file, or move this one away.', outcome: 'usage' },
};

/** SQLite's primary result code of an error; undefined for any other error. */
export function primaryCode(error: unknown): number | undefined {
  // The higher bytes say which kind of the primary code it is.
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

/** What SQLite finds wrong with the file of a store, in words that say what to do; any other error as it is. */
export function orStoreError(error: unknown, path: string): unknown {
  const trouble = TROUBLES[primaryCode(error) ?? 0];
  return trouble ? new StoreError(`store: ${path} ${trouble.words}`, trouble.outcome) : error;
}
