import { closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { StoreError } from './store-trouble.ts';

/** Where SQLite keeps the mode of a file (sqlite.org/fileformat.html, "File format version numbers"); 2 is WAL. */
const READ_VERSION = 19;
const NO_WAL = 1;

/**
 * Whether a `-wal` file lies beside a store that has none of its own, as after a copy was put in the place of one whose
 * run was killed. SQLite would take it for the copy's, and play the old store into it.
 */
export function isLeftBehind(path: string): boolean {
  return existsSync(`${path}-wal`) && modeOf(path) === NO_WAL;
}

function modeOf(path: string): number | undefined {
  const header = Buffer.alloc(20);
  try {
    const file = openSync(path, 'r');
    try {
      return readSync(file, header, 0, header.length, 0) === header.length ? header[READ_VERSION] : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    // Whoever opens the store meets the same obstacle, and names it.
    return undefined;
  }
}

/**
 * Takes such a file away; call it before the store is opened for anything but looking.
 * @throws StoreError when it cannot be taken away
 */
export function clearLeftBehind(path: string): void {
  if (!isLeftBehind(path)) return;
  try {
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  } catch {
    throw new StoreError(
      `store: ${path}-wal belongs to the store that was there before, and would be taken for a part of this one. Remove it.`,
    );
  }
}
