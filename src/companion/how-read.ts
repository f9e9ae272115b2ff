import type { Comparison } from './compare-readings.ts';
import { FULL_WORDS, type RecordsRead } from './continuity.ts';

/** Which reading of both services a run made. */
export interface HowRead extends RecordsRead {
  readonly activecampaign: ContactsRead;
}

/** Which reading of ActiveCampaign it was. */
export interface ContactsRead {
  readonly kind: 'everybody' | 'by-list';
  /** How it stands with the cheaper one after this run. */
  readonly comparison: Comparison;
  /** Why it was everybody, although reading by list had agreed; null otherwise. */
  readonly alarm: string | null;
}

/** The same reading with how it stands now with the cheaper one. */
export function readAsOfNow(read: HowRead, comparison: Comparison): HowRead {
  return { ...read, activecampaign: { ...read.activecampaign, comparison } };
}

/** Of a run that has no reading. */
export const ENDED_EARLY = 'It ended before both sides were read: nobody was decided about, and nothing was written.';

/** A time as people read it, to the minute. */
const moment = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** The reading in sentences. */
export function howRead({ why, since, activecampaign }: HowRead): string {
  const salesforce =
    why === null
      ? `what has changed since ${moment(new Date(since ?? 0).toISOString())} was read`
      : `everybody was read: ${FULL_WORDS[why]}`;
  const contacts =
    activecampaign.kind === 'by-list'
      ? 'who is out, new, changed, or out in Salesforce was read'
      : `everybody was read: ${activecampaign.alarm ?? comparisonInWords(activecampaign.comparison)}`;
  return `Salesforce: ${salesforce}. ActiveCampaign: ${contacts}.`;
}

/** How it stands with the cheaper reading of ActiveCampaign. */
export function comparisonInWords({ state, on, why, calls }: Comparison): string {
  const day = on === null ? '' : ` on ${on.slice(0, 10)}`;
  if (state === 'agreed')
    return `reading by list agreed with reading everybody${day}${calls ? ` (${calls.some} calls instead of ${calls.everybody})` : ''}`;
  if (state === 'differed') return `reading by list differed${day}: ${why}`;
  if (state === 'dear') return `reading by list would not be cheaper (looked at${day}): ${why}`;
  return `reading by list was never compared with it${why === null ? '' : ` (${why})`}`;
}
