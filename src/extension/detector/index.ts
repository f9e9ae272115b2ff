import { guard } from './guard.ts';
import type { Hook } from './hook.ts';
import { askPageOrg, pageOrg } from './page-org.ts';
import { recordIn } from './record.ts';

// An element with this id would answer for the global's name, so only an own property counts as "already here".
if (!Object.hasOwn(globalThis, 'optbridge')) start();

function start(): void {
  const hook: Hook = { record: null, org: pageOrg };
  globalThis.optbridge = hook;
  guard(window, hook);

  let listed = false;
  let tries = 3;
  let at: string | null = null;
  const look = (): void => {
    hook.onMove?.();
    const record = recordIn(location.pathname);
    if (record !== at) {
      at = record;
      // An account may be a person's: it is said to be no record before that is known.
      const account = record?.startsWith('001') && record;
      come(account ? null : record);
      if (account)
        tell({ kind: 'person', account }).then(
          (answer) => {
            const { person } = answer as { person?: string };
            if (person && at === account) come(person);
          },
          () => {},
        );
    }
    // List views, and record pages of any kind, which have related lists. Asked once; the background says no by silence. One
    // that is just being replaced may not answer.
    if (listed || !/^\/lightning\/[or]\//.test(location.pathname)) return;
    listed = true;
    tell({ kind: 'list' }).catch(() => {
      listed = false;
      if (tries-- && chrome.runtime?.id) setTimeout(look, 1000);
    });
  };

  const come = (record: string | null): void => {
    if (record === hook.record) return;
    hook.record = record;
    if (hook.onRecord) hook.onRecord();
    else if (record) seen(record, 3);
    else tell({ kind: 'left' }).catch(() => {});
  };

  /** After an update of the extension `chrome.runtime` is undefined, which rejects as well. */
  const tell = async (message: object): Promise<unknown> => chrome.runtime.sendMessage(message);

  /**
   * Asks for the overlay, and for the marks in related lists with it. A worker that is just being replaced may not
   * answer, so it is asked again a few times.
   */
  const seen = async (record: string, tries: number): Promise<void> => {
    listed = true;
    try {
      const answer = askPageOrg().then((org) => tell({ kind: 'seen', record, ...org }));
      hook.seen = { record, at: Date.now(), answer };
      await answer;
    } catch {
      listed = false;
      if (tries && chrome.runtime?.id)
        setTimeout(() => {
          if (hook.record === record && !hook.onRecord) seen(record, tries - 1);
        }, 1000);
    }
  };

  // `currententrychange` fires in the isolated world for the page's own pushState, replaceState and traversals;
  // `popstate` does not (facts/extension.md). Without the Navigation API the address is looked at twice a second: all that
  // has been said of a list is asked for anew after a navigation, so only another address is one.
  if ('navigation' in window) navigation.addEventListener('currententrychange', look);
  else {
    let last = location.href;
    setInterval(() => {
      if (last === location.href) return;
      last = location.href;
      look();
    }, 500);
  }
  look();
}
