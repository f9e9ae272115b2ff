import fc from 'fast-check';
import type { Act } from '../../../src/extension/background/act.ts';
import { type BookPorts, createBook } from '../../../src/extension/background/book.ts';
import { createDrain, type DrainPorts, type Side } from '../../../src/extension/background/drain.ts';
import type { Outbox } from '../../../src/extension/background/outbox.ts';
import { LONGEST_WAIT } from '../../../src/extension/background/retry.ts';
import type { Row } from '../../../src/extension/background/row.ts';
import type { Todo } from '../../../src/extension/background/todo.ts';
import { type FailureKind, ServiceFailure, type ServiceName } from '../../../src/service/failure.ts';
import { memoryLock, memoryStore } from './memory.ts';

/** Records with their box and memberships with their status: what both services hold of one person. */
export interface World {
  readonly salesforce: Map<string, boolean>;
  readonly activecampaign: Map<string, number>;
}

/** What became of one operation: done, without an answer for ever, refused, lost on the way, or the worker died before or after it took effect. */
export type Fate = 'done' | 'hangs' | 'refused' | 'lost-before' | 'lost-after' | 'dies-before' | 'dies-after';

/** Fates of operations: of every 4 and this many, this many go well. */
export const fatesOf = (well: number): fc.Arbitrary<Fate[]> =>
  fc.array(
    fc.oneof(
      { weight: well, arbitrary: fc.constant<Fate>('done') },
      {
        weight: 4,
        arbitrary: fc.constantFrom<Fate>('refused', 'lost-before', 'lost-after', 'dies-before', 'dies-after'),
      },
    ),
    { maxLength: 60 },
  );

export const PERSON = {
  host: 'acme.my.salesforce.com',
  record: '003000000000001AAA',
  address: 'ann@example.com',
} as const;

/** One write that reached a service. */
export interface Sent {
  readonly service: ServiceName;
  readonly id: string;
  readonly value: boolean | number;
  /** What the row said when the write arrived. */
  readonly was: boolean | number;
  /** What the outbox had made durable about this row by then. */
  readonly durable: boolean | number | undefined;
}

/**
 * A browser, its worker lives and the two services. Each operation (store or service) asks `fate` what becomes of it.
 * A worker that died neither goes on nor fails: its promises never settle, as in the real one.
 */
export function createScene(world: World, fate: (operation: string) => Fate) {
  const acts = new Map<string, Act>();
  const store = memoryStore(acts);
  const sent: Sent[] = [];
  const stamps = new Map<string, string>();
  /** The box in use since the settings named another, and what it says on each record. */
  let other: { readonly field: string; readonly boxes: Map<string, boolean> } | undefined;
  let clock = Date.parse('2026-11-21T20:00:00Z');
  let ids = 0;

  /** A worker's life: its outbox, and a promise that settles when it has died. */
  function wake(): { readonly outbox: Outbox; readonly died: Promise<'died'> } {
    let die: (word: 'died') => void = () => undefined;
    const died = new Promise<'died'>((resolve) => {
      die = resolve;
    });
    let dead = false;
    const never = new Promise<never>(() => undefined);

    async function operation<T>(name: string, work: () => Promise<T>, service?: ServiceName): Promise<T> {
      if (dead) return never;
      const what = fate(name);
      const end = () => {
        dead = true;
        die('died');
        return never;
      };
      if (what === 'hangs') return never;
      if (what === 'dies-before') return end();
      if (what === 'refused' && service) throw failure(service, 'rejected');
      if (what === 'lost-before' && service) throw failure(service, 'unreachable');
      const done = await work();
      if (what === 'lost-after' && service) throw failure(service, 'unreachable');
      return what === 'dies-after' ? end() : done;
    }

    const side = <V extends boolean | number>(service: ServiceName, rowsNow: () => Map<string, V>): Side => ({
      read: () =>
        operation(
          `${service} read`,
          async () =>
            [...rowsNow()].map(
              ([id, value]): Row => ({
                id,
                of: id,
                ...(service === 'salesforce' && { field: other?.field ?? 'HasOptedOutOfEmail' }),
                contact: '1',
                value,
                stamp: stamps.get(id) ?? '',
              }),
            ),
          service,
        ),
      write: async (act, todo) => {
        const rows = rowsNow();
        const set = async ({ id, goal }: Todo) => {
          const was = rows.get(id);
          if (was === undefined) return;
          const durable = acts.get(act.id)?.halves[service].before.find((row) => row.id === id)?.value;
          sent.push({ service, id, value: goal, was, durable });
          rows.set(id, goal as V);
        };
        // Salesforce takes all rows in one request, ActiveCampaign each in its own; the worker may die between any two.
        const requests = service === 'salesforce' ? [todo] : todo.map((row) => [row]);
        const write = (some: readonly Todo[]) =>
          operation(`${service} write`, async () => void (await Promise.all(some.map(set))), service);
        const failed = (await Promise.allSettled(requests.map(write))).find(({ status }) => status === 'rejected');
        if (failed?.status === 'rejected') throw failed.reason;
      },
    });

    const ports: BookPorts & DrainPorts = {
      store: {
        open: () => operation('open', () => store.open()),
        latest: (count) => operation('latest', () => store.latest(count)),
        get: (id) => operation('get', () => store.get(id)),
        of: (person) => operation('of', () => store.of(person)),
        add: (act) => operation('add', () => store.add(act)),
        change: (id, change) => operation('change', () => store.change(id, change)),
        forget: (now) => operation('forget', () => store.forget(now)),
      },
      sides: {
        salesforce: side('salesforce', () => other?.boxes ?? world.salesforce),
        activecampaign: side('activecampaign', () => world.activecampaign),
      },
      address: () => operation('address', async () => PERSON.address, 'salesforce'),
      now: () => clock,
      chance: () => 0.5,
      newId: () => `act-${++ids}`,
      logs: async () => false,
      log: async () => undefined,
      lock: memoryLock(),
      changed: () => undefined,
    };
    return { outbox: { ...createBook(ports), ...createDrain(ports) }, died };
  }

  return {
    wake,
    acts,
    sent,
    store,
    /** The settings name another opt-out field, which says this on each record. */
    useField: (field: string, boxes: Map<string, boolean>) => {
      other = { field, boxes };
    },
    /** Somebody else writes the row without changing what it says. */
    touch: (id: string) => void stamps.set(id, `touched ${stamps.size}`),
    /** Lets so much time pass that every retry is due. */
    wait: () => {
      clock += LONGEST_WAIT;
    },
    tick: (ms: number) => {
      clock += ms;
    },
    get clock() {
      return clock;
    },
  };
}

export function failure(service: ServiceName, kind: FailureKind, retryAfter?: number): ServiceFailure {
  return new ServiceFailure({
    service,
    kind,
    call: 'test',
    words: `${service} says ${kind}`,
    code: kind.toUpperCase(),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
