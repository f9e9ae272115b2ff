import { ConfigError } from '../companion/config-reader.ts';

/** What the command line gives to a command. */
export interface Terminal {
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Progress may overwrite its own line. */
  readonly terminal: boolean;
  /** How wide that terminal is now; undefined where nobody knows. */
  readonly columns?: () => number | undefined;
  /** Stdout is a terminal, and nobody asked for no colours. */
  readonly colours?: boolean;
  /** Commands to be copied are for a shell of Windows. */
  readonly windows?: boolean;
  /** Where answers are typed. */
  readonly input?: () => NodeJS.ReadableStream & { readonly isTTY?: boolean };
}

/** The command line is wrong; the message says how. It is told together with what is wrong in the configuration. */
export class UsageError extends ConfigError {}
