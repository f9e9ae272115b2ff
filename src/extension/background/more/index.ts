// The worker's second script (worker-more.js): what it takes to set about an act, to explain one, to answer a panel, to sign in
// again, and to say why a service refused.
// A worker that only shows what it knows does without; see ../more.ts.

export { refusalOf as activeCampaignRefusal } from '../../../activecampaign/refusal.ts';
export { refusalOf as salesforceRefusal } from '../../../salesforce/refusal.ts';
export { makeRoom } from '../cache-room.ts';
export { parsePanel } from '../panel-request.ts';
export { problemOf } from '../problem-of.ts';
export { waitAfter } from '../retry.ts';
export { createSecond } from './second.ts';
