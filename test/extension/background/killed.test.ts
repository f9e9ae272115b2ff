import { expect, test } from 'vitest';
import { type Act, isDone } from '../../../src/extension/background/act.ts';
import { undoOf } from '../../../src/extension/background/undo.ts';
import type { Wish } from '../../../src/extension/background/wish.ts';
import { OPT_OUT } from '../../../src/extension/background/wish.ts';
import { createScene, type Fate, PERSON, type World } from './outbox.world.ts';

const PEOPLE = {
  in: (): World => ({
    salesforce: new Map([
      ['003-ann', false],
      ['00Q-ann', false],
    ]),
    activecampaign: new Map([
      ['m-newsletter', 1],
      ['m-news', 1],
      ['m-left', 2],
    ]),
  }),
  out: (): World => ({
    salesforce: new Map([
      ['003-ann', true],
      ['00Q-ann', true],
    ]),
    activecampaign: new Map([
      ['m-newsletter', 2],
      ['m-news', 2],
      ['m-left', 2],
    ]),
  }),
};
const said = ({ salesforce, activecampaign }: World) => Object.fromEntries([...salesforce, ...activecampaign]);

/** What a rep may want of whom, with what both sides say in the end. */
const WISHES: readonly (readonly [string, () => World, Wish | 'undo', Readonly<Record<string, boolean | number>>])[] = [
  ['an opt-out', PEOPLE.in, OPT_OUT, said(PEOPLE.out())],
  [
    'leaving one list',
    PEOPLE.in,
    { kind: 'unsubscribe', list: 'm-newsletter' },
    { ...said(PEOPLE.in()), 'm-newsletter': 2 },
  ],
  ['an undo', PEOPLE.in, 'undo', said(PEOPLE.in())],
  [
    'an opt-in',
    PEOPLE.out,
    { kind: 'opt-in', reason: 'phone', words: '', lists: ['m-newsletter', 'm-news'] },
    { ...said(PEOPLE.in()), 'm-left': 2 },
  ],
];

/** Lets the worker die at one operation of the act, starts another, and answers what arrived; `killed`: it came so far. */
async function killedAt(moment: number, how: Fate, people: () => World, wanted: Wish | 'undo') {
  const world = people();
  let operations = Number.NEGATIVE_INFINITY;
  const scene = createScene(world, () => (operations++ === moment ? how : 'done'));
  let { outbox, died } = scene.wake();
  let wish = wanted === 'undo' ? OPT_OUT : wanted;
  if (wanted === 'undo') {
    const { id } = await outbox.want(PERSON);
    await outbox.drain();
    scene.tick(60_000);
    wish = undoOf(scene.acts.get(id) as Act) ?? OPT_OUT;
    scene.sent.length = 0;
  }
  const before = scene.acts.size;
  operations = 0;
  const end = await Promise.race([outbox.want(PERSON, wish).then(() => outbox.drain()), died]);
  operations = Number.NEGATIVE_INFINITY;
  if (end === 'died') ({ outbox, died } = scene.wake());
  // Whoever sees no acknowledgement clicks again.
  if (scene.acts.size === before) await outbox.want(PERSON, wish);
  for (let tries = 0; tries < 3; tries++) {
    scene.wait();
    await outbox.drain();
  }
  const kind = ({ was, value }: (typeof scene.sent)[number]) => (was === value ? 'again' : 'once');
  return {
    killed: end === 'died',
    said: said(world),
    sent: scene.sent.map((row) => `${row.service} ${row.id} ${kind(row)}`).sort(),
    done: [...scene.acts.values()].every((act) => isDone(act) && act.ended === null),
  };
}

test.each(WISHES.flatMap((wish) => (['dies-before', 'dies-after'] as const).map((how) => [...wish, how] as const)))(
  '%s: with the worker killed at any step, every row of both services is written exactly once',
  async (...of) => {
    const [, people, wish, goal, how] = of;
    const undisturbed = await killedAt(Number.NaN, how, people, wish);
    expect(undisturbed).toMatchObject({ killed: false, said: goal, done: true });
    expect(undisturbed.sent.filter((row) => row.startsWith('activecampaign')).length).toBeGreaterThan(0);
    let moment = 0;
    for (let killed = true; killed; moment++) {
      const run = await killedAt(moment, how, people, wish);
      expect(run, `killed at ${moment}`).toEqual({ ...undisturbed, killed: run.killed });
      ({ killed } = run);
    }
    // Writing, reading and reading back, and what the store keeps of each.
    expect(moment).toBeGreaterThan(10);
  },
);
