import { type Fault, GRAVE } from './faults.ts';
import type { RunMode } from './run.ts';
import type { Found } from './search.ts';
import type { StartName, Step } from './starts.ts';
import type { Setting } from './world.ts';

/**
 * Faults that the search has found and that still stand. A mended one is taken off this list, and the search test says
 * which: every example must still be at fault, and nothing but these may be found. Grave ones come first, the worst at
 * the top; the others are over-cautious (a yes or a rep's clearing is passed over) or only say something wrongly.
 */
export interface KnownFault {
  readonly name: string;
  /** What happens, and why it still does. */
  readonly why: string;
  /** A shortest history; its last step is the run at fault. */
  readonly example: {
    readonly start: StartName;
    readonly setting?: Setting;
    readonly steps: readonly [...Step[], RunMode];
    readonly fault: Fault;
  };
  readonly matches: (found: Found) => boolean;
}

const grave = ({ fault }: Found) => GRAVE.has(fault);
const one = ({ fault }: Found, ...faults: Fault[]) => faults.includes(fault);
const reason = ({ result }: Found) => result.decision.reason;
const before = ({ result }: Found) => (result.agreementBefore?.kind === 'out' ? result.agreementBefore : null);
const wasQuiet = ({ result }: Found) => result.agreementBefore?.kind === 'quiet';
const said = ({ result }: Found) => result.said;
const lived = (found: Found, ...steps: string[]) =>
  found.history().some((lived) => steps.some((step) => lived.includes(step)));
