import { type Fault, GRAVE } from './faults.ts';
import type { RunMode } from './run.ts';
import { stands } from './said.ts';
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
const mishap = (found: Found) => found.history().some((step) => /^RUN (?!whole)/.test(step));
const bounced = (found: Found) => before(found)?.cause === 'bounce';
/** The agreement is forgotten for a newer subscription: rule 7, or rule 3 before it. */
const letIn = (found: Found) =>
  reason(found) === 'subscribed-again' ||
  (reason(found) === null && before(found) !== null && found.world.agreement === null);

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    name: 'an import looks like the person',
    why: 'A bulk import, or an automation, puts somebody who is out on a list they never joined: an active row with a new sdate, as if they had subscribed. The rules see a sourceid, but no document says which number is an import’s (a form on a website often subscribes by the API, too): only an admin who has looked can name them (activecampaign.personSources; doctor counts a sample). To believe a subscription only on a list that they had been on would pass over the ordinary way back, a form for another list. Imports of many are held by the opt-in cap.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'admin imports', list: '2' }, 'whole'],
      fault: 'mailed',
    },
    matches: (found) =>
      grave(found) &&
      !found.world.sourcesNamed &&
      !said(found).joined &&
      lived(found, 'admin imports') &&
      ((letIn(found) && sameContact(found)) || (reason(found) === 'cleared-in-salesforce' && letInBefore(found))),
  },
  {
    name: 'set again unseen',
    why: 'On the day on which the person subscribes, a rep clears the box and sets it again before the next run. Without field history it looks untouched, and is cleared. That the record was changed on that day tells nothing: integrations, ActiveCampaign’s own among them, write to it within minutes of a subscription.',
    example: {
      start: 'out by a box, and agreed',
      steps: [
        { kind: 'person subscribes', list: '1' },
        { kind: 'box cleared', which: 0 },
        { kind: 'box set', which: 0 },
        'whole',
      ],
      fault: 'cleared unasked',
    },
    matches: (found) =>
      grave(found) &&
      letIn(found) &&
      said(found).joined &&
      said(found).no &&
      !said(found).joinedAfterNo &&
      setsAreAgreed(found) &&
      lived(found, 'box cleared', 'keeps') &&
      (!found.world.history || (lived(found, 'records merged') && lived(found, 'bin emptied'))),
  },
  {
    name: 'set by a rep at the last moment',
    why: 'A run is about to set the box for a bounce, and a rep sets it after it was looked at once more and before the write, in the fraction of a second that a call takes (for many at once: until the job has come to it). Salesforce takes the write as it is, and names the API user as the one who changed the record: a bounce is remembered. A write on condition (If-Unmodified-Since) goes by whole seconds and one record at a time, and is not documented for collections or Bulk. Where the field is tracked, history could be asked after each such write whose change it was: a call more for every batch of bounces, which is not made for a moment like this.',
    example: {
      start: 'in on both sides',
      steps: [
        { kind: 'hard bounce' },
        { run: 'whole', during: { kind: 'box set', which: 0 }, moment: 'at the last moment' },
        { kind: 'admin imports', list: '2' },
        'whole',
      ],
      fault: 'mailed',
    },
    matches: (found) =>
      (grave(found) || one(found, 'listed wrongly')) &&
      bounced(found) &&
      setsAreAgreed(found) &&
      stands(said(found)) &&
      said(found).left === null &&
      found.history().some((step) => /at its last moment (box set|records merged)/.test(step)),
  },
  {
    name: 'left a list out of sight',
    why: 'Somebody whose mail bounces leaves the last list they are on, and that list is not shown: a row on such a list is never evidence (it may be of another channel, or one that the admin left out), so all that is seen is the bounce, and whoever is reactivated or imported is mailed. While it is out of sight nobody can know; the companion stops and asks when a list is gone from sight. Shown again, what was left after mail had bounced counts, unless an admin reactivates that row before a run has seen it.',
    example: {
      start: 'bounced, and agreed',
      steps: [
        { kind: 'list hidden', list: '2' },
        { kind: 'person subscribes', list: '2' },
        { kind: 'person unsubscribes', list: '2' },
        'whole',
        { kind: 'admin reactivates', list: '1' },
        'whole',
      ],
      fault: 'mailed',
    },
    matches: (found) =>
      (grave(found) || one(found, 'listed wrongly')) &&
      !said(found).no &&
      (leftOutOfSight(found) || cameBackOutOfSight(found) || reactivatedUnseen(found)),
  },
  {
    name: 'ticked again over a bounce',
    why: 'A rep clears the box that a run had set for a bounce, and on the same day ticks it (or a record that says no is merged into that one, and out of the bin before the night): nothing looks changed, and who is reactivated is mailed as a mended bounce, which is listed among the differences every night until somebody decides. Where field history is tracked it is asked in the night after, and the box counts, unless the record is gone by then, and its history with it. That the record was changed at all tells nothing: every edit of a bounced person whose mail works again would unsubscribe them.',
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
      (!found.world.history || lived(found, 'record deleted', 'lead converted', 'records merged')) &&
      bounced(found) &&
      setsAreAgreed(found) &&
      (reason(found) === 'bounce-reactivated' ||
        (reason(found) === null && found.result.before.records.every(({ set }) => !set))) &&
      (said(found).no || said(found).known) &&
      (inOrder(found, /box cleared|keeps/, /box set|keeps/) ||
        (lived(found, 'records merged') && lived(found, 'bin emptied', 'record undeleted'))),
  },
  {
    name: 'touched stays touched',
    why: 'With field history, a rep cleared and set a box again, or a run set it that was cut off after that; later runs agreed and had nothing to write, and still a subscription after that is passed over, because an agreement that says the same keeps its old time. Of a bounce such a box counts as an answer.',
    example: {
      start: 'out by a box, and agreed',
      setting: { history: true },
      steps: [{ kind: 'box cleared', which: 0 }, { kind: 'box set', which: 0 }, 'whole'],
      fault: 'yes ignored',
    },
    matches: (found) =>
      (one(found, 'yes ignored') || (one(found, 'kill hides the opt-out') && bounced(found))) && isTouched(found),
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
      (one(found, 'unsubscribed unasked', 'set unasked', 'clearing undone') &&
        (boxOfOurs(found) || lived(found, 'hard bounce', 'bounced, and agreed'))),
  },
  {
    name: 'clearing and more in one day',
    why: 'A rep clears the box and on the same day something else happens (an admin reactivates, the record or the contact goes, a half of the run had failed): the run cannot tell that from an accident, and the opt-out wins. The next clearing stands.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'box cleared', which: 0 }, { kind: 'admin reactivates', list: '1' }, 'whole'],
      fault: 'unsubscribed unasked',
    },
    matches: (found) =>
      one(found, 'set unasked', 'unsubscribed unasked', 'clearing undone') &&
      (lived(found, 'box cleared', 'keeps the loser') || (mishap(found) && lived(found, 'record purged'))),
  },
  {
    name: 'a soft bounce looks like leaving',
    why: 'ActiveCampaign is out when nothing is active and one row is unsubscribed: somebody who left one list long ago, and whose last active list turns bounced by soft bounces (or unconfirmed), counts as unsubscribed from all.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'person subscribes', list: '2' }, 'whole', { kind: 'soft bounce' }, 'whole'],
      fault: 'set unasked',
    },
    matches: (found) =>
      one(found, 'set unasked', 'unsubscribed unasked', 'clearing undone') &&
      lived(found, 'soft bounce', 'joins unconfirmed'),
  },
  {
    name: 'a list out of sight',
    why: 'A list that is not shown counts for nothing: hide the one list that somebody is on, and they look as if they had left; what happens on it is not known. The companion stops and asks when a list is gone from sight.',
    example: {
      start: 'out by a box, and agreed',
      steps: [{ kind: 'person subscribes', list: '2' }, 'whole', { kind: 'list hidden', list: '2' }, 'whole'],
      fault: 'set unasked',
    },
    matches: (found) =>
      lived(found, 'list hidden') &&
      (one(found, 'set unasked', 'unsubscribed unasked') ||
        (one(found, 'listed wrongly', 'clearing undone') &&
          (wasQuiet(found) || reason(found) === 'cleared-in-salesforce'))),
  },
  {
    name: 'in the middle of a run, and gone',
    why: 'The person subscribed, and while the run clears the box the lead is converted with it still set: it vanished set, so its contact is set by the next run. Or they subscribe while a run opts them out for a record that is purged then: the box that the run has set says no.',
    example: {
      start: 'out by a box, and agreed',
      steps: [
        { kind: 'person subscribes', list: '2' },
        { run: 'whole', during: { kind: 'lead converted', which: 0, carried: false } },
        'whole',
      ],
      fault: 'set unasked',
    },
    matches: (found) =>
      one(found, 'set unasked', 'unsubscribed unasked') &&
      found
        .history()
        .some((step) => /during it (lead converted|person subscribes|admin imports|record undeleted)/.test(step)),
  },
];

