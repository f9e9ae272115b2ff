/** What the command line gives to a command. */
export interface Terminal {
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Progress may overwrite its own line. */
  readonly terminal: boolean;
  /** Stdout is a terminal, and nobody asked for no colours. */
  readonly colours?: boolean;
  /** Where answers are typed. */
  readonly input?: () => NodeJS.ReadableStream & { readonly isTTY?: boolean };
}

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}
