import { workerPart } from './tools/worker-part.ts';

/** The worker's second script: what a panel and a click take. */
export default workerPart('more', 'optbridgeMore');
