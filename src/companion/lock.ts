import { DatabaseSync } from 'node:sqlite';
import { orStoreError } from './store-trouble.ts';

/** Somebody else holds the lock. */
export class BusyError extends Error {}

/**
 * Keeps a second run away for as long as this process lives: an exclusive transaction on a file beside the store. The
 * operating system lets go of it however the process ends, so a lock can never be left behind.
 * @returns a function that gives the lock back
 */
export function takeLock(storePath: string): () => void {
  const db = openBeside(storePath);
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) throw new BusyError(storePath);
    throw orStoreError(error, storePath);
  }
  return () => {
    db.exec('ROLLBACK');
    db.close();
  };
}

function openBeside(storePath: string): DatabaseSync {
  try {
    return new DatabaseSync(`${storePath}.lock`);
  } catch (error) {
    throw orStoreError(error, storePath);
  }
}
