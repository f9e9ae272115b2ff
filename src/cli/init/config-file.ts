import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** There is a file of this name already. */
export class ExistsError extends Error {}

/**
 * Writes a file whole or not at all, readable and writable by its owner only (mode 0600).
 *
 * @param replace whether a file of this name may be replaced
 * @throws ExistsError when it may not, and one is there
 */
export function writeConfigFile(file: string, text: string, replace: boolean): void {
  const draft = `${file}.${process.pid}.new`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (replace) renameSync(draft, file);
    // A link, unlike a renaming, fails where somebody was faster.
    else linkSync(draft, file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new ExistsError(file);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
