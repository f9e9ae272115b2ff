// The worker's second script (worker-more.js): what it takes to set about an act, to explain one, to sign in again, and to
// say why a service refused.
// A worker that only shows what it knows does without; see ../more.ts.

export { refusalOf as activeCampaignRefusal } from '../../../activecampaign/refusal.ts';
export { refusalOf as salesforceRefusal } from '../../../salesforce/refusal.ts';
export { savePlace } from '../../places.ts';
export { authorizeSilently, refreshToken } from '../../signin/login.ts';
export { openSignIn } from '../../signin/window.ts';
export { aboutPerson } from '../about.ts';
export { makeRoom } from '../cache-room.ts';
export { createDrain } from '../drain.ts';
export { answerList } from '../list-api.ts';
export { namesOf } from '../names.ts';
export { answerPage } from '../page-api.ts';
export { parsePage } from '../page-request.ts';
export { keepPlace, openPanel } from '../placed.ts';
export { problemOf } from '../problem-of.ts';
export { waitAfter } from '../retry.ts';
export { createSessions } from '../session.ts';
export { addressOfAct, createSides } from '../sides.ts';
export { createStuck } from '../stuck.ts';
export { logAct } from '../task-log.ts';
export { undoOf } from '../undo.ts';
