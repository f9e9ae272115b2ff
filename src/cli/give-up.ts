import { ConfigError } from '../companion/config-reader.ts';
import { noReport, type RunOutcome } from '../companion/report.ts';
import { StoreError } from '../companion/store-trouble.ts';
import type { Terminal } from './terminal.ts';
import { wrapped } from './texts/plain.ts';
import { lineWidth } from './texts/width.ts';
import { CRASHED } from './texts.ts';

/** How a command ends that an error ended, and what it says. */
export function problemIn(error: unknown): { readonly outcome: 'usage' | 'failed'; readonly words: string } {
  if (error instanceof StoreError) return { outcome: error.outcome, words: error.message };
  const words = error instanceof Error ? error.message : String(error);
  const usage = error instanceof ConfigError;
  return usage ? { outcome: 'usage', words } : { outcome: 'failed', words: CRASHED(words) };
}

/** Ends a command that has no report: the words go to stderr, and with `--json` one object goes to stdout all the same. */
export function giveUp(terminal: Terminal, outcome: RunOutcome, words: string): number {
  const report = noReport(outcome, words);
  terminal.err(`${inLines(words, terminal)}\n`);
  if (terminal.arguments.includes('--json')) terminal.out(`${JSON.stringify(report)}\n`);
  return report.exitCode;
}

/** A terminal would break a line within a word; a file, or another program, gets each problem in one line. */
function inLines(words: string, { terminal, columns }: Terminal): string {
  if (!terminal) return words;
  const width = columns?.() || lineWidth();
  return words
    .split('\n')
    .flatMap((line) => wrapped(line, '  ', width))
    .join('\n');
}
