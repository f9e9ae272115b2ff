import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Reading } from './reading.ts';

/** Says how far the reading is. */
export type Progress = (side: 'activecampaign' | 'salesforce', done: number, of: number | undefined) => void;

/** Pages of ActiveCampaign that may be read at once; the pace is the connection's. */
const ABREAST = 10;

/** Everybody in ActiveCampaign, page by page. */
export async function readActiveCampaign(ac: ActiveCampaign, reading: Reading, progress: Progress): Promise<void> {
  let total: number | undefined;
  let seen = 0;
  for await (const page of ac.contacts({ abreast: ABREAST })) {
    total ??= page.total;
    seen += page.contacts.length;
    reading.addContacts(page.contacts, page.at);
    progress('activecampaign', seen, total);
  }
}
