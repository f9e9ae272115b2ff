import { isatty } from 'node:tty';
import { STOPPING } from './texts/schedule.ts';

/** Somebody may ask this process to stop. */
export interface Stop {
  /** Aborted once somebody has asked. */
  readonly signal: AbortSignal;
  /** No longer listens. */
  readonly end: () => void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Listens for SIGTERM and Ctrl-C. The first asks for a clean stop after the batch in hand. After it nobody listens any
 * more: the second ends the process at once, which a run survives as it survives any kill. A terminal that was closed
 * (SIGHUP) asks for the same, and says so more than once: by the shell, and by the system after it.
 * @param terminal whether there is one. Without, as under nohup, SIGHUP is passed over: Node would end the process,
 * whatever nohup had asked for
 */
export function stopOnSignals(say: (words: string) => void, terminal = [0, 1, 2].some(isatty)): Stop {
  const asked = new AbortController();
  const deafen = () => {
    for (const name of SIGNALS) process.off(name, ask);
  };
  const ask = () => {
    deafen();
    say(STOPPING);
    asked.abort();
  };
  const hungUp = () => {
    if (terminal && !asked.signal.aborted) ask();
  };
  for (const name of SIGNALS) process.on(name, ask);
  process.on('SIGHUP', hungUp);
  const end = () => {
    deafen();
    process.off('SIGHUP', hungUp);
  };
  return { signal: asked.signal, end };
}
