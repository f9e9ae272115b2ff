import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { together } from '../companion/config-reader.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { ExistsError, writeConfigFile } from './init/config-file.ts';
import { interview } from './init/interview.ts';
import { createQuestions, type Questions } from './init/questions.ts';
import { optionsOf, sameConfig, USUAL_CONFIG } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { fitted } from './texts/fitted.ts';
import { CAME_UP, INIT_USAGE, KEPT, NO_FOLDER, OVERWRITE, WELCOME, written, YES_OR_NO } from './texts/init.ts';

const OPTIONS = {
  config: { type: 'string', default: USUAL_CONFIG },
  'secrets-in-file': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** `optbridge init`: asks, tests each answer, writes the configuration file. */
export async function runInit(terminal: Terminal): Promise<number> {
  const line = optionsOf('init', terminal, OPTIONS);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(INIT_USAGE));
    return EXIT_CODES.done;
  }
  const { file } = together({ line: () => line.check(0), file: () => placeFor(options.config) });
  const { env, out } = terminal;
  const questions = createQuestions((terminal.input ?? (() => process.stdin))(), out);
  try {
    out(WELCOME(file));
    const replace = existsSync(file);
    if (replace && !(await yes(questions, out, OVERWRITE(file)))) {
      out(KEPT(file));
      return EXIT_CODES.done;
    }
    const { value, variables } = await interview({ questions, env, out, secretsInFile: options['secrets-in-file'] });
    writeConfigFile(file, `${JSON.stringify(value, null, 2)}\n`, replace);
    const same = options.config === USUAL_CONFIG ? '' : sameConfig(options.config, terminal);
    out(written(file, same, variables, terminal.windows));
    return EXIT_CODES.done;
  } catch (error) {
    if (error instanceof ExistsError) throw new UsageError(CAME_UP(file));
    throw error;
  } finally {
    questions.close();
  }
}

function placeFor(path: string): string {
  const file = resolve(path);
  if (!existsSync(dirname(file))) throw new UsageError(NO_FOLDER(dirname(file)));
  return file;
}

async function yes(questions: Questions, out: (text: string) => void, question: string): Promise<boolean> {
  for (;;) {
    const answer = (await questions.ask(question, { fallback: 'no' })).toLowerCase();
    if (answer === 'yes' || answer === 'y') return true;
    if (answer === 'no' || answer === 'n') return false;
    out(YES_OR_NO);
  }
}
