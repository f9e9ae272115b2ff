import { guard } from './guard.ts';
import type { Hook } from './hook.ts';
import { pageOrg } from './page-org.ts';
import { recordIn } from './record.ts';

// An element with this id would answer for the global's name, so only an own property counts as "already here".
if (!Object.hasOwn(globalThis, 'optbridge')) start();

function start(): void {
  const hook: Hook = { record: null, org: pageOrg };
  globalThis.optbridge = hook;
  guard(window, hook);

  let listed = false;
  const look = (): void => {
    hook.onMove?.();
    // List views, and record pages of any kind, which have related lists. Asked once; the background says no by silence.
    if (!listed && /^\/lightning\/[or]\//.test(location.pathname)) {
      listed = true;
      tell({ kind: 'list' }).catch(() => {
        listed = false;
      });
    }
    const record = recordIn(location.pathname);
    if (record === hook.record) return;
    hook.record = record;
    if (hook.onRecord) hook.onRecord();
    else if (record) seen(record, 3);
    else tell({ kind: 'left' }).catch(() => {});
  };

  /** After an update of the extension `chrome.runtime` is undefined, which rejects as well. */
  const tell = async (message: object): Promise<unknown> => chrome.runtime.sendMessage(message);

  /** Asks for the overlay. A worker that is just being replaced may not answer, so it is asked again a few times. */
  const seen = async (record: string, tries: number): Promise<void> => {
    try {
      await tell({ kind: 'seen', record, ...pageOrg() });
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
