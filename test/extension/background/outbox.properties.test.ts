import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDone } from '../../../src/extension/background/act.ts';
import { random } from '../../long.ts';
import { createScene, fatesOf, PERSON, type World } from './outbox.world.ts';

/** One thing that happens to a browser. Every event but `wait` begins with a live worker, a new one if the last died. */
type Event =
  | { readonly kind: 'click' | 'wake' | 'wait' }
  | { readonly kind: 'appears'; readonly service: 'lead' | 'membership' };

const worlds = fc.record({
  salesforce: fc.array(fc.boolean(), { maxLength: 4 }),
  activecampaign: fc.array(fc.constantFrom(0, 1, 1, 1, 2, 3), { maxLength: 5 }),
});
const fates = fatesOf(5);
const events = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Event>({ kind: 'click' }, { kind: 'wake' }, { kind: 'wait' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Event>(
        { kind: 'appears', service: 'lead' },
        { kind: 'appears', service: 'membership' },
      ),
    },
  ),
  { maxLength: 12 },
);

/** The services with rows as drawn, and a note of what each row said when it first was there. */
function worldOf(drawn: { readonly salesforce: readonly boolean[]; readonly activecampaign: readonly number[] }) {
  const world: World = {
    salesforce: new Map(drawn.salesforce.map((set, index) => [`record-${index}`, set])),
    activecampaign: new Map(drawn.activecampaign.map((status, index) => [`membership-${index}`, status])),
  };
  const first = new Map<string, boolean | number>([...world.salesforce, ...world.activecampaign]);
  return { world, first };
}

test('killed between any two steps, with failing halves and lost answers, the end is that of an undisturbed run', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fates, events, fc.boolean(), async (drawn, drawnFates, happens, known) => {
      const { world, first } = worldOf(drawn);
      const fate = drawnFates[Symbol.iterator]();
      const scene = createScene(world, () => fate.next().value ?? 'done');
      const person = known ? PERSON : { ...PERSON, address: undefined };
      let clicked = false;
      let worker = scene.wake();
      /** Lets the worker do something; answers false when it died over it. */
      const live = async (work: (outbox: typeof worker.outbox) => Promise<unknown>): Promise<boolean> => {
        const ended = await Promise.race([work(worker.outbox).then(() => 'lived' as const), worker.died]);
        if (ended === 'died') worker = scene.wake();
        return ended === 'lived';
      };
      let added = 0;
      for (const event of [...happens, { kind: 'click' } as const]) {
        if (event.kind === 'wait') scene.wait();
        if (event.kind === 'wake') await live((outbox) => outbox.drain());
        if (event.kind === 'click') {
          // Whoever sees no acknowledgement clicks again.
          while (!(await live((outbox) => outbox.want(person)))) clicked = true;
          clicked = true;
          await live((outbox) => outbox.drain());
        }
        if (event.kind === 'appears') {
          const id = `late-${added++}`;
          const value = event.service === 'lead' ? false : 1;
          first.set(id, value);
          if (typeof value === 'boolean') world.salesforce.set(id, value);
          else world.activecampaign.set(id, value);
        }
      }
      for (let tries = 0; tries < 80; tries++) {
        scene.wait();
        await live((outbox) => outbox.drain());
      }

      expect(clicked).toBe(true);
      expect([...world.salesforce.values()].every((set) => set)).toBe(true);
      for (const [id, status] of world.activecampaign) expect(status).toBe(first.get(id) === 1 ? 2 : first.get(id));
      for (const act of scene.acts.values()) expect(isDone(act)).toBe(true);
      for (const sent of scene.sent) {
        expect(sent.was, `${sent.id} was let alone when it is out`).toBe(sent.service === 'salesforce' ? false : 1);
        expect(sent.durable, `${sent.id} was written down before it was written`).toBe(first.get(sent.id));
      }
      const told = [...scene.acts.values()].flatMap(({ halves }) => [
        ...halves.salesforce.before,
        ...halves.activecampaign.before,
      ]);
      for (const id of new Set(scene.sent.map((sent) => sent.id)))
        expect(told.filter((row) => row.id === id).map((row) => row.value)).toContain(first.get(id));
    }),
    random(400, 10000),
  );
});
