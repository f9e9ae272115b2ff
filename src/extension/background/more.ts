import type * as More from './more/index.ts';

const FILE = '/worker-more.js';

/**
 * The worker's second script, run when it is first needed. A service worker may run a script late only if it ran it while
 * it was installed too: whoever starts the worker calls this on `install`. Firefox's background page has it from the start.
 */
export function more(): typeof More {
  if (!globalThis.optbridgeMore) importScripts(FILE);
  const { optbridgeMore } = globalThis;
  if (!optbridgeMore) throw new Error(`${FILE} did not load`);
  return optbridgeMore;
}

declare global {
  /** What worker-more.js leaves behind. */
  var optbridgeMore: typeof More | undefined;
}
