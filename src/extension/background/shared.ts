import * as wire from '../../activecampaign/wire.ts';
import * as line from '../../salesforce/line.ts';
import * as person from '../../salesforce/person.ts';
import * as salesforce from '../../salesforce/salesforce.ts';
import * as failure from '../../service/failure.ts';
import * as http from '../../service/http.ts';
import * as persistence from '../../service/retry.ts';
import * as act from './act.ts';
import * as membership from './membership.ts';
import * as problem from './problem.ts';
import * as retry from './retry.ts';
import * as wish from './wish.ts';

/** What the worker's second script takes from the first (vite.worker-more.config.ts), so that it is there once. */
globalThis.optbridgeWorker = {
  wire,
  line,
  person,
  salesforce,
  failure,
  http,
  persistence,
  act,
  membership,
  problem,
  retry,
  wish,
};

declare global {
  var optbridgeWorker: unknown;
}
