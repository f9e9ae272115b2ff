import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Act } from '../../../src/extension/background/act.ts';
import { undoOf } from '../../../src/extension/background/undo.ts';
import { random } from '../../long.ts';
import { createScene, fatesOf, PERSON, type World } from './outbox.world.ts';

type Event = 'click' | 'undo' | 'wait' | 'field' | 'merged' | 'set' | 'left';

const events = fc.array(
  fc.constantFrom<Event>('click', 'click', 'undo', 'undo', 'wait', 'field', 'field', 'merged', 'set', 'left'),
  { maxLength: 8 },
);
const fates = fatesOf(40);

/** A person with two records, of which one has been set in the other field before, on two lists. */
const worlds = fc.record({
  boxes: fc.tuple(fc.boolean(), fc.boolean()),
  others: fc.tuple(fc.boolean(), fc.boolean()),
  statuses: fc.array(fc.constantFrom(1, 1, 2), { maxLength: 2 }),
});

test('between clicks, undos, killed workers, another opt-out field, merged records and words of others, mail is let through by an undo alone, where the click had stopped it; and the last click wins', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fates, events, async (drawn, drawnFates, happens) => {
      const records = (boxes: readonly boolean[]) => new Map(boxes.map((set, n) => [`record-${n}`, set]));
      const world: World = {
        salesforce: records(drawn.boxes),
        activecampaign: new Map(drawn.statuses.map((status, n) => [`membership-${n}`, status])),
      };
      const others = records(drawn.others);
      let boxes = world.salesforce;
      const fate = drawnFates[Symbol.iterator]();
      const scene = createScene(world, () => fate.next().value ?? 'done');
      let worker = scene.wake();
      const live = async (work: (outbox: typeof worker.outbox) => Promise<unknown>): Promise<boolean> => {
        const ended = await Promise.race([work(worker.outbox).then(() => 'lived' as const), worker.died]);
        if (ended === 'died') worker = scene.wake();
        return ended === 'lived';
      };
      /** What the clicks have stopped: memberships, and records by the field. */
      const stopped = new Set<string>();
      let sent = 0;
      const judge = () => {
        for (const { id, value, was } of scene.sent.slice(sent)) {
          const row = id.startsWith('record') ? `${boxes === others} ${id}` : id;
          if (value === true || value === 2) {
            if (was !== value) stopped.add(row);
          } else expect(stopped, `${row} was let in again by an undo`).toContain(row);
        }
        sent = scene.sent.length;
      };
      for (const event of [...happens, 'click', 'wait'] as const) {
        scene.tick(1_000);
        if (event === 'wait') scene.wait();
        if (event === 'wait') await live((outbox) => outbox.drain());
        if (event === 'click') {
          while (!(await live((outbox) => outbox.want(PERSON))));
          await live((outbox) => outbox.drain());
        }
        if (event === 'undo') {
          const act = [...scene.acts.values()].at(-1) as Act | undefined;
          const wish = act && undoOf(act);
          if (wish && (await live((outbox) => outbox.want(PERSON, wish)))) await live((outbox) => outbox.drain());
        }
        judge();
        if (event === 'field' && boxes !== others) {
          scene.useField('Sales_Opt_Out__c', others);
          boxes = others;
        }
        if (event === 'merged') boxes.delete('record-1');
        if (event === 'set') boxes.set('record-0', true);
        if (event === 'left' && world.activecampaign.has('membership-0')) {
          world.activecampaign.set('membership-0', 2);
          scene.touch('membership-0');
        }
      }
      for (let tries = 0; tries < 80; tries++) {
        scene.wait();
        await live((outbox) => outbox.drain());
      }
      judge();
      expect([...boxes.values()].every(Boolean)).toBe(true);
      expect([...world.activecampaign.values()]).not.toContain(1);
    }),
    random(300, 10000),
  );
});
