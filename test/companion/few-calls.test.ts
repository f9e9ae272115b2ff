import { describe, expect, it } from 'vitest';
import { aTown } from './a-town.ts';
import { BOX, decisionOn, HOUR, type Town } from './town.ts';

/** What a night asks in which nothing has changed, and what it asks more where an answer of before will not do. */

/** A town after its first night; from then on it is read by list. */
async function lived(): Promise<Town> {
  const here = aTown();
  here.cheaperShare = Number.POSITIVE_INFINITY;
  here.plant('left', { contacts: [true], leads: [true], lists: { News: 2 } });
  here.plant('fine', { contacts: [false], leads: [false], lists: { News: 1 } });
  here.clock.advance(72 * HOUR);
  await here.night();
  return here;
}

/** What a night asked of a service, in the order in which it came. */
function asked(here: Town, service: 'salesforce' | 'activecampaign'): string[] {
  return here.sandbox.requests.of(service).map(({ method, path }) => `${method} ${path.split('?')[0]}`);
}

const SECOND_KEY = 'a-key-of-another-user';

describe('a quiet night', () => {
  it('asks Salesforce for a token, the version, and all the rest in one call', async () => {
    const here = await lived();
    here.sandbox.requests.reset();
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'done', reading: { kind: 'incremental' }, calls: { salesforce: 3 } });
    expect(asked(here, 'salesforce').sort()).toEqual([
      'GET /services/data',
      'POST /services/data/v67.0/composite',
      'POST /services/oauth2/token',
    ]);
    const parts = here.sandbox.requests.parts.map(({ path }) => decodeURIComponent(path));
    const found = (pattern: RegExp) => parts.filter((path) => pattern.test(path)).length;
    // Contacts are counted by groups of the box; leads cannot be.
    expect([found(/describe$/), found(/queryAll\?.*SystemModstamp >=/), found(/GROUP BY/), found(/COUNT/)]).toEqual([
      2, 2, 1, 3,
    ]);
  });

  it('asks ActiveCampaign for its lists, and who is out on each, changed or new: not whose the same key is', async () => {
    const here = await lived();
    here.sandbox.requests.reset();
    await here.night();
    expect(asked(here, 'activecampaign').sort()).toEqual([...Array(6).fill('GET /api/3/contacts'), 'GET /api/3/lists']);
  });
});

describe('whose key it is', () => {
  const users = (here: Town) => here.sandbox.requests.of('activecampaign', 'GET', /users\/me/).length;

  it('is asked for another key, and another user is not taken for the same', async () => {
    const here = await lived();
    here.sandbox.account.addUser({ username: 'other', email: '', firstName: '', lastName: '', key: SECOND_KEY });
    here.config = here.configured({ activecampaign: { key: SECOND_KEY } });
    here.sandbox.requests.reset();
    const refused = await here.night();
    expect([refused.refusal?.kind, users(here)]).toEqual(['changed', 1]);
    expect(refused.refusal?.message).toContain('the ActiveCampaign API user changed');
    // A run that was refused learns nothing.
    await here.night();
    expect(users(here)).toBe(2);
    await here.night({ acceptChange: true });
    await here.night();
    expect(users(here)).toBe(3);
  });

  it('says nothing about whether it is still good', async () => {
    const here = await lived();
    here.sandbox.faults.add({ service: 'activecampaign', path: /lists/, kind: 'status', status: 403, body: {} });
    expect((await here.night()).refusal?.kind).toBe('sign-in');
  });
});

describe('counts', () => {
  it('are asked one by one where Salesforce groups no more by the box, and the night stays short', async () => {
    const here = await lived();
    const body = [{ message: 'cannot be grouped', errorCode: 'INVALID_FIELD' }];
    const fault = here.sandbox.faults.add({ service: 'salesforce', path: /GROUP/, kind: 'status', status: 400, body });
    expect(await here.night()).toMatchObject({ outcome: 'done', reading: { kind: 'incremental' } });
    expect(fault.hits).toBeGreaterThan(0);
  });

  it('that do not add up are not passed over because they came in groups', async () => {
    const here = await lived();
    const [record] = here.sandbox.org.all('Contact');
    here.sandbox.org.table('Contact').drop(String(record?.Id));
    expect((await here.night()).reading).toMatchObject({ kind: 'full', why: 'counts-differ' });
  });
});

describe('more changes than a page holds', () => {
  it('are read by Bulk, the deleted among them', async () => {
    const here = await lived();
    const gone = here.plant('gone', { contacts: [true], lists: { News: 1 } });
    const twin = here.sandbox.org.insert('Contact', { LastName: 'gone', Email: gone.email, [BOX]: false });
    here.sandbox.org.remove('Contact', gone.contacts[0] ?? '');
    for (let n = 0; n < 2000; n++) here.sandbox.org.insert('Contact', { LastName: 'n', Email: `n${n}@example.com` });
    here.sandbox.requests.reset();
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'done', reading: { kind: 'incremental' } });
    expect(here.sandbox.requests.of('salesforce', 'POST', /jobs\/query$/)).toHaveLength(1);
    expect(decisionOn(report, gone)).toBe('salesforce-opt-out: done');
    expect([here.box(twin), here.status(gone.ac, 'News')]).toEqual([true, 2]);
  });
});
