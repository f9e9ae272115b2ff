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
 * more: the second ends the process at once, which a run survives as it survives any kill.
 */
export function stopOnSignals(say: (words: string) => void): Stop {
  const asked = new AbortController();
  const end = () => {
    for (const name of SIGNALS) process.off(name, ask);
  };
  const ask = () => {
    end();
    say(STOPPING);
    asked.abort();
  };
  for (const name of SIGNALS) process.on(name, ask);
  return { signal: asked.signal, end };
}
