import { type Answer, asked } from './finding.ts';

/** Asks one service one question after another. */
export interface Asker {
  /** Never rejects; does not ask once there is no point in it. */
  ask<T>(question: () => Promise<T>): Promise<Answer<T>>;
  /** There is no point in further questions, and why. */
  stop(because: string): void;
}

/** One question may meet with an accident; after so many in a row that nobody answered, the others would only wait as long. */
const SILENCES = 2;

export function createAsker(): Asker {
  let because: string | undefined;
  let silences = 0;
  return {
    async ask(question) {
      if (because !== undefined) return { skipped: because };
      const answer = await asked(question);
      silences = 'trouble' in answer && answer.trouble.silent ? silences + 1 : 0;
      if (silences >= SILENCES) because ??= 'the service cannot be reached';
      return answer;
    },
    stop(reason) {
      because ??= reason;
    },
  };
}
