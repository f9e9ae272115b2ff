import { type Act, isDone, newAct, wantedAgain, withHalf } from '../../../src/extension/background/act.ts';
import type { OutboxStore } from '../../../src/extension/background/outbox.ts';

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
const keep = (open: Act): Act => open;
const ids = (acts: readonly Act[]): string[] => acts.map(({ id }) => id);

/** The same for the store in IndexedDB and for the one in memory that the other tests use. */
export const CONTRACT: readonly Promised[] = [
  {
    promise: 'gives back an act as it was added, an address that is not known yet included',
    run: async (store) => {
      await store.add(ann, keep);
      await store.add(ben, keep);
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
      await store.add(ann, keep);
      await store.add(ben, keep);
      const both = ids(await store.open());
      await store.change('ben-1', done);
      return [both, ids(await store.open()), isDone((await store.get('ben-1')) ?? ben)];
    },
    yields: [['ben-1', 'ann-1'], ['ann-1'], true],
  },
  {
    promise: 'adds no second act for a person who has an open one, but changes that',
    run: async (store) => {
      await store.add(ann, keep);
      const lead = newAct('ann-2', { host: HOST, record: '00Q000000000001AAA', address: 'ann@example.com' }, 3_000);
      const standing = await store.add(lead, (open) => wantedAgain(open, 9_000));
      return [standing.id, standing.halves.salesforce.nextTry, await store.get('ann-2'), ids(await store.open())];
    },
    yields: ['ann-1', 9_000, undefined, ['ann-1']],
  },
  {
    promise: 'adds a second act for a person whose first one is done',
    run: async (store) => {
      await store.add(ann, keep);
      await store.change('ann-1', done);
      await store.add({ ...ann, id: 'ann-2' }, keep);
      return ids(await store.open());
    },
    yields: ['ann-2'],
  },
  {
    promise: 'loses neither of two changes made at once',
    run: async (store) => {
      await store.add(ann, keep);
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
      const acts = await Promise.all([store.add(ann, keep), store.add({ ...ann, id: 'ann-2' }, keep)]);
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
      await store.add(ann, keep);
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
