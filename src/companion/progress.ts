/** Says how far the reading is. */
export type Progress = (side: 'activecampaign' | 'salesforce', done: number, of: number | undefined) => void;

/** Pages of ActiveCampaign that may be read at once; the pace is the connection's. */
export const ABREAST = 10;
