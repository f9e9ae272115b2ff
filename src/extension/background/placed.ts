import type { Place, Push } from '../messages.ts';
import type { savePlace } from '../places.ts';

/** What it takes of the browser to keep how reps left the pill, org by org (the API host). */
export interface PlacePorts {
  placeOf(host: string): Promise<Place | undefined>;
  /** Every tab with a record page. */
  recordTabs(): Promise<readonly { readonly tabId: number; readonly host: string }[]>;
  /** Says it to the overlay of a tab; false where there is none. */
  push(tabId: number, said: Push): Promise<boolean>;
  inject(
    at: { readonly tabId: number; readonly documentId: string | undefined },
    part: string,
    place?: Place,
  ): Promise<void>;
}

/** Keeps it, and nothing that came with it. */
export async function keepPlace(
  ports: PlacePorts,
  host: string,
  { at, hidden }: Place,
  save: typeof savePlace,
): Promise<void> {
  await save(host, { at: at && { x: at.x, y: at.y, dx: at.dx, dy: at.dy }, hidden });
  await tellPlace(ports, host);
}

/** Tells the org's open pages what is kept, and brings the overlay to those that have none because it was hidden. */
export async function tellPlace({ placeOf, recordTabs, push, inject }: PlacePorts, host: string): Promise<void> {
  const place = (await placeOf(host)) ?? { at: null, hidden: false };
  const mine = (await recordTabs()).filter((tab) => tab.host === host);
  await Promise.all(
    mine.map(async ({ tabId }) => {
      if ((await push(tabId, { kind: 'place', place })) || place.hidden) return;
      await inject({ tabId, documentId: undefined }, 'overlay', place);
    }),
  );
}

/**
 * Opens the panel in a tab that shows a record, also where the pill is hidden; brings the overlay there first, if it is
 * not there yet. Rejects where there is no record, or nothing can be put into the page.
 */
export async function openPanel({ placeOf, recordTabs, push, inject }: PlacePorts, tabId: number): Promise<void> {
  const shown = (await recordTabs()).find((tab) => tab.tabId === tabId);
  if (!shown) throw new Error('the tab shows no record');
  const place = await placeOf(shown.host);
  // Injected where they are already, they do nothing.
  for (const part of ['overlay', 'overlay-more']) await inject({ tabId, documentId: undefined }, part, place);
  if (!(await push(tabId, { kind: 'open' }))) throw new Error('the overlay does not answer');
}
