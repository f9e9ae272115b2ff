import { longId } from '../../salesforce/salesforce.ts';
import { browser } from '../browser.ts';
import type { Place, Push, Status } from '../messages.ts';
import { recordInUrl } from '../record-url.ts';
import { apiHostOf } from './host.ts';
import type { TabSpeaker } from './sender.ts';
import type { OpenRecord } from './statuses.ts';

/** Record pages open in this browser, asked anew each time: a worker that just started knows of none. */
export async function recordTabs(): Promise<(OpenRecord & { readonly tabId: number })[]> {
  const tabs = await browser.tabs.query({ url: 'https://*.lightning.force.com/*' });
  return tabs.flatMap(({ id, url }) => {
    if (id === undefined || url === undefined) return [];
    const host = apiHostOf(new URL(url).origin);
    const record = recordInUrl(url);
    return host === undefined || record === undefined ? [] : [{ tabId: id, host, record }];
  });
}

export async function openRecords(): Promise<readonly OpenRecord[]> {
  const seen = new Map((await recordTabs()).map(({ host, record }) => [`${host} ${record}`, { host, record }]));
  return [...seen.values()];
}

/** What this tab shows of an org, null where it is another page. */
export async function shownIn(tabId: number): Promise<{ host: string; record: string | null } | null> {
  const url = await addressOf(tabId);
  const host = url === undefined ? undefined : apiHostOf(url);
  return host === undefined || url === undefined ? null : { host, record: recordInUrl(url) ?? null };
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

/**
 * Tells every tab that shows the record, and `told` of each; answers how many heard it. A tab without our overlay hears
 * nothing.
 */
export async function pushStatus(
  { host, record }: OpenRecord,
  said: Promise<Status>,
  told: (tab: number) => void,
): Promise<number> {
  const [tabs, status] = await Promise.all([recordTabs(), said]);
  const mine = tabs.filter((tab) => tab.host === host && tab.record === longId(record));
  const hearing = mine.map(({ tabId }) => push(tabId, { kind: 'status', status }));
  for (const { tabId } of mine) told(tabId);
  const heard = await Promise.all(hearing);
  return heard.filter((one) => one).length;
}

/**
 * Puts a part of the overlay into the document that asked for it; into the tab's top frame where documents have no ids.
 * `place` goes first, through the object that the detector and the overlay share.
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
  await Promise.all([placed, browser.scripting.executeScript({ ...here, files: [`${part}.js`] })]);
}
