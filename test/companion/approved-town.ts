import { expect } from 'vitest';
import type { Report } from '../../src/companion/report.ts';
import { planOf, planText, type SavedPlan } from '../../src/companion/saved-plan.ts';
import type { SyncOptions } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { BOX, QUALIFYING, type Town } from './town.ts';

/** A town in which a plan is made, and what may change there before it is carried out. */

/** Looks at the plan of a dry run; the plan makes the way through a file. */
export async function planned(
  here: Town,
  options: Partial<SyncOptions> = {},
  look: (report: Report) => void = () => undefined,
): Promise<SavedPlan | undefined> {
  let saved: SavedPlan | undefined;
  const report = await here.night({
    ...options,
    dryRun: true,
    save: (plan) => {
      saved = planOf(planText(plan), 'plan.json');
    },
  });
  look(report);
  return saved;
}

export async function plannedFor(here: Town): Promise<SavedPlan> {
  const plan = await planned(here);
  if (!plan) throw new Error('no plan was saved');
  return plan;
}

/** After a night: somebody to opt out, and somebody to opt in. */
export async function lived(cheaperShare?: number) {
  const here = aTown();
  here.cheaperShare = cheaperShare;
  const back = here.plant('back', { contacts: [false], lists: { News: 2 } });
  await here.night();
  here.sandbox.account.subscribe(back.ac, here.list('News'), { by: 'contact' });
  const out = here.plant('out', { contacts: [true], lists: { News: 1 } });
  return { here, back, out, record: back.contacts[0] ?? '' };
}

export async function refusal(here: Town, approved: SavedPlan, options: Partial<SyncOptions> = {}) {
  here.sandbox.requests.reset();
  const report = await here.night({ ...options, approved });
  expect(here.writes()).toEqual([]);
  expect(report).toMatchObject({ outcome: 'refused', exitCode: 3, refusal: { kind: 'plan-moved' } });
  return report.refusal?.message ?? '';
}

/** What changes, how, and for whom. */
export const MOVES: readonly [string, (life: Awaited<ReturnType<typeof lived>>) => void, 'back' | 'out'][] = [
  ['a membership', ({ here, out }) => void here.sandbox.account.unsubscribe(out.ac, here.list('News')), 'out'],
  ['a box', ({ here, out }) => here.sandbox.org.update('Contact', out.contacts[0] ?? '', { [BOX]: false }), 'out'],
  [
    'a record',
    ({ here, out }) => void here.sandbox.org.insert('Lead', { LastName: 'o', Company: 'Mill', Email: out.email }),
    'out',
  ],
  ['a tag', ({ here, back }) => here.sandbox.account.untag(back.ac, QUALIFYING), 'back'],
  ['the contact', ({ here, out }) => here.sandbox.account.remove(out.ac), 'out'],
];
