import { describe, expect, it } from 'vitest';
import { aTown } from './a-town.ts';
import type { Town } from './town.ts';

/** ActiveCampaign says 403 to a key that is not accepted any more, and now and then to one that is. */

const PEOPLE = 30;

function crowded(): Town {
  const here = aTown();
  for (let n = 0; n < PEOPLE; n++) here.plant(`p${n}`, { contacts: [true], lists: { News: 1 } });
  return here;
}
const posts = ({ sandbox }: Town) => sandbox.requests.of('activecampaign', 'POST', /contactLists/).length;
const refusal = { service: 'activecampaign', kind: 'status', status: 403, body: { message: 'Forbidden' } } as const;

describe('a key that is revoked in the middle of the writes', () => {
  it('ends the run after a few refusals, and the next one does the rest', async () => {
    const here = crowded();
    const { faults } = here.sandbox;
    const run = () => void faults.add({ ...refusal, path: /./ });
    faults.add({
      service: 'activecampaign',
      method: 'POST',
      path: /contactLists/,
      skip: 3,
      times: 1,
      kind: 'run',
      run,
    });
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'failed', counts: { optOuts: PEOPLE } });
    expect(report.failures[0]).toEqual({ person: null, words: expect.stringMatching(/users\/me: Forbidden/) });
    expect(posts(here)).toBeLessThan(15);

    faults.clear();
    expect(await here.night()).toMatchObject({ outcome: 'done', failures: [] });
    expect(
      here.sandbox.account.contacts.every(({ memberships }) =>
        [...memberships.values()].every((row) => row.status === 2),
      ),
    ).toBe(true);
  });
});

describe('a key that is good, and may not write', () => {
  it('is asked about once a batch, and everybody is tried and told of', async () => {
    const here = crowded();
    here.sandbox.faults.add({ ...refusal, method: 'POST', path: /contactLists/ });
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'partly', counts: { failed: PEOPLE } });
    expect(here.sandbox.requests.of('activecampaign', 'GET', /users\/me/).length).toBeLessThan(8);
    expect(posts(here)).toBeGreaterThanOrEqual(PEOPLE);
  });
});
