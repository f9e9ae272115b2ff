import type { Questions } from './questions.ts';

/** What every question needs. */
export interface Asking {
  readonly questions: Questions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  /** Secrets go into the file, instead of the names of variables. */
  readonly secretsInFile: boolean;
}
