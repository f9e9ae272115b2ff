import { workerPart } from './tools/worker-part.ts';

/** The worker's third script: what nobody at a record waits for. */
export default workerPart('seldom', 'optbridgeSeldom');
