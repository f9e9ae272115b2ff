import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import type { Outbound } from './line.ts';
import { basePath, type Reach, sendCollection } from './records.ts';
import { refusalOf } from './refusal.ts';
import type { RecordUpdate, Salesforce } from './salesforce.ts';
import { CHUNK, collectionCall, type Fate, fatesOf, sharedFate, updateAll } from './update.ts';

/** Collections that one composite call may carry (facts/salesforce.md section 2). */
const COLLECTIONS = 5;
/** Records that one composite call carries. */
export const COMPOSITE = COLLECTIONS * CHUNK;

/**
 * `Salesforce.update` with up to five collections a call, for the companion. A composite call that the org refuses is
 * sent as collections of their own, and no other is tried.
 */
export function compositeUpdate(reach: Reach): Salesforce['update'] {
  const { ask, version, sleep, random } = reach;
  let refused = false;

  async function singles(chunks: readonly (readonly RecordUpdate[])[]): Promise<readonly Fate[]> {
    const fates: Fate[] = [];
    for (const chunk of chunks) fates.push(...(await sendCollection(reach, chunk)));
    return fates;
  }

  async function send(updates: readonly RecordUpdate[]): Promise<readonly Fate[]> {
    const chunks = inChunks(updates);
    if (refused || chunks.length === 1) return singles(chunks);
    try {
      const call = compositeCall(await basePath(version), chunks);
      const parts = await ask(call, (body) => partsOf(chunks, body));
      const fates: Fate[] = [];
      // A collection that was not carried out at all, for whatever the org has against it here, is sent by itself.
      for (const [index, part] of parts.entries())
        fates.push(...(part.every(wasRefused) ? await sendCollection(reach, chunks[index] ?? []) : part));
      return fates;
    } catch (error) {
      if (!(error instanceof ServiceFailure) || !isRefusal(error)) return sharedFate(updates, error);
      refused = true;
      return singles(chunks);
    }
  }

  return (updates) => updateAll({ updates, sleep, random, send, size: COMPOSITE });
}

function inChunks(updates: readonly RecordUpdate[]): (readonly RecordUpdate[])[] {
  const chunks: (readonly RecordUpdate[])[] = [];
  for (let from = 0; from < updates.length; from += CHUNK) chunks.push(updates.slice(from, from + CHUNK));
  return chunks;
}

/** The collections as subrequests. Only headers of its own reach a subrequest. */
function compositeCall(base: string, chunks: readonly (readonly RecordUpdate[])[]): Outbound {
  const compositeRequest = chunks.map((chunk, index) => {
    const { method, path, headers, body = '' } = collectionCall(base, chunk);
    return { method, url: path, referenceId: `part${index}`, httpHeaders: headers, body: JSON.parse(body) as unknown };
  });
  const { headers = {} } = collectionCall(base, []);
  return {
    method: 'POST',
    path: `${base}/composite`,
    headers,
    body: JSON.stringify({ allOrNone: false, collateSubrequests: false, compositeRequest }),
  };
}

/** Every row's fate, collection by collection; undefined when this is not the reply to these. */
function partsOf(chunks: readonly (readonly RecordUpdate[])[], body: unknown): (readonly Fate[])[] | undefined {
  const replies = compositeReplies(body) ?? [];
  const parts = chunks.map((chunk, index): readonly Fate[] | undefined => {
    const call = `PATCH composite/sobjects (${index + 1} of ${chunks.length})`;
    const reply = replies.find(({ referenceId }) => referenceId === `part${index}`);
    const status = Number(reply?.httpStatusCode);
    if (!reply || Number.isNaN(status)) return undefined;
    if (status < 300) return fatesOf(call, chunk, reply.body);
    const text = JSON.stringify(reply.body) ?? '';
    return sharedFate(chunk, refusalOf(call, { status, text, headers: new Headers(), at: undefined }));
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** The replies to the parts of a composite call; undefined when this is no reply to one. */
export function compositeReplies(body: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  return isObject(body) && Array.isArray(body.compositeResponse) ? body.compositeResponse.filter(isObject) : undefined;
}

/** Whether nothing was done, for a reason that has to do with how it was asked. */
function isRefusal({ detail }: ServiceFailure): boolean {
  const { kind, status } = detail;
  return status !== undefined && (kind === 'rejected' || kind === 'forbidden' || kind === 'not-found');
}

function wasRefused(fate: Fate): boolean {
  return fate !== undefined && isRefusal(fate);
}
