import { describe, expect, test } from 'vitest';
import type { Act } from '../../../src/extension/background/act.ts';
import { createScene, type Fate, PERSON, type World } from './outbox.world.ts';

const world = (): World => ({
  salesforce: new Map([
    ['003-ann', false],
    ['00Q-ann', false],
    ['003-set', true],
  ]),
  activecampaign: new Map([
    ['m-newsletter', 1],
    ['m-news', 1],
    ['m-left', 2],
    ['m-unconfirmed', 0],
    ['m-bounced', 3],
  ]),
});

const always = (): Fate => 'done';
const steps = ({ halves }: Act) => [halves.salesforce.step, halves.activecampaign.step];

describe('a click', () => {
  test('is durable before anything is sent, and nothing is sent by wanting alone', async () => {
    const scene = createScene(world(), always);
    const act = await scene.wake().outbox.want(PERSON);
    expect(scene.acts.get(act.id)).toEqual(act);
    expect(steps(act)).toEqual(['wanted', 'wanted']);
    expect(scene.sent).toEqual([]);
  });

  test('sets every record and unsubscribes every active membership, and no other', async () => {
    const services = world();
    const scene = createScene(services, always);
    const { outbox } = scene.wake();
    const act = await outbox.want(PERSON);
    await outbox.drain();
    expect([...services.salesforce.values()]).toEqual([true, true, true]);
    expect(Object.fromEntries(services.activecampaign)).toEqual({
      'm-newsletter': 2,
      'm-news': 2,
      'm-left': 2,
      'm-unconfirmed': 0,
      'm-bounced': 3,
    });
    expect(scene.sent.map(({ id }) => id).sort()).toEqual(['003-ann', '00Q-ann', 'm-news', 'm-newsletter']);
    expect(steps(scene.acts.get(act.id)!)).toEqual(['verified', 'verified']);
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test('makes room for more once it is done, and is done although no room can be made', async () => {
    const asked: string[] = [];
    const scene = createScene(world(), (operation) => {
      asked.push(operation);
      return 'done';
    });
    scene.store.forget = async () => {
      throw new Error('the disk is full');
    };
    const { outbox } = scene.wake();
    await outbox.drain();
    expect(asked).not.toContain('forget');
    await outbox.want(PERSON);
    await outbox.drain();
    expect(asked.filter((operation) => operation === 'forget')).toEqual(['forget']);
    expect(asked.lastIndexOf('change')).toBeLessThan(asked.indexOf('forget'));
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test('leaves what every row said before, also of rows that were out already', async () => {
    const scene = createScene(world(), always);
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    const { halves } = scene.acts.get(id)!;
    expect(Object.fromEntries(halves.salesforce.before.map((row) => [row.id, row.value]))).toEqual(
      Object.fromEntries(world().salesforce),
    );
    expect(Object.fromEntries(halves.activecampaign.before.map((row) => [row.id, row.value]))).toEqual(
      Object.fromEntries(world().activecampaign),
    );
  });

  test('on somebody who is out already writes nothing and is done', async () => {
    const out: World = { salesforce: new Map([['003-ann', true]]), activecampaign: new Map([['m', 2]]) };
    const scene = createScene(out, always);
    const { outbox } = scene.wake();
    await outbox.want(PERSON);
    await outbox.drain();
    expect(scene.sent).toEqual([]);
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test('made several times is one act, on whichever of the person’s records', async () => {
    const scene = createScene(world(), always);
    const { outbox } = scene.wake();
    const first = await outbox.want(PERSON);
    expect(await outbox.want(PERSON)).toEqual(first);
    expect(await outbox.want({ ...PERSON, record: '00Q000000000001AAA' })).toEqual(first);
    expect(scene.acts.size).toBe(1);
  });

  test('made again while one half is held up looks at the other half again, and tries at once', async () => {
    const services = world();
    let failing = true;
    const scene = createScene(services, (name) => (failing && name === 'salesforce read' ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    await outbox.want(PERSON);
    await outbox.drain();
    services.activecampaign.set('m-newsletter', 1);
    failing = false;
    await outbox.want(PERSON);
    await outbox.drain();
    expect(scene.acts.size).toBe(1);
    expect(services.activecampaign.get('m-newsletter')).toBe(2);
    expect([...services.salesforce.values()]).not.toContain(false);
  });

  test('after the person came back in is an act of its own', async () => {
    const services = world();
    const scene = createScene(services, always);
    const { outbox } = scene.wake();
    await outbox.want(PERSON);
    await outbox.drain();
    services.activecampaign.set('m-newsletter', 1);
    await outbox.want(PERSON);
    await outbox.drain();
    expect(scene.acts.size).toBe(2);
    expect(services.activecampaign.get('m-newsletter')).toBe(2);
  });

  test('on the same record of another org is another person', async () => {
    const scene = createScene(world(), always);
    const { outbox } = scene.wake();
    await outbox.want(PERSON);
    await outbox.want({ ...PERSON, host: 'other.my.salesforce.com' });
    expect(scene.acts.size).toBe(2);
  });

  test('looks the address up when nobody has read the record yet', async () => {
    const scene = createScene(world(), always);
    const { outbox } = scene.wake();
    const { id } = await outbox.want({ ...PERSON, address: undefined });
    await outbox.drain();
    expect(scene.acts.get(id)).toMatchObject({ address: PERSON.address });
    expect(await outbox.nextDue()).toBeUndefined();
  });
});

describe('a failing half', () => {
  test('of Salesforce holds ActiveCampaign back in nothing', async () => {
    const services = world();
    const scene = createScene(services, (name) => (name.startsWith('salesforce') ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    expect(steps(scene.acts.get(id)!)).toEqual(['wanted', 'verified']);
    expect([...services.activecampaign.values()]).not.toContain(1);
  });

  test('that does not even answer holds the other one back in nothing', async () => {
    const services = world();
    const scene = createScene(services, (name) => (name.startsWith('salesforce') ? 'hangs' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    void outbox.drain();
    await new Promise((turn) => setImmediate(turn));
    expect(steps(scene.acts.get(id)!)).toEqual(['wanted', 'verified']);
    expect([...services.activecampaign.values()]).not.toContain(1);
  });

  test('of ActiveCampaign holds Salesforce back in nothing', async () => {
    const services = world();
    const scene = createScene(services, (name) => (name === 'activecampaign write' ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    expect(steps(scene.acts.get(id)!)).toEqual(['verified', 'read']);
    expect([...services.salesforce.values()]).not.toContain(false);
  });

  test('says why in the service’s words, how often it failed and when it is tried again', async () => {
    const scene = createScene(world(), (name) => (name === 'salesforce write' ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    const { attempt, nextTry, problem } = scene.acts.get(id)!.halves.salesforce;
    expect(attempt).toBe(1);
    expect(nextTry).toBeGreaterThan(scene.clock);
    expect(problem).toEqual({
      service: 'salesforce',
      kind: 'rejected',
      words: 'salesforce says rejected',
      code: 'REJECTED',
      retryAt: new Date(nextTry).toISOString(),
    });
  });

  test('is tried again only when its time has come', async () => {
    let failing = true;
    const scene = createScene(world(), (name) => (failing && name === 'salesforce read' ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    failing = false;
    await outbox.drain();
    expect(scene.acts.get(id)?.halves.salesforce.attempt).toBe(1);
    expect(scene.acts.get(id)?.halves.salesforce.step).toBe('wanted');
    scene.wait();
    await outbox.drain();
    expect(scene.acts.get(id)?.halves.salesforce).toMatchObject({ step: 'verified', problem: null });
  });

  test('is tried at once when what held it back is gone', async () => {
    let failing = true;
    const scene = createScene(world(), (name) => (failing && name === 'salesforce read' ? 'lost-before' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    failing = false;
    await outbox.hurry((problem) => problem.kind === 'forbidden');
    await outbox.drain();
    expect(scene.acts.get(id)?.halves.salesforce.step).toBe('wanted');
    await outbox.hurry((problem) => problem.kind === 'unreachable');
    await outbox.drain();
    expect(scene.acts.get(id)?.halves.salesforce.step).toBe('verified');
  });

  test.each([3_600_000, 86_400_000 * 30])(
    'whose clock was put back by %i ms meanwhile does not wait for the old time',
    async (back) => {
      let failing = true;
      const scene = createScene(world(), (name) => (failing && name === 'salesforce read' ? 'refused' : 'done'));
      scene.tick(86_400_000 * 30);
      const { outbox } = scene.wake();
      const { id } = await outbox.want(PERSON);
      await outbox.drain();
      failing = false;
      scene.tick(-back);
      await outbox.drain();
      expect(scene.acts.get(id)?.halves.salesforce.step).toBe('verified');
    },
  );

  test('that says done and shows otherwise counts as failed after two writes', async () => {
    const stubborn: World = { salesforce: new Map(), activecampaign: new Map([['m', 1]]) };
    stubborn.activecampaign.set = () => stubborn.activecampaign;
    const scene = createScene(stubborn, always);
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    expect(scene.sent).toHaveLength(2);
    expect(scene.acts.get(id)?.halves.activecampaign.problem).toMatchObject({ kind: 'malformed', own: 'not_yet' });
  });
});

test('two wake-ups at once do not run one act twice', async () => {
  const scene = createScene(world(), always);
  const { outbox } = scene.wake();
  await outbox.want(PERSON);
  await Promise.all([outbox.drain(), outbox.drain(), outbox.drain()]);
  expect(scene.sent).toHaveLength(4);
});
