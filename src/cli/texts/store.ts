import type { Backup } from '../../companion/backup.ts';
import { LOOK_OPTIONS } from './help.ts';
import { counted } from './plain.ts';

export const STORE_HELP = `optbridge store: look after what is remembered between the runs

Usage
  optbridge store backup FILE [--json]
      Copies the store into a file of its own, also while a run goes on, and
      checks the copy. FILE must not be there yet. To go back to it, stop the
      schedule and put the file in the store's place. (A copy made by any other
      means: remove the store's -wal and -shm files first.)

The copy holds people's addresses: keep it as you keep the store. Somebody who
is erased later is still in it.

Options
${LOOK_OPTIONS}

Exit codes: 0 done, 2 wrong usage or configuration, or it could not be copied
`;

export const WHICH_STORE = 'optbridge store: say what: backup FILE. See optbridge store --help.';

export function backupText({ file, bytes, auditRows }: Backup): string {
  const size = bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${file}: ${size}, checked; the audit in it is whole (${counted(auditRows, 'row', 'rows')}).\n`;
}
