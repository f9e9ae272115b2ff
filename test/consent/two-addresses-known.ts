import { type Fault, GRAVE } from './faults.ts';
import type { PairEvent, Where } from './two-addresses.ts';
import type { PairMode } from './two-addresses-run.ts';
import type { FoundAt, PairStart } from './two-addresses-search.ts';

/**
 * Faults that the search over two addresses has found and that still stand, grave ones first; as known-faults.ts has them
 * for one address. Those that are found there are found here, too: they need no address change.
 */
export interface KnownAt {
  readonly name: string;
  /** What happens, and why it still does. */
  readonly why: string;
  /** A shortest history; its last step is the run at fault. */
  readonly example: {
    readonly start: PairStart;
    readonly steps: readonly [...(PairEvent | PairMode)[], PairMode];
    readonly fault: Fault;
    readonly where: Where;
  };
  readonly matches: (found: FoundAt) => boolean;
}

const grave = ({ fault }: FoundAt) => GRAVE.has(fault);
const one = ({ fault }: FoundAt, ...faults: Fault[]) => faults.includes(fault);
const lived = (found: FoundAt, ...steps: string[]) =>
  found.history().some((lived) => steps.some((step) => lived.includes(step)));
const reason = ({ where, result }: FoundAt) => (where === null ? undefined : result.results[where]?.decision.reason);
const bounced = (found: FoundAt) => lived(found, 'hard bounce', 'bounced, and in');

const [a, b] = ['a', 'b'] as const;

export const KNOWN_AT: readonly KnownAt[] = [
  {
    name: 'set again unseen',
    why: 'The same at one address, in known-faults.ts: cleared by a rep and set again on the day on which the person subscribes.',
    example: {
      start: 'out by a box, and in',
      steps: [
        { at: a, event: { kind: 'box cleared', which: 0 } },
        { at: a, event: { kind: 'person subscribes', list: '1' } },
        { at: a, event: { kind: 'box set', which: 0 } },
        'whole',
      ],
      fault: 'cleared unasked',
      where: a,
    },
    matches: (found) =>
      grave(found) &&
      (reason(found) === 'subscribed-again' || reason(found) === null) &&
      ['box cleared', 'person subscribes', 'box set'].every((step) => lived(found, step)),
  },
  {
    name: 'a yes at the other address',
    why: 'No fault of a run, but of what this search holds to be said: a contact has another address for a day, the person subscribes there, a run that fails half way settles that, and it comes back. The yes came back with it.',
    example: {
      start: 'out by a box, and in',
      steps: [
        { contactOf: a },
        { at: b, event: { kind: 'person subscribes', list: '1' } },
        'killed after reading',
        'killed before writing',
        'activecampaign fails',
        { contactOf: a },
        'whole',
      ],
      fault: 'cleared unasked',
      where: a,
    },
    matches: (found) =>
      grave(found) &&
      (reason(found) === 'subscribed-again' || reason(found) === null) &&
      lived(found, 'person subscribes') &&
      lived(found, 'RUN activecampaign fails') &&
      found.history().filter((step) => step.includes('gets the other address')).length === 2,
  },
  {
    name: 'ticked again over a bounce',
    why: 'The same at one address, in known-faults.ts.',
    example: {
      start: 'bounced, and in',
      steps: [
        { at: a, event: { kind: 'box cleared', which: 0 } },
        { at: a, event: { kind: 'box set', which: 0 } },
        { at: a, event: { kind: 'admin reactivates', list: '1' } },
        'whole',
      ],
      fault: 'mailed',
      where: a,
    },
    matches: (found) =>
      (grave(found) || one(found, 'listed wrongly')) &&
      reason(found) === 'bounce-reactivated' &&
      lived(found, 'box cleared') &&
      lived(found, 'box set'),
  },
  {
    name: 'a bounce becomes an opt-out',
    why: 'A box that was set for a bounce says no to whoever else has the address, or comes to have it: the run cannot tell for whom it stands (docs/what-happens.md: clear it by hand).',
    example: { start: 'bounced, and in', steps: [{ contactOf: a }, 'whole'], fault: 'unsubscribed unasked', where: a },
    matches: (found) => one(found, 'unsubscribed unasked', 'set unasked') && bounced(found),
  },
  {
    name: 'clearing and more in one day',
    why: 'A rep clears a box, and on the same day an address changes, or a run was cut off: the opt-out wins. The next clearing stands.',
    example: {
      start: 'out by a box, and in',
      steps: [{ at: a, event: { kind: 'box cleared', which: 0 } }, { record: 0, from: a, to: b }, 'whole'],
      fault: 'set unasked',
      where: b,
    },
    matches: (found) =>
      one(found, 'unsubscribed unasked', 'set unasked', 'clearing undone') && lived(found, 'box cleared'),
  },
  {
    name: 'half a run, and gone again',
    why: 'A run was cut off, or one half of it failed, and then a record or a contact changes its address: what is half done at one address counts at both, although the person said yes, or nothing is left there that says no.',
    example: {
      start: 'out by a box, and in',
      steps: [{ at: a, event: { kind: 'person subscribes', list: '1' } }, { loser: b }, 'killed between two', 'whole'],
      fault: 'unsubscribed unasked',
      where: b,
    },
    matches: (found) =>
      one(found, 'unsubscribed unasked', 'set unasked') &&
      found.history().some((step) => /^RUN (?!whole)/.test(step)) &&
      lived(found, ' from ', 'gets the other address', 'merged into'),
  },
  {
    name: 'a yes, and merged',
    why: 'A record goes into one that was settled as out at the other address, on the day on which the person there subscribes again: its address counts as out, by a box that is cleared that very night.',
    example: {
      start: 'out by a box, and in',
      steps: [
        { at: a, event: { kind: 'person subscribes', list: '1' } },
        { loser: b },
        'whole',
        { record: 0, from: a, to: b },
        'whole',
      ],
      fault: 'set unasked',
      where: b,
    },
    matches: (found) =>
      one(found, 'unsubscribed unasked', 'set unasked') && lived(found, 'merged into') && lived(found, 'subscribes'),
  },
  {
    name: 'an old box comes back',
    why: 'A record that was set loses its address, the person subscribes and is let in, and it gets the address again, set as it was: nobody can tell that from a new no.',
    example: {
      start: 'out by a box, and in',
      steps: [
        { record: 0, from: a, to: 'none' },
        { at: a, event: { kind: 'person subscribes', list: '1' } },
        'whole',
        { record: 0, from: 'none', to: a },
        'whole',
      ],
      fault: 'unsubscribed unasked',
      where: a,
    },
    matches: (found) =>
      one(found, 'unsubscribed unasked', 'set unasked') &&
      (lived(found, 'from none') || (lived(found, 'from a to b') && lived(found, 'from b to a'))),
  },
  {
    name: 'taken back, and moved',
    why: 'A rep cleared the box and a run took note. Then the contact, unsubscribed as it is, gets another address, or changes places with another contact: the other address is out by it, and what came from there counts as out, too.',
    example: {
      start: 'out by a box, and in',
      steps: [{ at: a, event: { kind: 'box cleared', which: 0 } }, 'whole', { contactOf: a }, 'whole'],
      fault: 'clearing undone',
      where: a,
    },
    matches: (found) =>
      (one(found, 'clearing undone', 'listed wrongly') ||
        (one(found, 'unsubscribed unasked', 'set unasked') && lived(found, 'quiet'))) &&
      lived(found, 'gets the other address', ' from ', 'merged into'),
  },
];
