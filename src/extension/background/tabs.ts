import { longId } from '../../salesforce/salesforce.ts';
import { browser } from '../browser.ts';
import type { Place, Push, Status } from '../messages.ts';
import { accountInUrl, recordInUrl } from '../record-url.ts';
import { say } from '../say.ts';
import { shelf } from './cache.ts';
import { apiHostOf } from './host.ts';
import { personKnown } from './person-account.ts';
import type { TabSpeaker } from './sender.ts';
import type { OpenRecord } from './statuses.ts';

/** Record pages open in this browser, asked anew each time: a worker that just started knows of none. */
export async function recordTabs(): Promise<(OpenRecord & { readonly tabId: number })[]> {
  const tabs = await browser.tabs.query({ url: 'https://*.lightning.force.com/*' });
  const shown = tabs.map(async ({ id, url }) => {
    if (id === undefined || url === undefined) return [];
    const host = apiHostOf(new URL(url).origin);
    const record = host && (await recordAt(host, url));
    return record ? [{ tabId: id, host, record }] : [];
  });
  return (await Promise.all(shown)).flat();
}

/** The record that a page shows, also where that is a person account's. */
async function recordAt(host: string, url: string): Promise<string | undefined> {
  const account = accountInUrl(url);
  return account ? personKnown(shelf, host, account) : recordInUrl(url);
}

export async function openRecords(): Promise<readonly OpenRecord[]> {
  const seen = new Map((await recordTabs()).map(({ host, record }) => [`${host} ${record}`, { host, record }]));
  return [...seen.values()];
}

/** What this tab shows of an org, null where it is another page. */
export async function shownIn(tabId: number): Promise<{ host: string; record: string | null } | null> {
  const url = await addressOf(tabId);
  const host = url === undefined ? undefined : apiHostOf(url);
  return host === undefined || url === undefined ? null : { host, record: (await recordAt(host, url)) || null };
}

async function addressOf(tabId: number): Promise<string | undefined> {
  try {
    return (await browser.tabs.get(tabId)).url;
  } catch {
    // The tab is closed by now, or there never was one.
    return undefined;
  }
}

/** Says it to the overlay of a tab; false where there is none. */
export function push(tabId: number, said: Push): Promise<boolean> {
  return browser.tabs.sendMessage(tabId, said, { frameId: 0 }).then(
    () => true,
    () => false,
  );
}

/** Tabs that show the record now. */
export async function tabsShowing({ host, record }: OpenRecord): Promise<readonly number[]> {
  const id = longId(record);
  return (await recordTabs()).filter((tab) => tab.host === host && tab.record === id).map(({ tabId }) => tabId);
}

/**
 * Tells every tab that shows the record, and then `told` of each; answers how many heard it. A tab without our overlay hears
 * nothing, and an overlay that shows another record by now drops what it hears.
 * @param known those that showed it a moment ago: they are told first, since somebody waits there
 */
export async function pushStatus(
  record: OpenRecord,
  said: Promise<Status>,
  told: (tab: number) => void,
  known?: Promise<readonly number[]>,
): Promise<number> {
  const tell = (tabs: readonly number[], status: Status) =>
    tabs.map(async (tab) => {
      const heard = await push(tab, { kind: 'status', status });
      told(tab);
      return heard;
    });
  const [first, status] = await Promise.all([known ?? tabsShowing(record), said]);
  const hearing = tell(first, status);
  if (known)
    hearing.push(
      ...tell(
        (await tabsShowing(record)).filter((tab) => !first.includes(tab)),
        status,
      ),
    );
  return (await Promise.all(hearing)).filter(Boolean).length;
}

/**
 * Puts a part of the overlay into the document that asked for it; into the tab's top frame where documents have no ids.
 * The pill's texts go with it, and `place` goes first, through the object that the detector and the overlay share.
 */
export async function injectOverlay({ tabId, documentId }: TabSpeaker, part: string, place?: Place): Promise<void> {
  const here = {
    target: documentId === undefined ? { tabId, frameIds: [0] } : { tabId, documentIds: [documentId] },
    injectImmediately: true,
    world: 'ISOLATED',
  } as const;
  const placed =
    place &&
    browser.scripting.executeScript({
      ...here,
      args: [place],
      func: (place: Place) => {
        // A field that is null is lost on the way.
        if (globalThis.optbridge) globalThis.optbridge.place = { ...place, at: place.at ?? null };
      },
    });
  const files = [`${part}.js`];
  if (part === 'overlay') files.unshift(`texts/${say('language')}.js`);
  await Promise.all([placed, browser.scripting.executeScript({ ...here, files })]);
}
