import { describe, expect, test } from 'vitest';
import type { Act } from '../../../src/extension/background/act.ts';
import { undoOf } from '../../../src/extension/background/undo.ts';
import type { Wish } from '../../../src/extension/background/wish.ts';
import { createScene, type Fate, PERSON, type World } from './outbox.world.ts';

const world = (): World => ({
  salesforce: new Map([
    ['003-ann', false],
    ['003-set', true],
  ]),
  activecampaign: new Map([
    ['m-news', 1],
    ['m-left', 2],
    ['m-bounced', 3],
  ]),
});
const always = (): Fate => 'done';
const said = (services: World) => ({ ...Object.fromEntries([...services.salesforce, ...services.activecampaign]) });
const optIn = (lists: readonly string[]): Wish => ({ kind: 'opt-in', reason: 'phone', words: '', lists });

/** Somebody who has been opted out by a click, which is over. */
async function clicked(services: World, fate: (operation: string) => Fate = always) {
  const scene = createScene(services, fate);
  const { outbox } = scene.wake();
  const { id } = await outbox.want(PERSON);
  await outbox.drain();
  scene.tick(60_000);
  const wish = undoOf(scene.acts.get(id) as Act);
  if (!wish) throw new Error('nothing to undo');
  return { scene, outbox, wish, id };
}

