import { expect, test } from 'vitest';
import { createBadge, type Sign, type Toolbar } from '../../../src/extension/background/badge.ts';
import type { Reading } from '../../../src/extension/background/reading.ts';
import { statusOf } from '../../../src/extension/background/status.ts';
import { createStuck } from '../../../src/extension/background/stuck.ts';
import { createScene, type Fate, PERSON } from './outbox.world.ts';

const OUT = { state: 'opted-out', optedOut: true } as const;
const HALF_OUT = { state: 'differs', optedOut: true } as const;
const IN = { state: 'subscribed', optedOut: false } as const;

/** A toolbar as browsers keep it, and tab 7 on the person's record, tab 8 on a list. */
function desk({ said, fate = () => 'done' }: { said: Pick<Reading, 'state' | 'optedOut'>; fate?: () => Fate }) {
  const scene = createScene({ salesforce: new Map([['003', false]]), activecampaign: new Map([['9', 1]]) }, fate);
  const { outbox } = scene.wake();
  const all = { sign: '', title: 'OptBridge' };
  const own = new Map<number, { sign: Sign; title: string }>();
  const shown = new Map<number, string | null>([
    [7, PERSON.record],
    [8, null],
  ]);
  const toolbar: Toolbar = {
    all: async () => ({ ...all }),
    show: async (sign, title, tab) => {
      if (tab === undefined) Object.assign(all, { sign, title });
      else own.set(tab, { sign, title });
    },
  };
  /** A worker's life: nothing of an earlier one is in it. */
  const wake = () => {
    const look = createBadge({
      toolbar,
      shown: async (tab) => {
        const record = shown.get(tab);
        return record === undefined ? null : { host: PERSON.host, record };
      },
      current: async ({ record }) => {
        const reading: Reading = {
          ...said,
          name: 'Ann',
          address: PERSON.address,
          lists: [],
          records: [],
          activeCampaignUrl: null,
          readAt: '2026-11-21T20:00:00.000Z',
        };
        return statusOf(record, { reading, problem: null, outdated: false }, undefined);
      },
      say: (key) => key,
    });
    const count = createStuck({
      toolbar,
      open: outbox.open,
      recordTabs: async () => [...shown.keys()].filter((tab) => shown.get(tab)).map((tabId) => ({ tabId })),
      look,
      say: (key, value) => (value ? `${key} ${value}` : key),
    });
    return { look, count };
  };
  /** What the button shows over a tab: the tab's own sign, else the one for all. */
  const over = (tab: number) => ({ sign: own.get(tab)?.sign || all.sign, title: own.get(tab)?.title ?? all.title });
  return { scene, outbox, shown, wake, over };
}

test.each([
  ['opted out', OUT, '⊘', 'badge_out'],
  ['out in one system only', HALF_OUT, '⊘', 'badge_out_in_part'],
  ['subscribed', IN, '', 'extension_name'],
] as const)(
  'a tab whose record is %s says so, by sign and by title, and no other tab does',
  async (_, said, sign, title) => {
    const { wake, over } = desk({ said });
    await wake().look(7);
    expect(over(7)).toEqual({ sign, title });
    await wake().look(8);
    await wake().look(99);
    for (const tab of [8, 99]) expect(over(tab)).toEqual({ sign: '', title: 'extension_name' });
  },
);

test('the sign goes when the tab leaves the record in the same document', async () => {
  const { wake, over, shown } = desk({ said: OUT });
  await wake().look(7);
  shown.set(7, null);
  await wake().look(7);
  expect(over(7)).toEqual({ sign: '', title: 'extension_name' });
});

test('what a service refused is stuck: every tab says so instead of its own sign, by workers that know nothing', async () => {
  const { wake, over, outbox } = desk({ said: OUT, fate: () => 'refused' });
  await wake().look(7);
  await outbox.want(PERSON);
  await wake().count();
  expect(over(7).sign).toBe('⊘');
  await outbox.drain();
  await wake().count();
  for (const tab of [7, 8]) expect(over(tab)).toEqual({ sign: '!', title: 'badge_stuck 1' });
  await wake().look(7);
  expect(over(7)).toEqual({ sign: '!', title: 'badge_stuck 1' });
});

test('one lost answer is not stuck yet, three are, and when they arrive each tab has its own sign again', async () => {
  let fate: Fate = 'lost-before';
  const { wake, over, outbox, scene } = desk({ said: OUT, fate: () => fate });
  await outbox.want(PERSON);
  const signs: string[] = [];
  for (let tries = 0; tries < 3; tries++) {
    await outbox.drain();
    await wake().count();
    signs.push(over(8).sign);
    scene.wait();
  }
  expect(signs).toEqual(['', '', '!']);
  fate = 'done';
  await outbox.drain();
  await wake().count();
  expect(over(7)).toEqual({ sign: '⊘', title: 'badge_out' });
  expect(over(8)).toEqual({ sign: '', title: 'extension_name' });
});
