import { expect, onTestFinished } from 'vitest';
import { HOUR, Town } from './town.ts';

/** A town that goes with the test that makes it. */
export function aTown(...how: ConstructorParameters<typeof Town>): Town {
  const made = new Town(...how);
  onTestFinished(() => made.dispose());
  return made;
}

/** One whose first night is over, with somebody who is out and somebody who is in; reading by list is worth it whatever it costs. */
export async function livedTown(): Promise<Town> {
  const here = aTown();
  here.cheaperShare = Number.POSITIVE_INFINITY;
  here.plant('left', { contacts: [false], lists: { News: 2 } });
  here.plant('fine', { contacts: [false], lists: { News: 1 } });
  here.clock.advance(72 * HOUR);
  expect(await here.night()).toMatchObject({ outcome: 'done' });
  return here;
}