const bounced = (found: Found) => before(found)?.cause === 'bounce';
/** The agreement is forgotten for a newer subscription: rule 7, or rule 3 before it. */
const letIn = (found: Found) =>
  reason(found) === 'subscribed-again' ||
  (reason(found) === null && before(found) !== null && found.world.agreement === null);

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    name: 'an import looks like the person',
    why: 'A bulk import, or an automation, puts somebody who is out on a list they never joined: an active row with a new sdate, as if they had subscribed. The rules see no sourceid.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'admin imports', list: '2' }, 'whole'],
      fault: 'mailed',
    },
    matches: (found) =>
      grave(found) &&
      !found.world.sourcesNamed &&
      lived(found, 'admin imports') &&
      sameContact(found) &&
      !said(found).joined,
  },
  {
    name: 'another contact lets in',
    why: 'Box clear, agreement out, and the contact was deleted and imported again: the seventh rule takes the new row for a subscription, although the third asks for the same contact.',
    example: {
      start: 'out by a box, and agreed',
      steps: [
        { kind: 'record purged', which: 0 },
        { kind: 'contact deleted' },
        { kind: 'record born', set: false },
        { kind: 'admin imports', list: '1' },
        'whole',
      ],
      fault: 'mailed',
    },
    matches: (found) =>
      grave(found) && reason(found) === null && letIn(found) && !sameContact(found) && !said(found).joined,
  },
  {
    name: 'set again unseen',
    why: 'After the person subscribed, the box was cleared (by a run that was killed before it remembered, or by a rep) and a rep set it again before the next run. Without field history it looks untouched, and is cleared.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'person subscribes', list: '1' }, 'killed after both', { kind: 'box set', which: 0 }, 'whole'],
      fault: 'cleared unasked',
    },
    matches: (found) =>
      grave(found) && letIn(found) && said(found).joined && !found.world.history && setsAreAgreed(found),
  },
  {
    name: 'subscribed, left, reactivated',
    why: 'Somebody who is out subscribes, unsubscribes again, and an admin reactivates the row, all before the next run: the row is active with an sdate later than the agreement. Its udate is later still, and nobody looks at that.',
    example: {
      start: 'out by a box, and agreed',
      steps: [
        { kind: 'person subscribes', list: '2' },
        { kind: 'person unsubscribes', list: '2' },
        { kind: 'admin reactivates', list: '2' },
        'whole',
      ],
      fault: 'cleared unasked',
    },
    matches: (found) => grave(found) && letIn(found) && said(found).left !== null && lived(found, 'admin reactivates'),
  },
  {
    name: 'left, then bounced',
    why: 'hard-bounce is tried before unsubscribed-from-all: who unsubscribed from everything and bounces too is remembered as a bounce, and mailed again when somebody reactivates them.',
    example: {
      start: 'in on both sides',
      steps: [
        { kind: 'person unsubscribes', list: '1' },
        { kind: 'hard bounce' },
        'whole',
        { kind: 'admin reactivates', list: '1' },
        'whole',
      ],
      fault: 'mailed',
    },
    matches: (found) =>
      (grave(found) || one(found, 'listed wrongly')) && bounced(found) && said(found).left !== null && !letIn(found),
  },
  {
    name: 'set by a rep where a run had failed to',
    why: 'A run meant to set the box for a bounce and did not; a rep sets it before the next run, which takes it for its own (causeAfterInterruption) and remembers a bounce.',
    example: {
      start: 'in on both sides',
      steps: [
        { kind: 'hard bounce' },
        'salesforce fails',
        { kind: 'box set', which: 0 },
        'whole',
        { kind: 'admin reactivates', list: '1' },
        'whole',
      ],
      fault: 'mailed',
    },
    matches: (found) =>
      (grave(found) || one(found, 'listed wrongly')) &&
      bounced(found) &&
      lived(found, 'box set', 'record born (set)', 'carried', 'keeps') &&
      lived(found, 'RUN salesforce', 'RUN one', 'RUN other', 'RUN killed') &&
      setsAreAgreed(found),
  },
  {
    name: 'ticked again over a bounce',
    why: 'A rep clears the box that a run had set for a bounce, and on the same day ticks it: nothing looks changed, and who is reactivated is mailed as a mended bounce. Field history is not asked for a cause.',
    example: {
      start: 'bounced, and agreed',
      steps: [
        { kind: 'box cleared', which: 0 },
        { kind: 'box set', which: 0 },
        { kind: 'admin reactivates', list: '1' },
        'whole',
      ],
      fault: 'mailed',
    },
    matches: (found) =>
      (grave(found) || one(found, 'listed wrongly')) &&
      bounced(found) &&
      setsAreAgreed(found) &&
      lived(found, 'box cleared', 'keeps') &&
      lived(found, 'box set', 'keeps'),
  },
  {
    name: 'no record left',
    why: 'Somebody agreed to be out has no live record any more; an admin reactivates them in ActiveCampaign and they are mailed. Nothing is written and nobody listed until a record with the address comes.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'record deleted', which: 0 }, 'whole', { kind: 'admin reactivates', list: '1' }, 'whole'],
      fault: 'mailed',
    },
    matches: (found) =>
      one(found, 'mailed') &&
      before(found) !== null &&
      found.result.before.records.length === 0 &&
      found.world.agreement !== null,
  },
  {
    name: 'our own clearing looks like a rep’s',
    why: 'A run that was killed had cleared the box for a subscription on a list that is then out of sight: the next one takes it for cleared-in-salesforce.',
    example: {
      start: 'out by a box, and agreed',
      steps: [
        { kind: 'person subscribes', list: '2' },
        'killed after both',
        { kind: 'list hidden', list: '2' },
        { kind: 'person unsubscribes', list: '2' },
        'whole',
      ],
      fault: 'box clear',
    },
    matches: (found) =>
      (grave(found) || one(found, 'listed wrongly')) &&
      (reason(found) === 'cleared-in-salesforce' || (reason(found) === null && wasQuiet(found))) &&
      lived(found, 'list hidden') &&
      lived(found, 'RUN killed', 'RUN one', 'RUN other'),
  },
  {
    name: 'vanished and not written',
    why: 'A set record vanished and the heir’s box could not be set: differs() looks at live boxes only, so nobody is listed as failed.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'lead converted', which: 0, carried: false }, 'salesforce fails'],
      fault: 'not listed',
    },
    matches: (found) => one(found, 'not listed') && found.world.vanished.length > 0,
  },
  {
    name: 'history of a cleared box',
    why: 'With field history, one of two boxes cleared by a run that failed half way counts as touched: the next run sets it again and unsubscribes the person who had just subscribed.',
    example: {
      start: 'in on both sides',
      setting: { history: true },
      steps: [
        { kind: 'record born', set: true },
        'whole',
        { kind: 'person subscribes', list: '1' },
        'one record fails',
      ],
      fault: 'kill matters',
    },
    matches: (found) => one(found, 'kill matters') && reason(found) === 'subscribed-again',
  },
  {
    name: 'asking to join ends the quiet',
    why: 'A rep cleared the boxes and the run took note; any change of any row, even an unconfirmed sign-up or a list hidden, ends that and sets the boxes again.',
    example: { start: 'quiet', steps: [{ kind: 'joins unconfirmed', list: '2' }, 'whole'], fault: 'clearing undone' },
    matches: (found) =>
      one(found, 'clearing undone', 'set unasked') && wasQuiet(found) && reason(found) === 'unsubscribed-from-all',
  },
  {
    name: 'touched stays touched',
    why: 'With field history, a rep cleared and set a box again, later runs agreed, and still a subscription after that is passed over, because an agreement that says the same keeps its old time.',
    example: {
      start: 'in on both sides',
      setting: { history: true },
      steps: [{ kind: 'record born', set: true }, 'whole', { kind: 'box cleared', which: 0 }, 'whole'],
      fault: 'yes ignored',
    },
    matches: (found) => one(found, 'yes ignored') && found.world.history,
  },
  {
    name: 'a bounce becomes an opt-out',
    why: 'A box that was set for a bounce counts as an opt-out when the run was killed twice, the record is new, undeleted or converted, or the counter of bounces is reset: a person who never said no is unsubscribed.',
    example: {
      start: 'bounced, and agreed',
      steps: [{ kind: 'bounce reset' }, { kind: 'admin reactivates', list: '1' }, 'whole'],
      fault: 'unsubscribed unasked',
    },
    matches: (found) =>
      one(found, 'kill changes the cause') ||
      (one(found, 'unsubscribed unasked', 'set unasked') && !wasQuiet(found) && boxOfOurs(found)),
  },
  {
    name: 'clearing and more in one day',
    why: 'A rep clears the box and on the same day something else happens (an admin reactivates, the record or the contact goes, a half of the run had failed): the run cannot tell that from an accident, and the opt-out wins. The next clearing stands.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'box cleared', which: 0 }, { kind: 'admin reactivates', list: '1' }, 'whole'],
      fault: 'unsubscribed unasked',
    },
    matches: (found) => one(found, 'set unasked', 'unsubscribed unasked', 'clearing undone'),
  },
];

function sameContact({ result }: Found): boolean {
  const { agreementBefore } = result;
  return agreementBefore?.kind === 'out' && agreementBefore.contact === result.before.contact?.id;
}

/** The contact has bounced, or it was for a bounce that a run set the boxes. */
function boxOfOurs(found: Found): boolean {
  return bounced(found) || (found.result.before.contact?.bouncedHard ?? 0) > 0;
}

/** Every set box was set when the agreement was made. */
function setsAreAgreed(found: Found): boolean {
  return found.result.before.records.every(({ id, set }) => !set || before(found)?.records.includes(id));
}
