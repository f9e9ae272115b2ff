import { sameAgreement } from '../../src/consent/agreement.ts';
import { differenceOf } from '../../src/consent/differences.ts';
import { acStanding, salesforceStanding } from '../../src/consent/standing.ts';
import { copyOf } from './canonical.ts';
import { type RunResult, run } from './run.ts';
import { heardNo, saidYes, stands } from './said.ts';
import { factsOf, happen, policyOf, type World } from './world.ts';

/** What no run may do, held against what people said and not against the rules. */
export type Fault =
  /** Somebody said no, nobody yes since, and ActiveCampaign mails them. */
  | 'mailed'
  /** The same, and a box is clear in Salesforce. */
  | 'box clear'
  /** The same, and nothing is remembered of it any more. */
  | 'forgotten'
  /** A box was cleared although the person did nothing. */
  | 'cleared unasked'
  /** Somebody was unsubscribed although nobody ever said no. */
  | 'unsubscribed unasked'
  /** A box was set although nobody said no and nothing bounced. */
  | 'set unasked'
  /** A rep cleared the boxes, a run took note, and a later one sets them again although nobody said no since. */
  | 'clearing undone'
  /** Out on one side only, and not listed; listed and not so; or listed under a cause that is not true. */
  | 'not listed'
  | 'listed wrongly'
  /** A run after a finished run, with no event between, writes or changes what is remembered. */
  | 'restless'
  /** A run that failed or was killed, and run again, does not end where one run ends. */
  | 'kill matters'
  /** The same, but only for the cause that is remembered: a bounce is taken for an opt-out, or an opt-out for a bounce. */
  | 'kill changes the cause'
  | 'kill hides the opt-out'
  /** Right after an agreement the person subscribes, and the next run does not let them. */
  | 'yes ignored';

/** An opt-out is lost, or taken back without a person's act. The others are over-cautious, or only said wrongly. */
export const GRAVE: ReadonlySet<Fault> = new Set([
  'mailed',
  'box clear',
  'forgotten',
  'cleared unasked',
  'kill hides the opt-out',
]);

/** What is wrong with the end of a finished run, and with one after it. */
export function faultsOfRun(world: World, result: RunResult): Fault[] {
  return [...faultsOfEnd(world, result), ...faultsOfIdling(world)];
}

/** What is wrong with the end of a finished run. */
export function faultsOfEnd(world: World, result: RunResult): Fault[] {
  const { before, decision, agreementBefore, policy, said, crossing } = result;
  const found: Fault[] = [];
  const after = factsOf(world);
  const ac = acStanding(after.contact, policy);
  const salesforce = salesforceStanding(after);
  if (stands(said)) {
    if (ac.active.length > 0) found.push('mailed');
    if (crossing && salesforce.clear.length > 0) found.push('box clear');
    if (crossing && world.agreement?.kind !== 'out') found.push('forgotten');
  }
  if (decision.clear.length > 0 && !saidYes(said)) found.push('cleared unasked');
  if (decision.unsubscribe.length > 0 && !heardNo(said)) found.push('unsubscribed unasked');
  if (decision.set.length > 0) {
    const bounces = before.contact?.bouncedHard ?? 0;
    const wasBounce = agreementBefore?.kind === 'out' && agreementBefore.cause === 'bounce';
    const onlyUnqualified =
      !said.no &&
      !said.known &&
      salesforceStanding(before).set.length === 0 &&
      before.vanished.length === 0 &&
      agreementBefore === null &&
      !acStanding(before.contact, policy).qualified;
    if ((!heardNo(said) && bounces === 0 && !wasBounce) || onlyUnqualified) found.push('set unasked');
    const quiet = agreementBefore?.kind === 'quiet' ? agreementBefore.fingerprint : undefined;
    const sinceQuiet = bounces > Number(/^b(\d+)/.exec(quiet ?? '')?.[1] ?? 0);
    if (quiet !== undefined && said.cleared && !said.no && !sinceQuiet) found.push('clearing undone');
  }
  found.push(...faultsOfListing(world));
  return found;
}

/**
 * Out on one side and in on the other, in the plainest words. Who has only one side cannot differ; a set record that
 * vanished is a side until a finished run has counted it.
 */
function outOnOneSide(world: World): boolean {
  const { records, vanished } = factsOf(world);
  const ac = acStanding(world.contact, policyOf(world));
  const someOut = vanished.length > 0 || records.some((record) => record.set);
  const someIn = records.some((record) => !record.set);
  return (someOut && (someIn || ac.active.length > 0)) || (someIn && ac.out);
}

/** After any run, also one that failed: whoever is out on one side only is listed, under one cause, and it is true. */
export function faultsOfListing(world: World, finished = true): Fault[] {
  const policy = policyOf(world);
  const facts = factsOf(world);
  const cause = differenceOf(facts, world.agreement, policy);
  if (!outOnOneSide(world)) return cause === null ? [] : ['listed wrongly'];
  if (cause === null) return ['not listed'];
  if (!finished) return [];
  const isTrue = {
    'not-qualified': !acStanding(facts.contact, policy).qualified,
    'cleared-in-salesforce': world.said.cleared || outOfSight(world),
    'bounce-reactivated': !stands(world.said) && (facts.contact?.bouncedHard ?? 0) > 0,
    unknown: false,
    failed: false,
  }[cause];
  return isTrue ? [] : ['listed wrongly'];
}

/** The last word is an unsubscribe from a list that is not shown: nobody can know it. */
function outOfSight({ said, shown }: World): boolean {
  return said.left !== null && !shown.includes(said.left);
}

function faultsOfIdling(world: World): Fault[] {
  const idle = copyOf(world);
  const { writes, decision } = run(idle);
  const planned = decision.set.length + decision.clear.length + decision.unsubscribe.length;
  return writes + planned > 0 || !sameAgreement(idle.agreement, world.agreement) ? ['restless'] : [];
}

/** Whether a run that failed or was killed, and then a whole one, ends where a whole one alone has ended. */
export function faultsOfMishap(broken: World, whole: World): Fault[] {
  const again = copyOf(broken);
  run(again);
  if (stateOf(again) !== stateOf(whole)) return ['kill matters'];
  const causeOf = ({ agreement }: World) => agreement?.kind === 'out' && agreement.cause;
  if (causeOf(again) === causeOf(whole)) return [];
  return [causeOf(whole) === 'opt-out' ? 'kill hides the opt-out' : 'kill changes the cause'];
}

function stateOf(world: World): string {
  const { agreement, contact } = world;
  const rows = (contact?.memberships ?? []).map((row) => `${row.list}${row.status}`).sort();
  return JSON.stringify([world.records.map(({ id, set, state }) => [id, set, state]), rows, agreement?.kind]);
}

/** The agreement is out, all is at rest, and the person subscribes to a list of the agreement: is that honoured? */
export function ignoresYes(settled: World): boolean {
  const { agreement, contact } = settled;
  if (agreement?.kind !== 'out' || contact === null || contact.id !== agreement.contact) return false;
  if (contact.bouncedHard > 0 || contact.tags.length === 0) return false;
  return agreement.lists
    .filter((list) => settled.shown.includes(list))
    .some((list) => {
      const world = copyOf(settled);
      happen(world, { kind: 'person subscribes', list });
      run(world);
      const facts = factsOf(world);
      return acStanding(facts.contact, policyOf(world)).active.length === 0 || salesforceStanding(facts).set.length > 0;
    });
}
