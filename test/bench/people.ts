/**
 * The bench's world: every fact about person number 1 to N is computed from the number, so that a million people take
 * no memory. Everybody has an ActiveCampaign contact, nine in ten a Salesforce record. 5 % are out on both sides, and
 * each round makes 0.1 % differ: half of them unsubscribe in ActiveCampaign, half get the box in Salesforce.
 */

/** Rows of a Bulk result page at most, whatever is asked for. */
export const BULK_ROWS = 50_000;
/** Calls of a Bulk query besides the pages of its result: it is made, and looked at once. */
const A_QUERY_JOB = 2;
const REST_ROWS = 2000;
/** Records that one call gives by their ids: `POST /composite/sobjects/…` (facts/salesforce.md section 2). */
const RECORDS_BACK = 2000;

/** More contacts than this are unsubscribed by bulk import, so many a request (issue 3; facts/activecampaign.md section 8). */
const MANY = 50;
const AN_IMPORT = 250;
/** Records that one composite call can set: five collections of 200. */
const A_COMPOSITE = 1000;
/** Calls of a job that sets any number of them: made, given, closed, looked at, and its results. For each object one. */
const JOBS = 2 * 5;

export const LISTS = ['1', '2'] as const;
/** As many rounds of changes as the world has places for. */
export const ROUNDS = 6;

export interface World {
  readonly people: number;
  /** One in ten differs from the start, as in a new install: half of them left in ActiveCampaign, half have the box. */
  readonly apart: boolean;
  /** Rounds of changes that have happened; 0 is none. */
  round: number;
  /** What the companion has written. */
  readonly boxed: Set<number>;
  readonly unsubscribed: Set<string>;
  /** When records were changed, by the rounds or by the companion (ms); all others long ago. */
  readonly changedAt: Map<number, number>;
}

export function createWorld(people: number, apart = false): World {
  return { people, apart, round: 0, boxed: new Set(), unsubscribed: new Set(), changedAt: new Map() };
}

export function addressOf(person: number): string {
  return `person.${person}@company-${person % 977}.example.com`;
}

export function objectOf(person: number): 'Contact' | 'Lead' | undefined {
  const digit = person % 10;
  return digit < 7 ? 'Contact' : digit < 9 ? 'Lead' : undefined;
}

export function recordId(person: number): string {
  return `${objectOf(person) === 'Lead' ? '00Q' : '003'}${`${person}`.padStart(12, '0')}AAA`;
}

export function personOf(id: string): number {
  return Number(id.slice(3, 15));
}

/** The lists that a person is on: one or two. */
export function listsOf(person: number): readonly string[] {
  return person % 3 === 0 ? LISTS : [LISTS[0]];
}

export function membershipId(person: number, list: string): string {
  return `${person * 10 + Number(list)}`;
}

/** The round in which somebody changes on this side, or infinity. */
function roundOf(person: number, side: 'activecampaign' | 'salesforce'): number {
  const place = (person % 2000) - (side === 'salesforce' ? 1000 : 0);
  const round = place / 10;
  return Number.isInteger(round) && round >= 1 && round <= ROUNDS ? round : Number.POSITIVE_INFINITY;
}

const outFromTheStart = (person: number): boolean => person % 20 === 3;

/** The side on which somebody is out alone from the start. Both places have a record. */
function apartOn({ apart }: World, person: number): 'activecampaign' | 'salesforce' | undefined {
  if (!apart) return undefined;
  return person % 20 === 7 ? 'activecampaign' : person % 20 === 11 ? 'salesforce' : undefined;
}

export function isBoxed(world: World, person: number): boolean {
  const out = outFromTheStart(person) || apartOn(world, person) === 'salesforce';
  return out || roundOf(person, 'salesforce') <= world.round || world.boxed.has(person);
}

export function statusOn(world: World, person: number, list: string): 1 | 2 {
  const start = outFromTheStart(person) || apartOn(world, person) === 'activecampaign';
  const out = start || roundOf(person, 'activecampaign') <= world.round;
  return out || world.unsubscribed.has(membershipId(person, list)) ? 2 : 1;
}

/** The next round of changes happens. */
export function nextRound(world: World, at: number): void {
  world.round += 1;
  for (let person = 1; person <= world.people; person++)
    if (roundOf(person, 'salesforce') === world.round) world.changedAt.set(person, at);
}

/** The companion sets a box. */
export function box(world: World, person: number, at: number): void {
  world.boxed.add(person);
  world.changedAt.set(person, at);
}

/** Ids of the records that were changed since. */
export function changedSince(world: World, at: number): string[] {
  const people = [...world.changedAt].filter(([person, then]) => then >= at && objectOf(person) !== undefined);
  return people.map(([person]) => recordId(person));
}

