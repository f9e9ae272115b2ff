import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { answerOf, type Line, malformed, type Outbound } from './line.ts';

/** Spring '26: the oldest version that is tested against. */
const FLOOR = 66;
/** Summer '26: a newer one may mean something else. */
const KNOWN = 67;

/**
 * The API version to speak, e.g. `67.0`: the newest that both the org and OptBridge know. Asked of the org once, without
 * a token (the list is open to everybody and counts against no limit); a failed question is asked again next time.
 */
export function createVersion(line: Line, patience: Patience): () => Promise<string> {
  let asked: Promise<string> | undefined;
  return () => {
    asked ??= ask(line, patience).catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

function ask(line: Line, patience: Patience): Promise<string> {
  const outbound: Outbound = { method: 'GET', path: '/services/data' };
  const call = `GET ${outbound.path}`;
  return persist(true, patience, async () => {
    const list = answerOf(line, outbound, await line.send(outbound));
    const versions = Array.isArray(list) ? list.filter(isObject).map((entry) => Number(entry.version)) : [];
    const usable = versions.filter((version) => version <= KNOWN);
    if (usable.length === 0) throw malformed(call, 'no list of API versions: is this the address of a Salesforce org?');
    const best = Math.max(...usable);
    if (best >= FLOOR) return best.toFixed(1);
    throw new ServiceFailure({
      service: 'salesforce',
      kind: 'rejected',
      call,
      words: `the org speaks API version ${best.toFixed(1)} at most, and ${FLOOR}.0 is needed`,
    });
  });
}
