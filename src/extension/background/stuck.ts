import { type Act, SERVICES } from './act.ts';
import type { BadgeText, Toolbar } from './badge.ts';
import { passes } from './retry.ts';

export interface StuckPorts {
  readonly toolbar: Toolbar;
  /** Acts on their way. */
  open(): Promise<readonly Act[]>;
  recordTabs(): Promise<readonly { readonly tabId: number }[]>;
  /** Draws one tab's sign anew. */
  look(tab: number): Promise<void>;
  say(key: BadgeText, value: string): string;
}

/** This many failures of what time alone should mend are no passing trouble any more. */
const TRIES = 3;

/** Whether somebody should look at it: a service refused, or did not answer several times. */
function isStuck(act: Act): boolean {
  return SERVICES.some((service) => {
    const { step, problem, attempt } = act.halves[service];
    return step !== 'verified' && problem !== null && (attempt >= TRIES || !passes(problem.kind));
  });
}

/** Counts what is stuck, shows it over all tabs, and has every tab's sign drawn anew when that begins or ends. */
export function createStuck({ toolbar, open, recordTabs, look, say }: StuckPorts): () => Promise<void> {
  async function count(): Promise<void> {
    const stuck = (await open()).filter(isStuck).length;
    const sign = stuck > 0 ? '!' : '';
    const title = stuck > 0 ? say('badge_stuck', `${stuck}`) : say('extension_name', '');
    const before = await toolbar.all();
    await toolbar.show(sign, title);
    if (sign !== before.sign || (stuck > 0 && title !== before.title))
      await Promise.all((await recordTabs()).map(({ tabId }) => look(tabId)));
  }

  let turn = Promise.resolve();
  // One after the other, so that the last count is what stays.
  return () => {
    turn = turn.then(count).catch(() => undefined);
    return turn;
  };
}
