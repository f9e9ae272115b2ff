import { expect, test } from 'vitest';
import { createRig, HOST } from './rig.ts';

const queries = (rig: ReturnType<typeof createRig>) =>
  rig.sandbox.requests.of('salesforce', 'GET', /\/query\?/).map(({ path }) => decodeURIComponent(path));
const ac = (rig: ReturnType<typeof createRig>) => rig.sandbox.requests.of('activecampaign');

test('a screen of addresses costs one query for contacts and one for leads, and none the second time', async () => {
  const rig = createRig();
  const { org } = rig.sandbox;
  const addresses = org.all('Contact').flatMap(({ Email }) => (typeof Email === 'string' ? [Email] : []));
  expect(addresses.length).toBeGreaterThan(10);
  const { marks } = await rig.marks(addresses);
  expect(Object.keys(marks).sort()).toEqual([...new Set(addresses.map((address) => address.toLowerCase()))].sort());
  expect(queries(rig)).toHaveLength(2);
  expect(await rig.marks(addresses)).toEqual({ marks, problem: null });
  expect(queries(rig)).toHaveLength(2);
  expect(ac(rig)).toEqual([]);
});

test('says of every address what the boxes of all its live records say, and nothing where there are none', async () => {
  const rig = createRig();
  const { org } = rig.sandbox;
  const live = (['Contact', 'Lead'] as const)
    .flatMap((type) => [...org.all(type)])
    .filter((row) => row.IsDeleted !== true && row.IsConverted !== true && typeof row.Email === 'string');
  const said = new Map<string, boolean>();
  for (const { Email, HasOptedOutOfEmail: set } of live) {
    const address = `${Email}`.toLowerCase();
    said.set(address, (said.get(address) ?? false) || set === true);
  }
  const { marks } = await rig.marks([...said.keys(), 'nobody@example.com']);
  for (const [address, out] of said)
    expect([address, marks[address]]).toEqual([address, { salesforce: out ? 'out' : 'in', activecampaign: null }]);
  expect(new Set(said.values()).size).toBe(2);
  expect(marks['nobody@example.com']).toEqual({ salesforce: 'unknown', activecampaign: null });
});

test('a lead that is opted out marks the contact with the same address, however either is spelt', async () => {
  const rig = createRig();
  const { org } = rig.sandbox;
  org.insert('Contact', { LastName: 'Twin', Email: 'Twin@Example.com' });
  org.insert('Lead', { LastName: 'Twin', Company: 'Acme', Email: 'twin@example.com', HasOptedOutOfEmail: true });
  const { marks } = await rig.marks([' TWIN@example.com ']);
  expect(marks['twin@example.com']).toMatchObject({ salesforce: 'out' });
});

test('tells what a record’s page has read of ActiveCampaign lately, and asks it nothing', async () => {
  const rig = createRig();
  const [ben, ann] = [rig.sandbox.character('ben'), rig.sandbox.character('ann')];
  const seen = [ben.contactRecord, ann.contactRecord];
  const addresses = seen.map((record) => `${rig.sandbox.org.get('Contact', record)?.Email}`.toLowerCase());
  await rig.marks([]);
  const before = await rig.marks(addresses, seen);
  const asked = ac(rig).length;
  expect(addresses.map((address) => before.marks[address])).toEqual([
    { salesforce: 'in', activecampaign: 'out' },
    { salesforce: 'in', activecampaign: 'in' },
  ]);
  expect(asked).toBeGreaterThan(0);
  expect((await rig.marks(addresses)).marks[addresses[0] ?? '']).toEqual({ salesforce: 'in', activecampaign: null });
  expect(ac(rig).length).toBe(asked);
});

test('somebody who is just being opted out is out at once', async () => {
  const rig = createRig();
  const ann = rig.sandbox.character('ann');
  const address = 'ann.lee@example.com';
  await rig.outbox.want({ host: HOST, record: ann.contactRecord, address });
  expect((await rig.marks([address])).marks[address]).toMatchObject({ salesforce: 'out' });
});

test.each(['Contact', 'Lead'])(
  'somebody who is opted out while Salesforce is asked about %ss is out, now and the next time',
  async (object) => {
    const rig = createRig();
    const ann = rig.sandbox.character('ann');
    const address = 'ann.lee@example.com';
    rig.sandbox.faults.add({
      service: 'salesforce',
      path: new RegExp(`FROM(\\+|%20)${object}(\\+|%20)WHERE(\\+|%20)Email(\\+|%20)IN`),
      times: 1,
      kind: 'run',
      when: 'after',
      run: () => rig.optOut(ann.contactRecord),
    });
    expect((await rig.marks([address])).marks[address]).toMatchObject({ salesforce: 'out' });
    expect((await rig.marks([address])).marks[address]).toMatchObject({ salesforce: 'out' });
  },
);

test('what cannot be read is unknown, with the kind of the problem: never a yes, even where one was kept', async () => {
  const rig = createRig();
  const [ann, hugo] = ['ann.lee@example.com', 'hugo.brand@example.org'];
  const { marks } = await rig.marks([ann, hugo]);
  expect([marks[ann]?.salesforce, marks[hugo]?.salesforce]).toEqual(['in', 'out']);
  rig.sessions.clear();
  rig.tick(10 * 60_000);
  const later = await rig.marks([ann, hugo]);
  expect(later.problem).toBe('unauthorised');
  expect([later.marks[ann]?.salesforce, later.marks[hugo]?.salesforce]).toEqual(['unknown', 'out']);
});

test('two hundred long addresses fit: no query is longer than Salesforce takes', async () => {
  const rig = createRig();
  const addresses = Array.from({ length: 200 }, (_, n) => `${'o’neill+'.repeat(7)}${n}@${'x'.repeat(15)}.example`);
  const { problem } = await rig.marks(addresses);
  expect(problem).toBeNull();
  const sent = rig.sandbox.requests.of('salesforce', 'GET', /\/query\?/).map(({ path }) => path.length);
  expect(sent.length).toBeGreaterThan(2);
  expect(Math.max(...sent)).toBeLessThan(16_384);
});
