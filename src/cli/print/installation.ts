import type { CronFields } from '../../companion/cron-fields.ts';
import type { Nights } from '../../companion/nights.ts';
import type { Terminal } from '../terminal.ts';

/** What there is on this machine, for a scheduler's file to point at. Paths are absolute. */
export interface Installation {
  readonly node: string;
  /** The file that Node runs as the command. */
  readonly script: string;
  readonly config: string;
  readonly store: string;
  /** The folder of the pages; null for none. */
  readonly reports: string | null;
  /** The folder that the command was called in. */
  readonly folder: string;
  /** Who called it; null for root, who should not run it. */
  readonly user: string | null;
  /** Names of the environment variables that hold the secrets. */
  readonly secrets: readonly string[];
  /** The configuration needs a file with a private key. */
  readonly keyFile: boolean;
  readonly fields: CronFields;
  readonly nights: Nights;
  /** Milliseconds since the epoch: the year that follows is looked at for the hours of the UTC day. */
  readonly now: number;
}

/** A word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word for cmd and PowerShell alike; what PowerShell takes for a variable in double quotes, it takes literally in single ones. */
export function windowsWord(text: string): string {
  if (/^[\w.:\\/+-]+$/.test(text)) return text;
  return /[$`]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

/** A word for the shell of whoever copies a command from there. */
export function wordFor({ windows }: Pick<Terminal, 'windows'>, text: string): string {
  return windows ? windowsWord(text) : shellWord(text);
}

/** Where the secrets are kept for those who read them from a file: beside the configuration. */
export function secretsFile({ config }: Installation): string {
  return `${config.replace(/\.json$/, '')}.env`;
}
