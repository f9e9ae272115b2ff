import { box, membershipId, personOf, type World } from './people.ts';

/** What is written to the bench's world for many people in one call. */

/** A bulk import, worked off at once. People are named by their address, which has their number. */
export function imported(world: World, body: string): string {
  const { contacts } = JSON.parse(body) as {
    contacts: readonly { readonly email: string; readonly unsubscribe: readonly { readonly listid: number }[] }[];
  };
  for (const { email, unsubscribe } of contacts)
    for (const { listid } of unsubscribe)
      world.unsubscribed.add(membershipId(Number(email.split(/[.@]/)[1]), `${listid}`));
  return JSON.stringify({ success: 1, queued_contacts: contacts.length, batchId: 'batch', message: 'queued' });
}

/**
 * Collections, or questions, in one composite call.
 * @param answer to a question, by its address
 * @param at when it happens (ms)
 */
export function composite(world: World, body: string, answer: (url: string) => string, at: number): string {
  const { compositeRequest } = JSON.parse(body) as {
    compositeRequest: readonly {
      readonly referenceId: string;
      readonly url: string;
      readonly body?: { readonly records: readonly { readonly id: string }[] };
    }[];
  };
  const parts = compositeRequest.map(({ referenceId, url, body: written }) => {
    const records = written?.records ?? [];
    for (const { id } of records) box(world, personOf(id), at);
    const reply = written ? JSON.stringify(records.map(({ id }) => ({ id, success: true, errors: [] }))) : answer(url);
    return `{"referenceId":"${referenceId}","httpStatusCode":200,"httpHeaders":{},"body":${reply}}`;
  });
  return `{"compositeResponse":[${parts.join()}]}`;
}
