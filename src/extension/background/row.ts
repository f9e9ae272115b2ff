/** A Salesforce record with its box, or an ActiveCampaign membership with its status, before anything was written. */
export interface Before {
  readonly id: string;
  /** `Contact` or `Lead`; for a membership its list's id. */
  readonly of: string;
  /** API name of a record's box: the settings may name another one later. Absent where an earlier version kept the row. */
  readonly field?: string | undefined;
  /** For a membership the AC contact's id. */
  readonly contact: string | null;
  readonly value: boolean | number;
  /** When it was read, in milliseconds. */
  readonly at: number;
}

/** A row as a side reads it now. */
export interface Row extends Omit<Before, 'at'> {
  /** Changes whenever anybody writes the row, where the service has such a thing; else empty. */
  readonly stamp: string;
  /**
   * When somebody may have said what it says now, in milliseconds by the local clock: for a record when it was last changed,
   * by whomever. Not a number where the service does not tell.
   */
  readonly saidAt?: number;
  /** Mail to the address came back for good: nobody is subscribed again to have it come back once more. */
  readonly bounced?: boolean;
}

export type Left = Pick<Row, 'id' | 'field' | 'value' | 'stamp'>;

/** Whether both are the same row, and say something of the same box of it. */
export function sameRow(a: Pick<Row, 'id' | 'field'>, b: Pick<Row, 'id' | 'field'>): boolean {
  return a.id === b.id && (a.field ?? b.field) === (b.field ?? a.field);
}