/** A run was cut off as it let somebody in after an import: later a box that it has cleared looks like a rep's answer. */
function letInBefore(found: Found): boolean {
  return inOrder(found, /admin imports/, /^RUN killed/);
}

/** The list that the person left is not shown. */
function leftOutOfSight(found: Found): boolean {
  const { left } = said(found);
  return left !== null && !found.result.policy.lists.has(left);
}

/** They left it, mail bounced, and they joined it again while it was hidden: the last that they said is yes. */
function cameBackOutOfSight(found: Found): boolean {
  const theirs = found.history().filter((step) => /^person (un)?subscribes/.test(step));
  return theirs.at(-1)?.startsWith('person subscribes (unsubscribed; list hidden)') === true;
}

/** They left it while it was hidden, and between its showing and an admin's reactivating it there no whole run looked. */
function reactivatedUnseen(found: Found): boolean {
  const steps = found.history();
  const shown = steps.findLastIndex((step) => step.includes('list shown (unsubscribed'));
  const then = steps.slice(shown + 1);
  const reactivated = then.findIndex((step) => step.includes('admin reactivates (unsubscribed'));
  return (
    lived(found, 'person unsubscribes (active; list hidden)') &&
    shown >= 0 &&
    reactivated >= 0 &&
    !then.slice(0, reactivated).some((step) => step.startsWith('RUN whole'))
  );
}

/** One step came before another. */
function inOrder(found: Found, first: RegExp, then: RegExp): boolean {
  const steps = found.history();
  const from = steps.findIndex((step) => first.test(step));
  return from >= 0 && steps.slice(from + 1).some((step) => then.test(step));
}

/** Field history shows a box changed since what is agreed. */
function isTouched({ world: { records, agreement } }: Found): boolean {
  const since = (agreement?.kind === 'out' && agreement.at.salesforce) || 0;
  return records.some(
    ({ state, set, changedAt }) => state === 'live' && set && changedAt !== null && changedAt > since,
  );
}

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
