import { countOf, idOf, instantOf, itemsOf, textOf } from '../../activecampaign/wire.ts';
import { fieldIn, partsOf } from '../../salesforce/field-name.ts';
import { answerOf, createLine, malformed } from '../../salesforce/line.ts';
import { fromEach, readRecord, readRecordsOf } from '../../salesforce/person.ts';
import { liveCondition, longId, objectOf, soqlString } from '../../salesforce/salesforce.ts';
import { ServiceFailure } from '../../service/failure.ts';
import { isObject, parsed, retryAfterOf } from '../../service/http.ts';
import { persist } from '../../service/retry.ts';
import { changing, reading, result } from '../database.ts';
import { aimOf, isDone, logOf, movable, newAct, SERVICES, samePerson, withHalf } from './act.ts';
import { anyhow, isActId, wellFormed } from './form.ts';
import { sameWish } from './meeting.ts';
import { listsInScope, membershipsInScope, readContacts } from './membership.ts';
import { kept, plain, write } from './outbox-store.ts';
import { NotConfigured, OwnFailure } from './problem.ts';
import { hasRecord, isListId } from './request.ts';
import { refuse } from './sender.ts';
import { currentSession, nobody } from './signed-in.ts';
import { pendingOf } from './status.ts';
import { letsIn } from './wish.ts';

/**
 * What the worker's later scripts take from the first (tools/worker-part.ts), so that it is there once: all of what they
 * import from these modules, by name.
 */
globalThis.optbridgeWorker = {
  countOf,
  idOf,
  instantOf,
  itemsOf,
  textOf,
  answerOf,
  createLine,
  malformed,
  fieldIn,
  partsOf,
  fromEach,
  readRecord,
  readRecordsOf,
  liveCondition,
  longId,
  objectOf,
  soqlString,
  ServiceFailure,
  isObject,
  parsed,
  retryAfterOf,
  persist,
  changing,
  reading,
  result,
  aimOf,
  isDone,
  logOf,
  movable,
  newAct,
  SERVICES,
  samePerson,
  withHalf,
  listsInScope,
  membershipsInScope,
  readContacts,
  kept,
  plain,
  write,
  NotConfigured,
  OwnFailure,
  letsIn,
  anyhow,
  isActId,
  wellFormed,
  sameWish,
  hasRecord,
  isListId,
  refuse,
  currentSession,
  nobody,
  pendingOf,
};

declare global {
  var optbridgeWorker: unknown;
}
