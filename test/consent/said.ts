/**
 * What people said about one person, kept by the model beside the world and told by their acts alone: no run and no rule
 * is asked. It is the ground truth that the exhaustive search holds every run against.
 */
export interface Said {
  /** A rep set a box, or a record was born with its box set: somebody said no in Salesforce. No finished run knows it. */
  no: boolean;
  /** The person unsubscribed from the last list they were on: this one. */
  left: string | null;
  /** A finished run made a no true on both sides: from then on it needs no evidence but itself. */
  known: boolean;
  /** After `left`, and after what is known, the person subscribed to a list by an act of their own. */
  joined: boolean;
  /** After `no`, the person subscribed to a list by an act of their own. */
  joinedAfterNo: boolean;
  /** After `left`, and after what is known, a rep cleared the last box that was set. */
  cleared: boolean;
  /** A rep cleared a box by hand while another was set. */
  clearedOne: boolean;
  /** After `left`, which no finished run knows, the contact was on a list again: of it only a box still tells. */
  mailedSince: boolean;
}

/** What there is to see of a no, whoever said it. */
export interface Evidence {
  /** A live record is set, or one that was set is deleted, merged or converted and no finished run has counted it. */
  readonly box: boolean;
  /** The same of boxes that people set themselves. */
  readonly boxByHand: boolean;
  /** The contact is on no list that is shown and unsubscribed from the last one, or a run has carried that over. */
  readonly left: boolean;
}

export function silence(): Said {
  return {
    no: false,
    left: null,
    known: false,
    joined: false,
    joinedAfterNo: false,
    cleared: false,
    clearedOne: false,
    mailedSince: false,
  };
}

export function sayNo(said: Said): void {
  Object.assign(said, { no: true, joinedAfterNo: false, clearedOne: false });
}

/** A record comes with its box set: should it go again unseen, what was cleared before is cleared all the same. */
export function bringNo(said: Said): void {
  Object.assign(said, { no: true, joinedAfterNo: false });
}

export function leave(said: Said, list: string): void {
  Object.assign(said, { left: list, joined: false, cleared: false, mailedSince: false });
}

export function join(said: Said): void {
  Object.assign(said, { joined: true, joinedAfterNo: true });
}

export function clearOne(said: Said): void {
  said.clearedOne = true;
}

/**
 * Where a hand has cleared and no box is left, what Salesforce said is taken back; ActiveCampaign's own no stays. And a
 * no that no finished run has seen is gone with the last trace of it: nobody could know.
 */
export function fade(said: Said, evidence: Evidence): void {
  if (said.clearedOne && !evidence.box)
    Object.assign(said, { no: false, known: false, cleared: true, clearedOne: false });
  if (!evidence.boxByHand) said.no = false;
  if (!said.known && !evidence.left) said.left = null;
  if (said.known || said.left === null) said.mailedSince = false;
}

/** Whether anybody ever said no, be it taken back by the person since. */
export function heardNo(said: Said): boolean {
  return said.no || said.left !== null || said.known;
}

/** Whether somebody said no, and the person did not say yes since. */
export function stands(said: Said): boolean {
  return (said.no && !said.joinedAfterNo) || ((said.left !== null || said.known) && !said.joined);
}

/** Whether the person said yes, later than everything else that was said and settled. */
export function saidYes(said: Said): boolean {
  return said.joined && (!said.no || said.joinedAfterNo);
}

/**
 * Whether what was said is for both sides: an unsubscribe crosses to Salesforce only where it can be seen, for a
 * qualified contact, and not against a rep who cleared the boxes after it.
 */
export function crosses(said: Said, seen: Omit<Evidence, 'boxByHand'> & { readonly qualified: boolean }): boolean {
  return said.no || said.known || (said.left !== null && !said.cleared && (seen.box || (seen.qualified && seen.left)));
}

/** A finished run ended with the person in on both sides, or newly agreed out: that is settled, and only new acts count. */
export function settleSaid(said: Said, end: 'in' | 'agreed out' | 'neither', crossing: boolean): void {
  if (end === 'in') Object.assign(said, silence());
  if (end === 'agreed out') Object.assign(said, { joined: false, joinedAfterNo: false, clearedOne: false });
  if (end === 'agreed out' && crossing)
    Object.assign(said, { known: true, no: false, cleared: false, mailedSince: false });
}
