import { expect, it } from 'vitest';
import type { Surroundings } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { HOUR, type Town } from './town.ts';

/** Each test begins with people who were settled on an earlier night, lets life go on, and looks at the night after. */

/** A line of docs/what-happens.md with its test. */
export function when(what: string, test: (here: Town) => Promise<void>): void {
  it(what, () => test(aTown()));
}

export const first = (ids: readonly string[]) => ids[0] ?? '';

/** Somebody in on both sides, after a night. */
export async function subscribed(here: Town, name = 'ann') {
  const person = here.plant(name, { contacts: [false], lists: { News: 1 } });
  await here.night();
  return { ...person, record: first(person.contacts) };
}

/** Somebody out on both sides, after a night: they unsubscribed, and the box was set. */
export async function settledOut(here: Town, name = 'ann') {
  const person = here.plant(name, { contacts: [false], lists: { News: 2 } });
  await here.night();
  expect(here.box(first(person.contacts))).toBe(true);
  return { ...person, record: first(person.contacts) };
}

/** A rep changes a record, an hour later. */
export function rep(here: Town) {
  return (id: string, fields: Record<string, unknown>) => {
    here.clock.advance(HOUR);
    here.sandbox.org.update(id.startsWith('003') ? 'Contact' : 'Lead', id, fields);
  };
}

/** For a night in the middle of which something happens: once the plan is made, and before anything is written. */
export function meanwhile(here: Town, happen: () => void): Surroundings {
  return { ...here.surroundings(), watch: ({ kind }) => void (kind === 'planned' && happen()) };
}
