import type { Surroundings } from '../../src/companion/sync.ts';
import { Town } from './town.ts';

/** A town with enough people for Bulk and for imports, where few are many. */

/** People who opted out in Salesforce by one of their records and are subscribed in ActiveCampaign. */
const PEOPLE = 12;

export async function crowd(): Promise<Town> {
  const town = new Town();
  const back = town.plant('back', { contacts: [false], lists: { News: 2 } });
  await town.night();
  town.sandbox.account.subscribe(back.ac, town.list('News'), { by: 'contact' });
  for (let n = 0; n < PEOPLE; n++) town.plant(`boxed${n}`, { contacts: [true, false], lists: { News: 1 } });
  town.plant('left', { contacts: [false], leads: [false], lists: { News: 2 } });
  return town;
}

/** Boxes set, memberships left, and one box cleared: rows of the audit once all is settled, the first night's included. */
export const CROWD_WRITES = PEOPLE * 2 + 2 + 2;

/** Surroundings in which a dozen goes by bulk, and pauses are time that passes in the world. */
export function inBulk(town: Town): Surroundings {
  return {
    ...town.surroundings(),
    limits: { records: 5, job: 5, contacts: 5 },
    sleep: async (ms) => town.clock.advance(ms),
  };
}
