import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from '../terminal.ts';
import { ANSWER_NEEDED, ENDED, STOPPED } from '../texts/init.ts';

export interface QuestionOptions {
  /** What an empty answer stands for; without it an answer is needed. */
  readonly fallback?: string;
  /** What is typed is not shown. */
  readonly secret?: boolean;
}

/** Asks somebody, at a terminal or through a pipe. */
export interface Questions {
  /**
   * The answer without surrounding blanks.
   * @throws UsageError when there are no more answers
   */
  ask(question: string, options?: QuestionOptions): Promise<string>;
  close(): void;
}

/**
 * @param input where answers are typed; a terminal when `isTTY`
 * @param out what is shown
 */
export function createQuestions(
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  out: (text: string) => void,
): Questions {
  const read = input.isTTY ? typedLines(input, out) : pipedLines(input, out);
  return {
    async ask(question, { fallback, secret = false } = {}) {
      for (;;) {
        const answer = (
          await read.line(`${question}${fallback === undefined ? '' : ` [${fallback}]`}: `, secret)
        ).trim();
        if (answer !== '') return answer;
        if (fallback !== undefined) return fallback;
        out(ANSWER_NEEDED);
      }
    },
    close: read.close,
  };
}

interface Lines {
  line(prompt: string, secret: boolean): Promise<string>;
  close(): void;
}

/** All lines may come at once, before they are asked for: the iterator keeps them. */
function pipedLines(input: NodeJS.ReadableStream, out: (text: string) => void): Lines {
  const reader = createInterface({ input, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  return {
    async line(prompt) {
      out(prompt);
      const next = await lines.next();
      out('\n');
      if (next.done) throw new UsageError(ENDED);
      return next.value;
    },
    close: () => reader.close(),
  };
}

function typedLines(input: NodeJS.ReadableStream, out: (text: string) => void): Lines {
  let muted = false;
  const screen = new Writable({
    write(chunk, _, done) {
      if (!muted) out(String(chunk));
      done();
    },
  });
  // Without a history: the up arrow would show a secret that was typed before.
  const reader = createInterface({ input, output: screen, terminal: true, historySize: 0 });
  const closed = new Promise<never>((_, reject) => reader.once('close', () => reject(new UsageError(STOPPED))));
  closed.catch(() => undefined);
  return {
    async line(prompt, secret) {
      if (!secret) return await Promise.race([reader.question(prompt), closed]);
      out(prompt);
      muted = true;
      try {
        return await Promise.race([reader.question(''), closed]);
      } finally {
        muted = false;
        out('\n');
      }
    },
    close: () => reader.close(),
  };
}
