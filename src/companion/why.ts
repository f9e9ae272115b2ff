import type { Agreement } from '../consent/agreement.ts';
import { decide, directionOf } from '../consent/decide.ts';
import { type DifferenceCause, differenceOf } from '../consent/differences.ts';
import type { PersonFacts, Policy } from '../consent/facts.ts';
import { acStanding, salesforceStanding } from '../consent/standing.ts';
import type { AuditRow } from './audit.ts';
import { countingInWords, isCounting, type Move } from './moves.ts';
import type { AuditReason, VanishedRecord } from './store.ts';
import { day, type Said } from './who-says.ts';

/** What a sentence about one person is made from. `facts` and `policy` are null when the services were not asked. */
export interface Why {
  readonly person: string;
  readonly facts: PersonFacts | null;
  readonly policy: Policy | null;
  readonly agreement: Agreement | null;
  /** The oldest first. */
  readonly audit: readonly AuditRow[];
  /** What both services say of who it was; `NOTHING_SAID` when they were not asked. */
  readonly said: Said;
  /** Records that were set and are gone, by what became of them, as far as that is still kept. */
  readonly gone: ReadonlyMap<string, VanishedRecord['how']>;
  /** Records and contacts that came from another address, or went to one. */
  readonly moves: readonly Move[];
  /** When somebody with this address was erased from the store (ISO), and by which user; null for never. */
  readonly erased: { readonly at: string; readonly by: string | null } | null;
}

/** Answers "why is she opted out?", or says that she is not, in one sentence. Pure. */
export function whyOf(known: Why): string {
  const { facts, policy } = known;
  const answer = facts && policy ? asRead(known, facts, policy) : asRemembered(known);
  return `${known.person} ${answer ?? 'is not in the store: nothing is remembered about them'}.`;
}

function asRead(known: Why, facts: PersonFacts, policy: Policy): string {
  const { agreement } = known;
  const remembered = asRemembered(known);
  if (facts.unknown !== undefined)
    return `could not be read whole just now (${facts.unknown})${remembered === null ? '' : `; ${remembered}`}`;
  const salesforce = salesforceStanding(facts);
  const ac = acStanding(facts.contact, policy);
  if (facts.records.length === 0 && facts.contact === null)
    return `is neither in Salesforce nor in ActiveCampaign${remembered === null ? ', and nothing is remembered about them' : `; ${remembered}`}`;
  const cause = differenceOf(facts, agreement, policy);
  if (cause !== null) return `${where(facts, policy)}: ${causeOf(cause, known)}${nextOf(known, facts, policy)}`;
  const outThere = ac.active.length === 0;
  if (salesforce.set.length > 0 && outThere) {
    if (facts.contact === null)
      return `is opted out in Salesforce, and has no contact in ActiveCampaign${because(known)}`;
    return `is opted out on both sides${because(known)}`;
  }
  if (facts.records.length === 0 && ac.out)
    return `is out in ActiveCampaign, and has no record in Salesforce${because(known)}`;
  const next = nextOf(known, facts, policy);
  if (next !== '') return `is not opted out at the moment${next}`;
  return `is not opted out${letIn(known, ac.active.length)}`;
}

/** From the store alone; null when it knows nothing. */
function asRemembered({ agreement, audit, ...known }: Why): string | null {
  const { erased } = known;
  if (agreement === null && audit.length === 0 && erased !== null)
    return `was erased from the store on ${day(erased.at)}${erased.by === null ? '' : ` by ${erased.by}`}, which kept no more than a keyed hash of the address`;
  if (agreement?.kind === 'out') {
    const last = agreement.at.salesforce ?? agreement.at.activecampaign;
    return `was opted out on both sides when a run last looked${last === null ? '' : ` (since ${day(last)})`}${because({ ...known, agreement, audit })}`;
  }
  if (agreement?.kind === 'quiet')
    return 'was cleared in Salesforce by hand and is out in ActiveCampaign; a run leaves it so until something changes';
  return audit.length > 0 ? `is not remembered as opted out${letIn({ ...known, agreement, audit }, 0)}` : null;
}

