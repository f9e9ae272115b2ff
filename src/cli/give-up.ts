import { noReport, type RunOutcome } from '../companion/report.ts';
import type { Terminal } from './terminal.ts';

/** Ends a command that has no report: the words go to stderr, and with `--json` one object goes to stdout all the same. */
export function giveUp(terminal: Terminal, outcome: RunOutcome, words: string): number {
  const report = noReport(outcome, words);
  terminal.err(`${words}\n`);
  if (terminal.arguments.includes('--json')) terminal.out(`${JSON.stringify(report)}\n`);
  return report.exitCode;
}
