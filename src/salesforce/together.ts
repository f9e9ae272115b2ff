import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import { compositeReplies } from './composite.ts';
import { createProtocol, describePath } from './protocol.ts';
import { type Ask, basePath, queryPath, type Reach } from './records.ts';
import type { AskedTogether, Questions, Salesforce } from './salesforce.ts';

/** Of the parts of one composite call, and how many of them may be queries (facts/salesforce.md section 2). */
const PARTS = 25;
const QUERIES = 5;

/**
 * `Salesforce.together`: questions as the parts of composite calls, each of which counts as one call. Whatever does not
 * come as it should is asked by itself when its answer is wanted, with all that a question by itself has: the retries,
 * the renewal of a token, its own failure. So a composite call can spare calls, and nothing else.
 */
export function createTogether(reach: Reach): NonNullable<Salesforce['together']> {
  /** An org that refuses composite calls, or lets them wait for too long, is asked for no other. */
  let apart = false;

  async function fetched(base: string, paths: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    if (apart) return new Map();
    const compositeRequest = paths.map((url, n) => ({ method: 'GET', url, referenceId: `part${n}` }));
    const body = JSON.stringify({ allOrNone: false, collateSubrequests: false, compositeRequest });
    try {
      const replies = await reach.ask({ method: 'POST', path: `${base}/composite`, body }, compositeReplies);
      return new Map(
        paths.flatMap((path, n): [string, unknown][] => {
          const reply = replies.find(({ referenceId }) => referenceId === `part${n}`);
          return reply?.httpStatusCode === 200 && isObject(reply.body) ? [[path, reply.body]] : [];
        }),
      );
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      apart = true;
      return new Map();
    }
  }

  return async ({ describe = [], queries = [] }) => {
    const base = await basePath(reach.version);
    const answers = new Map<string, unknown>();
    for (const paths of inCalls(base, { describe, queries }))
      for (const [path, body] of await fetched(base, paths)) answers.set(path, body);
    return createProtocol({ ...reach, ask: answered(reach.ask, answers) }) satisfies Questions;
  };
}

function inCalls(base: string, { describe = [], queries = [] }: AskedTogether): string[][] {
  const asked = queries.map(({ soql, deleted = false }) => queryPath(base, soql, deleted));
  const calls: string[][] = [];
  for (let from = 0; from < asked.length; from += QUERIES) calls.push(asked.slice(from, from + QUERIES));
  const [first = [], ...more] = calls;
  const with1st = [...describe.map((object) => describePath(base, object)), ...first];
  return [with1st, ...more].filter((paths) => paths.length > 1 && paths.length <= PARTS);
}

/** Asks only for what is not there. An answer is given once: whoever asks the same again wants to know it anew. */
function answered(ask: Ask, answers: Map<string, unknown>): Ask {
  return async (outbound, read) => {
    const { method, path } = outbound;
    if (method !== 'GET' || !answers.has(path)) return ask(outbound, read);
    const body = answers.get(path);
    answers.delete(path);
    return orUnreadable(() => read(body)) ?? ask(outbound, read);
  };
}

function orUnreadable<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ServiceFailure) return undefined;
    throw error;
  }
}