function where(facts: PersonFacts, policy: Policy): string {
  const { set, clear } = salesforceStanding(facts);
  const { active } = acStanding(facts.contact, policy);
  if (set.length > 0 && clear.length > 0)
    return `is opted out on ${set.length} of ${facts.records.length} Salesforce records only`;
  return active.length > 0 ? 'is opted out in Salesforce only' : 'is opted out in ActiveCampaign only';
}

const CAUSES: Record<DifferenceCause, string> = {
  'not-qualified':
    'the ActiveCampaign contact has no tag that says that it belongs to Salesforce, so that it does not change anything there',
  'cleared-in-salesforce': 'somebody cleared the box in Salesforce, and a run never subscribes anybody',
  'bounce-reactivated': 'mail bounced, and the contact was made active again in ActiveCampaign by hand',
  unknown: 'something could not be read whole, so that nothing is done',
  failed: 'one side has not been brought along yet',
};

/** The cause with whoever is known to be behind it. */
function causeOf(cause: DifferenceCause, { said }: Why): string {
  if (cause === 'cleared-in-salesforce' && said.boxCleared !== null)
    return `the box was cleared in Salesforce ${said.boxCleared}, and a run never subscribes anybody`;
  const who = cause === 'failed' || cause === 'not-qualified' ? [...boxBy(said), ...leftBy(said)] : [];
  return [...who, CAUSES[cause]].join('; ');
}

function boxBy({ boxSet }: Said): string[] {
  return boxSet === null ? [] : [`the box was set in Salesforce ${boxSet}`];
}

function leftBy({ left, bounced }: Said): string[] {
  if (bounced !== null) return [`mail to the address bounced hard ${bounced}`];
  return left === null ? [] : [`they left their last list in ActiveCampaign ${left}`];
}

function nextOf({ agreement }: Why, facts: PersonFacts, policy: Policy): string {
  const decision = decide(facts, agreement, policy);
  const direction = directionOf(decision);
  if (direction === 'in') return `, and the next run will clear the box (${decision.reason})`;
  return direction === 'out' ? `, and the next run will opt them out on both sides (${decision.reason})` : '';
}

/** The first change of the last time that the person was opted out, and the latest change after it. */
function lastOptOut(audit: readonly AuditRow[]): { first: AuditRow; last: AuditRow } | null {
  const optIn = audit.findLastIndex(({ reason }) => reason === 'subscribed-again');
  const since = audit.slice(optIn + 1);
  const [first] = since;
  const last = since.at(-1);
  return first && last ? { first, last } : null;
}

function because(known: Why): string {
  const { person, audit, agreement, said, moves } = known;
  const found = lastOptOut(audit);
  const who = [...boxBy(said), ...leftBy(said)].join('; ');
  // What runs did ended when somebody let them in; no run says who it was that opted them out after that.
  if (found && Date.parse(found.last.at) < said.letInAt) return who === '' ? '' : `: ${who}`;
  if (!found) {
    const from = moves.find((move) => move.address === person && move.how === 'carried');
    if (from)
      return `: so was ${from.was}, ${from.heir ? `whose record ${from.id} took over` : `from where ${from.id} came`}, and the opt-out counts here too`;
    if (agreement?.kind !== 'out') return who === '' ? '' : `: ${who}; no run has looked since`;
    return `: it was so before a run first looked, and no run changed anything${who === '' ? '' : `; ${who}`}`;
  }
  const { first, last } = found;
  const again = last.run === first.run ? '' : `; the last change was on ${day(last.at)} (${last.reason})`;
  return `: ${REASONS[first.reason](first, known)}${again}${CONFLICT(last)}`;
}

/** They had subscribed again, and it did not count. */
const CONFLICT = ({ evidence }: AuditRow) =>
  evidence.conflict === true
    ? '; ActiveCampaign had a newer subscription by then, and in a conflict the opt-out wins'
    : '';

