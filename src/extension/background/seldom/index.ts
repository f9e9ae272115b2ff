// The worker's third script (worker-seldom.js): what it takes to answer our own pages and lists, to move the pill, and to log
// a change as a task. Nobody at a record waits for any of it; see ../more.ts.

export { parsePage } from '../page-request.ts';
export { pageSpeaker } from '../page-sender.ts';
export { createSeldom } from './seldom.ts';
