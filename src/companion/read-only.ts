import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isLeftBehind } from './left-behind.ts';

/**
 * A store opened for looking only; the caller closes it. Read-only alone would still leave SQLite's `-wal` and `-shm`
 * files behind, so the file is opened as one that cannot change. Where a run is going on or was killed, its `-wal` file
 * is there and not empty: then it has to be read too. Throws what SQLite throws.
 */
export function openReadOnly(path: string): DatabaseSync {
  if ((sizeOf(`${path}-wal`) ?? 0) > 0 && !isLeftBehind(path)) return new DatabaseSync(path, { readOnly: true });
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'ro');
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url);
}

/** How many bytes a file has, undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
