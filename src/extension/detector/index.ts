import { guard } from './guard.ts';
import type { Hook } from './hook.ts';
import { recordIn } from './record.ts';

// An element with this id would answer for the global's name, so only an own property counts as "already here".
if (!Object.hasOwn(globalThis, 'optbridge')) start();

function start(): void {
  const hook: Hook = { record: null };
  globalThis.optbridge = hook;
  guard(window, hook);

  const look = (): void => {
    const record = recordIn(location.pathname);
    if (record === hook.record) return;
    hook.record = record;
    if (hook.onRecord) hook.onRecord();
    else if (record) seen(record, 3);
  };

  /** Asks for the overlay. A worker that is just being replaced may not answer, so it is asked again a few times. */
  const seen = async (record: string, tries: number): Promise<void> => {
    try {
      // After an update of the extension `chrome.runtime` is undefined here, which lands in the catch as well.
      await chrome.runtime.sendMessage({ kind: 'seen', record });
    } catch {
      if (tries && chrome.runtime?.id)
        setTimeout(() => {
          if (hook.record === record && !hook.onRecord) seen(record, tries - 1);
        }, 1000);
    }
  };

  // `currententrychange` fires in the isolated world for the page's own pushState, replaceState and traversals;
  // `popstate` does not (facts/extension.md). Without the Navigation API the address is looked at twice a second.
  if ('navigation' in window) navigation.addEventListener('currententrychange', look);
  else setInterval(look, 500);
  look();
}