describe('undo', () => {
  test('puts back exactly what the click changed, and nothing that was out before', async () => {
    const services = world();
    const { outbox, wish, scene } = await clicked(services);
    scene.sent.length = 0;
    const { id } = await outbox.want(PERSON, wish);
    await outbox.drain();
    expect(said(services)).toEqual(said(world()));
    expect(scene.sent.map((row) => row.id)).toEqual(['003-ann', 'm-news']);
    expect(scene.acts.get(id)).toMatchObject({ ended: null, wish: { kind: 'undo' } });
  });

  test.each<[string, (services: World, touch: (id: string) => void) => void]>([
    ['a list that the click had ended was written again', (_, touch) => touch('m-news')],
    ['somebody cleared a box that was set before the click', ({ salesforce }) => salesforce.set('003-set', false)],
    ['the person joined again by herself', ({ activecampaign }) => activecampaign.set('m-left', 1)],
    ['somebody took back by hand what the click did', ({ salesforce }) => salesforce.set('003-ann', false)],
    ['a record is gone', ({ salesforce }) => salesforce.delete('003-ann')],
    ['a record with the box set has come', ({ salesforce }) => salesforce.set('003-new', true)],
    ['the person has left another list since', ({ activecampaign }) => activecampaign.set('m-new', 2)],
  ])('is refused when %s, and then writes nothing on either side', async (_, happens) => {
    const services = world();
    const { scene, outbox, wish } = await clicked(services);
    happens(services, scene.touch);
    const before = said(services);
    expect(await outbox.holds(PERSON, wish)).toBe(false);
    const { id } = await outbox.want(PERSON, wish);
    await outbox.drain();
    expect(scene.acts.get(id)?.ended).toBe('changed');
    expect(said(services)).toEqual(before);
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test('holds while nobody has changed anything', async () => {
    const { outbox, wish } = await clicked(world());
    expect(await outbox.holds(PERSON, wish)).toBe(true);
  });

  test('of a click whose answer was lost restores all the same', async () => {
    const services = world();
    let lost = 2;
    const scene = createScene(services, (name) => (name.endsWith('write') && lost-- > 0 ? 'lost-after' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    scene.wait();
    await outbox.drain();
    const wish = undoOf(scene.acts.get(id) as Act);
    if (wish) await outbox.want(PERSON, wish);
    await outbox.drain();
    expect(said(services)).toEqual(said(world()));
  });

  test('is refused when the settings have named another opt-out field since: what that one says is not this click’s', async () => {
    const services = world();
    const { scene, outbox, wish } = await clicked(services);
    const boxes = new Map([...services.salesforce.keys()].map((id) => [id, true]));
    scene.useField('Sales_Opt_Out__c', boxes);
    const before = said(services);
    expect(await outbox.holds(PERSON, wish)).toBe(false);
    await outbox.want(PERSON, wish);
    await outbox.drain();
    expect([...boxes.values()]).toEqual([...boxes.values()].map(() => true));
    expect(said(services)).toEqual(before);
  });

  test('of a click that began with one opt-out field and ended with another clears no box that somebody had set', async () => {
    const services = world();
    let fails = true;
    const scene = createScene(services, (name) => (fails && name === 'salesforce write' ? 'lost-before' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    fails = false;
    // Set there by somebody, where the first field was clear.
    const boxes = new Map([
      ['003-ann', true],
      ['003-set', false],
    ]);
    scene.useField('Sales_Opt_Out__c', boxes);
    scene.wait();
    await outbox.drain();
    expect([...boxes.values()].every(Boolean)).toBe(true);
    const wish = undoOf(scene.acts.get(id) as Act);
    if (!wish) throw new Error('nothing to undo');
    await outbox.want(PERSON, wish);
    await outbox.drain();
    expect(Object.fromEntries(boxes)).toEqual({ '003-ann': true, '003-set': false });
  });

  test('writes nothing while one side cannot be read, and goes on when it can', async () => {
    const services = world();
    let down = false;
    const { scene, outbox, wish } = await clicked(services, (name) =>
      down && name === 'activecampaign read' ? 'lost-before' : 'done',
    );
    const out = said(services);
    down = true;
    await outbox.want(PERSON, wish);
    await outbox.drain();
    expect(said(services)).toEqual(out);
    down = false;
    scene.wait();
    await outbox.drain();
    expect(said(services)).toEqual(said(world()));
  });

  test('killed after every step and begun again ends as if it had not been', async () => {
    for (let dies = 1; dies < 40; dies++) {
      const services = world();
      let steps = Number.POSITIVE_INFINITY;
      const { scene, wish } = await clicked(services, () => (--steps === 0 ? 'dies-after' : 'done'));
      steps = dies;
      const first = scene.wake();
      await Promise.race([first.outbox.want(PERSON, wish).then(() => first.outbox.drain()), first.died]);
      steps = Number.POSITIVE_INFINITY;
      scene.wait();
      const again = scene.wake().outbox;
      const begun = (await again.acts(PERSON)).length > 1;
      await again.drain();
      expect(said(services), `killed after step ${dies}`).toEqual(begun ? said(world()) : expect.anything());
      expect(await again.nextDue()).toBeUndefined();
    }
  });

  test('is not there for a click that changed nothing, nor for an opt-in', async () => {
    const out: World = { salesforce: new Map([['003-ann', true]]), activecampaign: new Map([['m', 2]]) };
    const scene = createScene(out, always);
    const { outbox } = scene.wake();
    const nothing = await outbox.want(PERSON);
    await outbox.drain();
    scene.tick(1);
    const inAgain = await outbox.want(PERSON, optIn([]));
    await outbox.drain();
    expect([nothing, inAgain].map(({ id }) => undoOf(scene.acts.get(id) as Act))).toEqual([null, null]);
  });
});

describe('one list only', () => {
  test('ends that membership and asks nothing of Salesforce', async () => {
    const services = world();
    const scene = createScene(services, (name) => (name.startsWith('salesforce') ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON, { kind: 'unsubscribe', list: 'm-news' });
    await outbox.drain();
    expect(said(services)).toEqual({ ...said(world()), 'm-news': 2 });
    expect(scene.acts.get(id)?.halves.salesforce.attempt).toBe(0);
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test.each([
    ['can be undone', false, 1],
    ['is not undone where a box says no, which is somebody’s word', true, 2],
  ])('%s', async (_, box, status) => {
    const services: World = { salesforce: new Map([['003', box]]), activecampaign: new Map([['m-news', 1]]) };
    const scene = createScene(services, always);
    const { outbox } = scene.wake();
    const { id } = await outbox.want(PERSON, { kind: 'unsubscribe', list: 'm-news' });
    await outbox.drain();
    scene.tick(1);
    const wish = undoOf(scene.acts.get(id) as Act);
    if (wish) await outbox.want(PERSON, wish);
    await outbox.drain();
    expect(said(services)).toEqual({ '003': box, 'm-news': status });
  });
});

describe('an opt-in', () => {
  test('clears every box, subscribes to the picked lists and to no other, and never to one that bounced', async () => {
    const services: World = {
      salesforce: new Map([
        ['003-ann', true],
        ['00Q-ann', true],
      ]),
      activecampaign: new Map([
        ['m-news', 2],
        ['m-left', 2],
        ['m-bounced', 3],
      ]),
    };
    const scene = createScene(services, always);
    const { outbox } = scene.wake();
    await outbox.want(PERSON, optIn(['m-news', 'm-bounced']));
    await outbox.drain();
    expect(said(services)).toEqual({
      '003-ann': false,
      '00Q-ann': false,
      'm-news': 1,
      'm-left': 2,
      'm-bounced': 3,
    });
  });
});

describe('a later click', () => {
  test('wins: opting out overtakes an opt-in that is stuck, which writes nothing any more', async () => {
    const services = world();
    services.salesforce.set('003-ann', true);
    let down = true;
    const scene = createScene(services, (name) => (down && name === 'activecampaign read' ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    const back = await outbox.want(PERSON, optIn(['m-left']));
    await outbox.drain();
    scene.tick(1);
    await outbox.want(PERSON);
    down = false;
    scene.wait();
    await outbox.drain();
    expect(scene.acts.get(back.id)?.ended).toBe('overtaken');
    expect(said(services)).toMatchObject({ '003-ann': true, '003-set': true, 'm-news': 2, 'm-left': 2 });
  });

  test('wins: an opt-in overtakes an opt-out that is stuck', async () => {
    const services = world();
    let down = true;
    const scene = createScene(services, (name) => (down && name === 'activecampaign read' ? 'refused' : 'done'));
    const { outbox } = scene.wake();
    const out = await outbox.want(PERSON);
    await outbox.drain();
    scene.tick(1);
    await outbox.want(PERSON, optIn([]));
    down = false;
    scene.wait();
    await outbox.drain();
    expect(scene.acts.get(out.id)?.ended).toBe('overtaken');
    expect([...services.salesforce.values()]).toEqual([false, false]);
    expect(services.activecampaign.get('m-news')).toBe(1);
  });

  test.each([0, -5_000])('at a tie, or with the clock put back (%i ms), the opt-out wins', async (later) => {
    const services = world();
    const scene = createScene(services, always);
    const { outbox } = scene.wake();
    await outbox.want(PERSON);
    scene.tick(later);
    const back = await outbox.want(PERSON, optIn(['m-left']));
    scene.wait();
    await outbox.drain();
    expect(back.ended).toBe('overtaken');
    expect([...services.salesforce.values()]).toEqual([true, true]);
    expect(services.activecampaign.get('m-news')).toBe(2);
  });

  test('waits for what the overtaken act has under way, so that nothing of it arrives afterwards', async () => {
    const services: World = { salesforce: new Map([['003-ann', true]]), activecampaign: new Map() };
    let hanging = true;
    const scene = createScene(services, (name) => (hanging && name === 'salesforce write' ? 'hangs' : 'done'));
    const { outbox } = scene.wake();
    await outbox.want(PERSON, optIn([]));
    void outbox.drain();
    await new Promise((turn) => setImmediate(turn));
    scene.tick(1);
    const out = await outbox.want(PERSON);
    void outbox.drain();
    await new Promise((turn) => setImmediate(turn));
    expect(scene.acts.get(out.id)?.halves.salesforce.step).toBe('wanted');
    hanging = false;
    // The worker dies with what hangs, and its locks with it.
    await scene.wake().outbox.drain();
    expect(scene.acts.get(out.id)?.halves.salesforce.step).toBe('verified');
    expect(services.salesforce.get('003-ann')).toBe(true);
  });
});