/** Calls to each side. */
export interface Calls {
  readonly activecampaign: number;
  readonly salesforce: number;
}

/** The fewest calls that a run can do with: the pages of both readings, and the writes that must be made. */
export interface Floor extends Calls {
  /** What reading back whoever was written to takes besides. */
  readonly back: number;
}

/**
 * @param changed whether a round of changes has happened that no run has settled
 * @param reading `changes`: a night that may read less, so that the cheaper of both readings counts
 */
export function floorOf(world: World, changed: boolean, reading: 'everybody' | 'changes'): Floor {
  const out: Record<string, number> = Object.fromEntries(LISTS.map((list) => [list, 0]));
  let memberships = 0;
  let leaving = 0;
  let boxes = 0;
  const records = { Contact: 0, Lead: 0 };
  for (let person = 1; person <= world.people; person++) {
    const object = objectOf(person);
    if (object) records[object] += 1;
    const boxedIn = roundOf(person, 'salesforce');
    const leaves = changed && (boxedIn === world.round || apartOn(world, person) === 'salesforce');
    // Whoever had the box in a round before was unsubscribed then.
    const settled = boxedIn <= world.round && !leaves;
    for (const list of listsOf(person))
      if (settled || statusOn(world, person, list) === 2) out[list] = (out[list] ?? 0) + 1;
    if (!changed) continue;
    if (roundOf(person, 'activecampaign') === world.round || apartOn(world, person) === 'activecampaign') boxes += 1;
    if (!leaves) continue;
    leaving += 1;
    memberships += listsOf(person).length;
  }
  const unsubscribes = leaving > MANY ? Math.ceil(leaving / AN_IMPORT) : memberships;
  const setting = Math.min(JOBS, Math.ceil(boxes / A_COMPOSITE));
  const everybody = Math.ceil(world.people / 100);
  // Whom this night unsubscribes is not compared, and in a new store nobody is new.
  const compared = { boxed: 0, fresh: world.round === 1 ? 0 : 1 };
  const byList = byListOf(Object.values(out), reading === 'changes' ? { boxed: leaving, fresh: 1 } : compared);
  return {
    // In a night that reads everybody reading by list has to be held against it.
    activecampaign:
      unsubscribes + (reading === 'changes' || byList >= everybody ? Math.min(everybody, byList) : everybody + byList),
    // What has changed of both objects comes in one composite call.
    salesforce: setting + (reading === 'changes' ? 1 : salesforceOf(Object.values(records))),
    back: Math.ceil(leaving / 100) + Math.ceil(boxes / RECORDS_BACK),
  };
}

/**
 * Reading by list, as the issue has it: for each list who has left it and who bounced there, whoever is new, and by their
 * ids whoever has the box and is out on no list.
 */
function byListOf(
  out: readonly number[],
  { boxed, fresh }: { readonly boxed: number; readonly fresh: number },
): number {
  const pages = out.reduce((sum, people) => sum + Math.max(1, Math.ceil(people / 100)), 0);
  const bounced = out.length;
  return pages + bounced + fresh + Math.ceil(boxed / 100);
}

/** Each object by REST or by Bulk, whichever is less; the first pages by REST come together. */
function salesforceOf(rows: readonly number[]): number {
  const rest = (count: number) => Math.ceil(count / REST_ROWS);
  const bulk = (count: number) => A_QUERY_JOB + Math.ceil(count / BULK_ROWS);
  const byRest = rows.filter((count) => rest(count) <= bulk(count));
  const first = Math.min(1, byRest.length);
  return first + rows.reduce((sum, count) => sum + (byRest.includes(count) ? rest(count) - 1 : bulk(count)), 0);
}

/**
 * The calls that come on top of the floor in every correct run, whatever its size. Salesforce: a token, the version, and
 * the description of both objects, which in a night that reads changes comes with them; the first pages where nobody knew
 * that Bulk is worth its calls; what was deleted or converted, but for a new store. ActiveCampaign: the lists; whose key a
 * new one is; who was changed, since an address may have been; and where everybody is read whoever is above them all, and
 * in a new store the highest id.
 */
export function fixedOf(kind: 'first' | 'idle' | 'full' | 'apart', people: number): Calls {
  const fresh = kind === 'first' || kind === 'apart';
  const fewLeads = (people * 2) / 10 <= REST_ROWS;
  return {
    salesforce: 2 + (kind === 'idle' ? 0 : 1) + (fresh && !fewLeads ? 1 : 0) + (kind === 'full' ? 1 : 0),
    activecampaign: 2 + (kind === 'idle' ? 0 : 1) + (fresh ? 2 : 0),
  };
}
