/** Says how far the reading is. */
export type Progress = (side: 'activecampaign' | 'salesforce', done: number, of: number | undefined) => void;

/** Requests to ActiveCampaign that may be under way at once; the pace is the connection's. */
export const ABREAST = 10;
