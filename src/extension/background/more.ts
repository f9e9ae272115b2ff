import type * as More from './more/index.ts';
import type * as Seldom from './seldom/index.ts';

/**
 * The worker's second and third script, each run when it is first needed. A service worker may run a script late only if it
 * ran it while it was installed too: whoever starts the worker calls both on `install`. Firefox's background page has them
 * from the start.
 */
export const more = (): typeof More => left('optbridgeMore', '/worker-more.js');
export const seldom = (): typeof Seldom => left('optbridgeSeldom', '/worker-seldom.js');

function left<Name extends 'optbridgeMore' | 'optbridgeSeldom'>(name: Name, file: string) {
  if (!globalThis[name]) importScripts(file);
  const made = globalThis[name];
  if (!made) throw new Error(`${file} did not load`);
  return made;
}

declare global {
  /** What worker-more.js leaves behind. */
  var optbridgeMore: typeof More | undefined;
  /** What worker-seldom.js leaves behind. */
  var optbridgeSeldom: typeof Seldom | undefined;
}
