import { parseArgs } from 'node:util';
import { Play, StepFailed } from './play.ts';
import { Started } from './started.ts';
import { INTERRUPTED, NOT_STOPPED, STOPPED, STOPPED_BY_ITSELF, UNEXPECTED, USAGE, WELCOME } from './texts.ts';

/** `npm run demo`. Exit code 0: everything that was said happened; 1: it did not; 2: wrong option; 130: interrupted. */

const tell = (text: string): void => void process.stdout.write(text);
// Who reads our words may go away first (`| head`, a closed terminal); the end has to be orderly all the same.
process.stdout.on('error', () => undefined);

const started = new Started();
/** How long stopping may take, in milliseconds; the operating system does the rest. */
const PATIENCE = 10_000;
/** The exit code from now on, once somebody has asked for the end. */
let interruption = 130;
let interrupted = false;

/** Stops everything and leaves. */
async function leave(code: number, words: string): Promise<never> {
  setTimeout(() => {
    tell(NOT_STOPPED);
    process.exit(1);
  }, PATIENCE).unref();
  await started.end();
  tell(words);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    tell(INTERRUPTED);
    void leave(interruption, STOPPED);
  });

function keepOf(args: readonly string[]): boolean {
  try {
    return parseArgs({ args: [...args], options: { keep: { type: 'boolean', default: false } } }).values.keep;
  } catch (cause) {
    tell(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const keep = keepOf(process.argv.slice(2));
tell(WELCOME);
try {
  const play = new Play(
    started,
    (text) => {
      if (!interrupted) tell(text);
    },
    () => performance.now(),
  );
  const kept = await play.run();
  if (keep) {
    tell(kept);
    interruption = 0;
  } else if (!interrupted) await leave(0, STOPPED_BY_ITSELF);
} catch (cause) {
  // What breaks while everything is being stopped is no news.
  if (!interrupted) {
    tell(cause instanceof StepFailed ? cause.message : UNEXPECTED(String(cause)));
    await leave(1, STOPPED);
  }
}
