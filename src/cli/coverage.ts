import { together } from '../companion/config-reader.ts';
import { type CoverageStep, readCoverage } from '../companion/coverage.ts';
import { impatientAtFirst } from '../companion/impatient.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { readingServices, Unreadable } from '../companion/unreadable.ts';
import { connect } from './connect.ts';
import { giveUp } from './give-up.ts';
import { LOOK } from './look.ts';
import { configOf, optionsOf } from './options.ts';
import { linesTo } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { COVERAGE_HELP, coverageProgress, coverageText } from './texts/coverage.ts';
import { fitted } from './texts/fitted.ts';

/** `optbridge coverage`: whom a run does not see or may not write, and why. */
export async function runCoverage(terminal: Terminal): Promise<number> {
  const line = optionsOf('coverage', terminal, LOOK);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(COVERAGE_HELP));
    return EXIT_CODES.done;
  }
  const { config } = together({
    line: () => line.check(0),
    config: () => configOf('coverage', options.config, terminal),
  });
  const lines = linesTo(terminal);
  const progress = (step: CoverageStep, done: number) =>
    lines.tell({ name: step, kind: 'coverage', words: coverageProgress(step, done), done });
  try {
    const found = await readingServices(() =>
      readCoverage({ config, ...connect(config, impatientAtFirst) }, progress),
    ).finally(lines.end);
    terminal.out(options.json ? `${JSON.stringify(found)}\n` : coverageText(found));
    return EXIT_CODES.done;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return giveUp(terminal, 'failed', error.message);
  }
}
