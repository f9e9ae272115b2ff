import { type Act, isDone, newAct, withHalf } from '../../../src/extension/background/act.ts';
import type { OutboxStore } from '../../../src/extension/background/book.ts';
import { LONGEST_KEPT, MOST_KEPT } from '../../../src/extension/background/keeping.ts';

/** One promise of an outbox store: what `run` yields on an empty store must equal `yields`. */
export interface Promised {
  readonly promise: string;
  run(store: OutboxStore): Promise<unknown>;
  readonly yields: unknown;
}

const HOST = 'acme.my.salesforce.com';
const ann = newAct('ann-1', { host: HOST, record: '003000000000001AAA', address: 'ann@example.com' }, 2_000);
const ben = newAct('ben-1', { host: HOST, record: '003000000000002AAA', address: undefined }, 1_000);
const done = (act: Act): Act =>
  withHalf(withHalf(act, 'salesforce', { step: 'verified' }), 'activecampaign', { step: 'verified' });
const over = (id: string, wantedAt: number): Act => done({ ...ann, id, wantedAt });
const keep = (act: Act): Act => act;
const ids = (acts: readonly Act[]): string[] => acts.map(({ id }) => id);

/** The same for the store in IndexedDB and for the one in memory that the other tests use. */
export const CONTRACT: readonly Promised[] = [
  {
    promise: 'gives back an act as it was added, an address that is not known yet included',
    run: async (store) => {
      await store.add(ann);
      await store.add(ben);
      return [
        await store.get('ann-1'),
        Object.hasOwn((await store.get('ben-1')) ?? {}, 'address'),
        await store.get('nobody'),
      ];
    },
    yields: [ann, true, undefined],
  },
  {
    promise: 'lists what is open, oldest first, and not what is done',
    run: async (store) => {
      await store.add(ann);
      await store.add(ben);
      const both = ids(await store.open());
      await store.change('ben-1', done);
      return [both, ids(await store.open()), isDone((await store.get('ben-1')) ?? ben)];
    },
    yields: [['ben-1', 'ann-1'], ['ann-1'], true],
  },
  {
    promise: 'lists what is open after every write as it is then, and after one that failed as it was',
    run: async (store) => {
      const lists = [ids(await store.open())];
      const look = async () => void lists.push(ids(await store.open()));
      await store.add(ann);
      await look();
      await Promise.all([store.add(ben), look()]);
      await look();
      const failed = await store.change('nobody', keep).catch(() => 'failed');
      await look();
      await store.change('ann-1', (act) => ({ ...act, ended: 'changed' }));
      await look();
      return [lists.toSpliced(2, 1), failed];
    },
    yields: [[[], ['ann-1'], ['ben-1', 'ann-1'], ['ben-1', 'ann-1'], ['ben-1']], 'failed'],
  },
  {
    promise: 'lists the latest that are over, the latest first and no more than asked for, and not what is open',
    run: async (store) => {
      for (const [id, wantedAt] of [
        ['a', 1_000],
        ['c', 3_000],
        ['b', 2_000],
        ['open', 4_000],
      ] as const)
        await store.add({ ...ben, id, wantedAt, record: `003${id}` });
      for (const id of ['a', 'b', 'c']) await store.change(id, done);
      return [ids(await store.latest(2)), ids(await store.latest(20)), ids(await store.latest(0))];
    },
    yields: [['c', 'b'], ['c', 'b', 'a'], []],
  },
  {
    promise: 'forgets what is over when it is too much or too old, the oldest first, and never what is open',
    run: async (store) => {
      await store.add({ ...ben, id: 'open', wantedAt: 1 });
      for (let at = 2; at < MOST_KEPT + 5; at++) await store.add(over(`over-${at}`, at));
      await store.forget(MOST_KEPT + 5);
      const most = [await store.get('over-5'), await store.get('over-6')].map((act) => act?.id);
      await store.forget(7 + LONGEST_KEPT);
      const latest = ids(await store.latest(MOST_KEPT));
      return [most, latest.length, latest.at(-1), ids(await store.open())];
    },
    yields: [[undefined, 'over-6'], MOST_KEPT - 3, 'over-8', ['open']],
  },
  {
    promise: 'adds no second act for a person who has an open one, but changes that',
    run: async (store) => {
      await store.add(ann);
      const lead = newAct('ann-2', { host: HOST, record: '00Q000000000001AAA', address: 'ann@example.com' }, 3_000);
      const standing = await store.add(lead);
      return [standing.id, standing.halves.salesforce.nextTry, await store.get('ann-2'), ids(await store.open())];
    },
    yields: ['ann-1', 3_000, undefined, ['ann-1']],
  },
  {
    promise: 'adds a second act for a person whose first one is done',
    run: async (store) => {
      await store.add(ann);
      await store.change('ann-1', done);
      await store.add({ ...ann, id: 'ann-2' });
      return ids(await store.open());
    },
    yields: ['ann-2'],
  },
  {
    promise: 'ends in the same step what a later opposite wish overtakes, and remembers both',
    run: async (store) => {
      await store.add(ann);
      const back = newAct('ann-2', { host: HOST, record: ann.record, address: ann.address }, 3_000, {
        kind: 'opt-in',
        reason: 'phone',
        words: '',
        lists: [],
      });
      const standing = await store.add(back);
      const all = await store.of({ host: HOST, record: '00Q000000000001AAA', address: 'ann@example.com' });
      return [standing.overtook, ids(await store.open()), all.map(({ id, ended }) => [id, ended])];
    },
    yields: [
      ['ann-1'],
      ['ann-2'],
      [
        ['ann-2', null],
        ['ann-1', 'overtaken'],
      ],
    ],
  },
  {
    promise: 'finds a person’s acts by record and by address, in one org only',
    run: async (store) => {
      await store.add(ann);
      await store.add(ben);
      return [
        ids(await store.of({ host: HOST, record: ann.record, address: undefined })),
        ids(await store.of({ host: HOST, record: ben.record, address: 'ann@example.com' })),
        ids(await store.of({ host: 'other.my.salesforce.com', record: ann.record, address: 'ann@example.com' })),
      ];
    },
    yields: [['ann-1'], ['ann-1', 'ben-1'], []],
  },
  {
    promise: 'loses neither of two changes made at once',
    run: async (store) => {
      await store.add(ann);
      await Promise.all([
        store.change('ann-1', (act) => withHalf(act, 'salesforce', { step: 'sent' })),
        store.change('ann-1', (act) => withHalf(act, 'activecampaign', { step: 'read' })),
      ]);
      const act = await store.get('ann-1');
      return [act?.halves.salesforce.step, act?.halves.activecampaign.step];
    },
    yields: ['sent', 'read'],
  },
  {
    promise: 'makes one act of two clicks at once',
    run: async (store) => {
      const acts = await Promise.all([store.add(ann), store.add({ ...ann, id: 'ann-2' })]);
      return [ids(acts), ids(await store.open())];
    },
    yields: [['ann-1', 'ann-1'], ['ann-1']],
  },
  {
    promise: 'refuses to change what is not there',
    run: (store) =>
      store.change('nobody', keep).then(
        () => 'changed',
        () => 'refused',
      ),
    yields: 'refused',
  },
  {
    promise: 'keeps an act as it was when the change itself fails',
    run: async (store) => {
      await store.add(ann);
      await store
        .change('ann-1', () => {
          throw new Error('a mistake');
        })
        .catch(() => undefined);
      return store.get('ann-1');
    },
    yields: ann,
  },
];
