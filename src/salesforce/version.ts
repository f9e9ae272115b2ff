import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { answerOf, type Line, malformed, type Outbound } from './line.ts';

/** Collections, Bulk 2.0 and everything else that is used here are in all versions from this one on. */
const FLOOR = 50;
/** Summer '26: a newer one may mean something else. */
const KNOWN = 67;

/**
 * The API version to speak, e.g. `67.0`: the newest that both the org and OptBridge know, or the oldest of an org that
 * speaks only newer ones. Asked of the org once, without
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
    if (versions.length === 0)
      throw malformed(call, 'no list of API versions: is this the address of a Salesforce org?');
    const usable = versions.filter((version) => version <= KNOWN);
    const best = usable.length > 0 ? Math.max(...usable) : Math.min(...versions);
    if (best >= FLOOR) return best.toFixed(1);
    throw new ServiceFailure({
      service: 'salesforce',
      kind: 'rejected',
      call,
      words: `the org speaks API version ${best.toFixed(1)} at most, and ${FLOOR}.0 is needed`,
    });
  });
}