function letIn({ audit, said }: Why, active: number): string {
  const last = audit.at(-1);
  if (last?.reason === 'subscribed-again')
    return `: they subscribed again in ActiveCampaign${said.joined === null ? '' : ` (${said.joined})`}, and the run of ${day(last.at)} cleared the box`;
  const box = said.boxCleared === null ? 'is clear' : `was cleared ${said.boxCleared}`;
  return active > 0 ? `: the box ${box}, and ${active === 1 ? 'one list is' : `${active} lists are`} active` : '';
}

const opted = (row: AuditRow, what: string) => `the run of ${day(row.at)} ${what}`;
const SET = 'set the box in Salesforce';

/** What happened before a run acted, and what the run did. */
const REASONS: Record<AuditReason, (row: AuditRow, known: Why) => string> = {
  'unsubscribed-from-all': (row, { said }) =>
    `they unsubscribed from all lists in ActiveCampaign${leftOn(row, said)}, and ${opted(row, SET)}`,
  'hard-bounce': (row, { said: { bounced } }) =>
    `mail to the address bounced hard${bounced === null ? '' : ` ${bounced}`}, and ${opted(row, SET)}`,
  'salesforce-opt-out': (row, known) =>
    `${boxOn(row, known)}, and ${opted(row, 'unsubscribed them in ActiveCampaign')}`,
  'same-address': (row, known) =>
    `${boxOn(row, known, ' on another record with this address')}, and ${opted(row, movesIn(row.evidence).length > 0 ? SET : 'set it on the others')}`,
  'durable-opt-out': (row) => `they were opted out before, and ${opted(row, 'carried that to what came without it')}`,
  resolved: ({ at, evidence: { by } }) =>
    `${typeof by === 'string' ? by : 'somebody'} asked for it on ${day(at)} by optbridge resolve`,
  'subscribed-again': (row) => `they subscribed again, and ${opted(row, 'cleared the box')}`,
  agreed: (row) => opted(row, 'found both sides out'),
  unknown: (row) => opted(row, 'changed something'),
  'bounce-reactivated': (row) => opted(row, 'changed something'),
  'cleared-in-salesforce': (row) => opted(row, 'changed something'),
};

function movesIn({ moves }: AuditRow['evidence']) {
  return Array.isArray(moves) ? moves.filter(isCounting) : [];
}

/** Which box it was, as the evidence says: one that is there, or that of a record that is gone. */
function boxOn({ evidence }: AuditRow, { said: { boxSet }, gone: how }: Why, where = ' in Salesforce'): string {
  const records: unknown[] = Array.isArray(evidence.records) ? evidence.records : [];
  const set = records.some((one) => typeof one === 'object' && one !== null && 'set' in one && one.set === true);
  const gone: unknown[] = Array.isArray(evidence.vanished) ? evidence.vanished : [];
  const [move] = movesIn(evidence);
  if (!set && move) return countingInWords(move);
  if (!set && gone.length > 0)
    return `the box was set on ${gone.map((id) => goneInWords(String(id), how)).join(', and on ')}, and the opt-out outlives it`;
  return `the box was set${where}${boxSet === null ? '' : ` ${boxSet}`}`;
}

const GONE: Record<VanishedRecord['how'], string> = {
  deleted: 'was deleted',
  merged: 'was merged into another record',
  converted: 'was converted into a contact',
};

function goneInWords(id: string, how: Why['gone']): string {
  const became = how.get(id);
  return `${id}, which ${became === undefined ? 'is gone (deleted, merged, converted, or now of another address)' : GONE[became]}`;
}

/** When the last list was left, as the evidence says; and by what, where the row still tells of that. */
function leftOn({ evidence }: AuditRow, { left }: Said): string {
  const contact = evidence.contact;
  if (typeof contact !== 'object' || contact === null || !('memberships' in contact)) return '';
  const rows: unknown[] = Array.isArray(contact.memberships) ? contact.memberships : [];
  const times = rows.flatMap((row) =>
    typeof row === 'object' && row !== null && 'status' in row && row.status === 2 && 'unsubscribedAt' in row
      ? [Number(row.unsubscribedAt ?? 0)]
      : [],
  );
  const last = Math.max(0, ...times);
  if (left?.startsWith(`on ${day(last)}`)) return ` (the last ${left})`;
  return last === 0 ? '' : ` (the last on ${day(last)})`;
}
