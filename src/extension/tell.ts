import type { Ask } from './ask.ts';
import type { PageRequest } from './page-messages.ts';

/** Pauses before each try, in milliseconds: a worker that is just being replaced hears nothing, and the next one does. */
const PAUSES = [0, 300, 1_500];
/** A try that is not answered by then will not be, in milliseconds: nothing that is told takes a service's time. */
const PATIENCE = 3_000;

/** What is done already, and the background has only to be told of; telling it twice does no harm. */
type News = Extract<PageRequest, { kind: 'session-changed' | 'settings-changed' }>;

/**
 * Tells the background of what was just saved. Resolves whether it answered that it took it; until then its open pages
 * may go by what was there before. Never rejects.
 */
export async function tell(
  ask: Ask,
  news: News,
  sleep = (ms: number): Promise<unknown> => new Promise((wake) => setTimeout(wake, ms)),
): Promise<boolean> {
  for (const pause of PAUSES) {
    if (pause > 0) await sleep(pause);
    const heard = ask(news).then(({ ok }) => ok);
    if (await Promise.race([heard, sleep(PATIENCE).then(() => false)])) return true;
  }
  return false;
}
