import { type Moment, type RunMode, run } from './run.ts';
import { type Event, happen, newWorld, type Setting, type World } from './world.ts';

/** Typical worlds from which histories begin. */
export const STARTS = {
  'in on both sides': [],
  'out by a box, and agreed': [{ kind: 'box set', which: 0 }, 'whole'],
  'out by unsubscribing, and agreed': [{ kind: 'person unsubscribes', list: '1' }, 'whole'],
  'bounced, and agreed': [{ kind: 'hard bounce' }, 'whole'],
  quiet: [{ kind: 'person unsubscribes', list: '1' }, 'whole', { kind: 'box cleared', which: 0 }, 'whole'],
} as const satisfies Record<string, readonly Step[]>;
export type StartName = keyof typeof STARTS;

/** An event, a run, or a run with an event in the middle of it. */
export type Step = Event | RunMode | { readonly run: RunMode; readonly during: Event; readonly moment?: Moment };

/** One record, and one qualified contact on one of two lists, of which a run has taken note. */
const EVERY_START: readonly Step[] = [
  { kind: 'record born', set: false },
  { kind: 'contact created' },
  { kind: 'person subscribes', list: '1' },
  'whole',
];

export function live(world: World, steps: readonly Step[]): World {
  for (const step of steps)
    if (typeof step === 'string') run(world, step);
    else if ('run' in step) run(world, step.run, step.during, step.moment);
    else happen(world, step);
  return world;
}

export function startWorld(name: StartName, setting: Setting = {}): World {
  return live(newWorld(setting), [...EVERY_START, ...STARTS[name]]);
}

export function startWorlds(setting: Setting = {}): { name: string; world: World }[] {
  return (Object.keys(STARTS) as StartName[]).map((name) => ({ name, world: startWorld(name, setting) }));
}
