import { expect, test } from 'vitest';
import { type OverviewPorts, overviewOf } from '../../../src/extension/background/overview.ts';
import { problemOf } from '../../../src/extension/background/problem-of.ts';
import { waitAfter } from '../../../src/extension/background/retry.ts';
import type { Known } from '../../../src/extension/background/status.ts';
import { createStatuses } from '../../../src/extension/background/statuses.ts';
import type { Place } from '../../../src/extension/messages.ts';
import { createScene, type Fate, PERSON } from './outbox.world.ts';

const BEN = { host: PERSON.host, record: '00Q000000000002AAA', address: undefined };

const LEFT_SOMEWHERE = { x: 'left', y: 'top', dx: 10, dy: 20 } as const;

/** A popup over an outbox in memory, in a browser whose tab 7 shows the person's record and tab 8 another site. */
function desk(fate: (operation: string) => Fate = () => 'done') {
  const scene = createScene({ salesforce: new Map([['003', false]]), activecampaign: new Map([['9', 1]]) }, fate);
  const { outbox } = scene.wake();
  const cache = new Map<string, Known>();
  const readings: string[] = [];
  const statuses = createStatuses({
    problemOf,
    waitAfter,
    cache: {
      get: async ({ record }) => cache.get(record),
      set: async ({ record }, known) => void cache.set(record, known),
      outdate: async () => cache.clear(),
    },
    read: async ({ record }) => {
      readings.push(record);
      return {
        state: 'subscribed',
        name: 'Ann Lee',
        address: PERSON.address,
        optedOut: false,
        lists: [{ list: '9', name: 'Newsletter', status: 'active', since: null, reason: null, via: null }],
        records: [],
        activeCampaignUrl: null,
        readAt: new Date(scene.clock).toISOString(),
      };
    },
    openAct: (record, address) => outbox.openAct(address.then((address) => ({ ...record, address }))),
    open: async () => [],
    tabs: async () => [],
    push: async () => 0,
    now: () => scene.clock,
    chance: () => 0,
    later: () => undefined,
  });
  const kept = new Map<string, Place>();
  const ports: OverviewPorts = {
    places: { placeOf: async (host) => kept.get(host) },
    outbox,
    statuses,
    shown: async (tab) => (tab === 7 ? { host: PERSON.host, record: PERSON.record } : null),
    openRecords: async () => [{ host: 'other.my.salesforce.com', record: PERSON.record }],
    signedInHosts: async () => [PERSON.host],
  };
  return { scene, outbox, statuses, readings, kept, look: (tab: number, read = false) => overviewOf(ports, tab, read) };
}

test('a tab that shows no record of an org has no status, and nothing is read for it', async () => {
  const { look, readings } = desk();
  expect(await look(8, true)).toMatchObject({ host: null, status: null, queue: [], changes: [] });
  expect(readings).toEqual([]);
});

test('the record in the tab is read when that is asked for, and its status told without it as it is known', async () => {
  const { look, readings } = desk();
  expect((await look(7)).status).toMatchObject({ state: 'loading' });
  expect(readings).toEqual([]);
  await look(7, true);
  await new Promise(setImmediate);
  expect(readings).toEqual([PERSON.record]);
  expect((await look(7)).status).toMatchObject({ state: 'subscribed', name: 'Ann Lee' });
});

test('what waits says whom it is about, since when, how often it was tried, and what keeps it on either side', async () => {
  const { look, outbox, scene } = desk((operation) => (/ read$/.test(operation) ? 'refused' : 'done'));
  const since = new Date(scene.clock).toISOString();
  await outbox.want(PERSON);
  await outbox.drain();
  const { queue, changes } = await look(7);
  expect(queue).toMatchObject([
    { wish: 'opt-out', address: PERSON.address, record: PERSON.record, name: null, since, attempt: 2 },
  ]);
  expect(queue[0]?.problems.map(({ service, kind }) => `${service} ${kind}`)).toEqual([
    'salesforce rejected',
    'activecampaign rejected',
  ]);
  expect(changes).toEqual([]);
});

test('what is over says what, whom, when and how it ended, the latest first, with names that were read', async () => {
  const { look, outbox, scene, statuses } = desk();
  await statuses.refresh(PERSON);
  await outbox.want(PERSON, { kind: 'unsubscribe', list: '9' });
  await outbox.drain();
  scene.tick(1_000);
  await outbox.want(BEN, { kind: 'opt-in', reason: 'phone', words: '', lists: [] });
  scene.tick(1_000);
  await outbox.want(BEN);
  const { queue, changes } = await look(8);
  expect(queue).toMatchObject([{ wish: 'opt-out', record: BEN.record, address: null, problems: [] }]);
  expect(changes).toMatchObject([
    { wish: 'opt-in', record: BEN.record, name: null, ended: 'overtaken', listName: null },
    { wish: 'unsubscribe', record: PERSON.record, name: 'Ann Lee', ended: null, list: '9', listName: 'Newsletter' },
  ]);
});

test('the pill is hidden in the org of the tab where the rep hid it, and not where it was only moved', async () => {
  const { look, kept } = desk();
  kept.set(PERSON.host, { at: null, hidden: true });
  expect(await look(7)).toMatchObject({ host: PERSON.host, hidden: true });
  expect(await look(8)).toMatchObject({ host: null, hidden: false });
  kept.set(PERSON.host, { at: LEFT_SOMEWHERE, hidden: false });
  expect(await look(7)).toMatchObject({ host: PERSON.host, hidden: false });
});

test('twenty changes at most are told', async () => {
  const { look, outbox, scene } = desk();
  for (let click = 0; click < 22; click++) {
    await outbox.want(PERSON);
    await outbox.drain();
    scene.tick(1_000);
  }
  expect((await look(8)).changes).toHaveLength(20);
});

test('every org that counts is named once: signed in to, in the tab, or waiting', async () => {
  const { look, outbox } = desk();
  await outbox.want({ ...BEN, host: 'third.my.salesforce.com' });
  expect((await look(7)).orgs).toEqual([
    { host: PERSON.host, signedIn: true },
    { host: 'other.my.salesforce.com', signedIn: false },
    { host: 'third.my.salesforce.com', signedIn: false },
  ]);
});
