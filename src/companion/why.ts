import type { Agreement } from '../consent/agreement.ts';
import { decide, directionOf } from '../consent/decide.ts';
import { type DifferenceCause, differenceOf } from '../consent/differences.ts';
import type { PersonFacts, Policy } from '../consent/facts.ts';
import { acStanding, salesforceStanding } from '../consent/standing.ts';
import type { AuditRow } from './audit.ts';
import type { Difference } from './differences.ts';
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
  /** When the newest change was made (ISO) that the audit does not keep any more; null for none. */
  readonly forgotten: string | null;
  /** As the last run left it. */
  readonly difference: Pick<Difference, 'cause' | 'since' | 'words'> | null;
  /** The last run had to leave them, because of a cap. */
  readonly held: boolean;
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
  const { erased, difference } = known;
  if (difference !== null && difference.cause !== 'cleared-in-salesforce')
    return `was not the same on both sides when a run last looked (since ${day(difference.since)}): ${causeOf(difference.cause, { ...known, agreement, audit })}`;
  if (agreement === null && audit.length === 0 && erased !== null)
    return `was erased from the store on ${day(erased.at)}${by(erased.by)}, which kept no more than a keyed hash of the address`;
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
function causeOf(cause: DifferenceCause, known: Why): string {
  const { said, difference } = known;
  if (cause === 'cleared-in-salesforce' && said.boxCleared !== null)
    return `the box was cleared in Salesforce ${said.boxCleared}, and a run never subscribes anybody`;
  const who = cause === 'failed' || cause === 'not-qualified' ? [...boxBy(known), ...leftBy(said)] : [];
  const why = cause === 'failed' && difference?.cause === cause && difference.words ? ` (${difference.words})` : '';
  return [...who, `${CAUSES[cause]}${why}`].join('; ');
}

function boxBy(known: Why): string[] {
  const box = known.said.boxesSet.find(({ words }) => words !== null);
  return box === undefined ? [] : [`the box was set in Salesforce ${box.words}${cameFrom(box.record, known)}`];
}

/** A box travels with its record: what was said was said at the address that the record had then. */
function cameFrom(record: string, { person, moves }: Why): string {
  const move = moves.find(
    ({ side, id, address, heir }) => side === 'salesforce' && id === record && address === person && !heir,
  );
  return move === undefined ? '' : `, on ${record}, which came from ${move.was}`;
}

function leftBy({ left, bounced }: Said): string[] {
  if (bounced !== null) return [`mail to the address bounced hard ${bounced}`];
  return left === null ? [] : [`they left their last list in ActiveCampaign ${left}`];
}

function nextOf({ agreement, held }: Why, facts: PersonFacts, policy: Policy): string {
  const decision = decide(facts, agreement, policy);
  const direction = directionOf(decision);
  const run = held ? 'a run whose cap allows it' : 'the next run';
  if (direction === 'in') return `, and ${run} will clear the box (${decision.reason})`;
  return direction === 'out' ? `, and ${run} will opt them out on both sides (${decision.reason})` : '';
}

const by = (user: string | null) => (user === null ? '' : ` by ${user}`);

/** Only of somebody whose boxes are all clear: whoever was opted out before had been let in since. */
const ANEW: readonly AuditReason[] = ['unsubscribed-from-all', 'hard-bounce'];

/** The first change of the last time that the person was opted out, and the latest change after it. */
function lastOptOut(audit: readonly AuditRow[]): { first: AuditRow; last: AuditRow } | null {
  const optIn = audit.findLastIndex(({ reason }) => reason === 'subscribed-again');
  const anew = audit.findLast(({ reason }) => ANEW.includes(reason));
  const from = anew ? audit.findIndex(({ run, reason }) => run === anew.run && reason === anew.reason) : 0;
  const since = audit.slice(Math.max(optIn + 1, from));
  const [first] = since;
  const last = since.at(-1);
  return first && last ? { first, last } : null;
}

function because(known: Why): string {
  const { person, audit, agreement, said, moves } = known;
  const found = lastOptOut(audit);
  const who = [...boxBy(known), ...leftBy(said)].join('; ');
  // What runs did ended when somebody let them in; no run says who it was that opted them out after that.
  if (found && Date.parse(found.last.at) < said.letInAt) return who === '' ? '' : `: ${who}`;
  if (!found) {
    const from = moves.find((move) => move.address === person && move.how === 'carried');
    if (from)
      return `: so was ${from.was}, ${from.heir ? `whose record ${from.id} took over` : `from where ${from.id} came`}, and the opt-out counts here too`;
    if (agreement?.kind !== 'out') return who === '' ? '' : `: ${who}; no run has looked since`;
    return `: ${foundSo(known)}${who === '' ? '' : `; ${who}`}`;
  }
  const { first, last } = found;
  return `: ${REASONS[first.reason](first, known)}${afterwards(first, last, known)}${CONFLICT(last)}`;
}

/** The store knows of no change that led there. */
function foundSo({ erased, forgotten }: Why): string {
  if (erased !== null) return `what runs had done was erased on ${day(erased.at)}${by(erased.by)}`;
  if (forgotten !== null)
    return `a run found it so, or made it so by ${day(forgotten)}: of changes up to that day nothing is kept (retention.audit)`;
  return 'a run found it so, and no run changed anything';
}

/** What came after the first change: in full where somebody asked for it who had not asked before. */
function afterwards(first: AuditRow, last: AuditRow, known: Why): string {
  if (last.run === first.run) return '';
  const [box] = known.said.boxesSet;
  const setSince = first.reason === 'hard-bounce' && box !== undefined && (box.at ?? 0) > Date.parse(first.at);
  return last.reason === 'resolved' || (last.reason === 'salesforce-opt-out' && setSince)
    ? `; after that ${REASONS[last.reason](last, known)}`
    : `; the last change was on ${day(last.at)} (${last.reason})`;
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
function boxOn({ evidence }: AuditRow, known: Why, where = ''): string {
  const records: unknown[] = Array.isArray(evidence.records) ? evidence.records : [];
  const set = records.flatMap((one) =>
    typeof one === 'object' && one !== null && 'set' in one && one.set === true && 'id' in one ? [String(one.id)] : [],
  );
  const gone: unknown[] = Array.isArray(evidence.vanished) ? evidence.vanished : [];
  const [move] = movesIn(evidence);
  if (set.length === 0 && move) return countingInWords(move);
  const went = gone.map(String);
  if (set.length === 0 && went.length > 0)
    return `the box was set on ${went.map((id) => goneInWords(id, known.gone)).join(', and on ')}, and the opt-out outlives it`;
  // Of a box that is set now it is known who set it; that of another record says nothing about this one.
  const box = known.said.boxesSet.find(({ record }) => set.includes(record));
  const [id = ''] = set;
  if (box === undefined && known.gone.has(id)) return `the box was set on ${goneInWords(id, known.gone)}`;
  return `the box was set in Salesforce${where}${box?.words ? ` ${box.words}` : ''}${box ? cameFrom(box.record, known) : ''}`;
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
