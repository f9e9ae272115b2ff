import { ServiceFailure } from '../service/failure.ts';
import type { AcImports, Leaving } from './activecampaign.ts';
import type { Connection } from './connection.ts';
import { countOf, type Item, textOf } from './wire.ts';

/** What one request takes (facts/activecampaign.md section 8), with room for what surrounds the contacts. */
export const MOST_PEOPLE = 250;
const MOST_BYTES = 390_000;
/** Fewer are not worth an import: it is meant for ten or more, and one alone is counted against another limit. */
const FEWEST_PEOPLE = 10;

/** Only `completed` is documented; the others are what an end without success may be called. Who is out is read back. */
const ENDED = /^(complet|done|finish|fail|error|cancel|abort)/i;

const PATH = '/import/bulk_import';
const CALL = `POST /api/3${PATH}`;

/** Bulk import over a connection. */
export function createImports(connection: Connection): AcImports {
  return {
    async queue(people, excludeAutomations) {
      const body = { contacts: people.map(contactOf), exclude_automations: excludeAutomations };
      const { batch } = await connection
        .ask({ method: 'POST', path: PATH, body }, (reply) => {
          if (countOf(saidOf(reply, 'success')) === 0) throw refused(textOf(saidOf(reply, 'message')));
          const batchId = textOf(saidOf(reply, 'batchid'));
          return batchId === '' ? undefined : { batch: batchId };
        })
        .catch(orRateLimited);
      return batch;
    },

    async isOver(batch) {
      const { over } = await connection.ask({ path: '/import/info', query: { batchId: batch } }, (reply) => {
        const status = textOf(saidOf(reply, 'status'));
        return status === '' ? undefined : { over: ENDED.test(status) };
      });
      return over;
    },
  };
}

/** The address and the lists to leave, and nothing else: whatever else is named would be overwritten. */
function contactOf({ email, lists }: Leaving): object {
  return { email, unsubscribe: lists.map((list) => ({ listid: Number(list) })) };
}

/** A member of a reply by its name in lower case: the documentation writes `Success`, the service `success`. */
function saidOf(reply: Item, name: string): unknown {
  return Object.entries(reply).find(([key]) => key.toLowerCase() === name)?.[1];
}

function refused(words: string): ServiceFailure {
  return new ServiceFailure({ service: 'activecampaign', kind: 'rejected', call: CALL, words, status: 200 });
}

/** That too many were handed in this minute is said with 400, not 429. */
function orRateLimited(error: unknown): never {
  const limited =
    error instanceof ServiceFailure && error.kind === 'rejected' && /rate limit/i.test(error.detail.words);
  throw limited ? new ServiceFailure({ ...error.detail, kind: 'rate-limited' }) : error;
}

/**
 * Cuts people into what one request takes each. Too few for an import at the end are in `rest`.
 */
export function inImports<T extends Leaving>(people: readonly T[]): { imports: T[][]; rest: T[] } {
  const imports: T[][] = [];
  let bytes = 0;
  for (const person of people) {
    const size = new TextEncoder().encode(JSON.stringify(contactOf(person))).length + 1;
    const last = imports.at(-1);
    if (last && last.length < MOST_PEOPLE && bytes + size <= MOST_BYTES) {
      last.push(person);
      bytes += size;
    } else {
      imports.push([person]);
      bytes = size;
    }
  }
  return {
    imports: imports.filter((some) => some.length >= FEWEST_PEOPLE),
    rest: imports.filter((some) => some.length < FEWEST_PEOPLE).flat(),
  };
}

/**
 * Whether an address may be handed in. One that ActiveCampaign would refuse refuses its whole request; one that it would
 * read as another would make a new contact. What is not plain goes another way.
 */
export function isPlainAddress(email: string): boolean {
  return /^[a-z0-9][a-z0-9._%+-]*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(email) && email.length <= 254;
}
