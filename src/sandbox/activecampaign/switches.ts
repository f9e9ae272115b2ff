/** Where the facts are unsure or an account may differ. May be changed while the sandbox runs. */
export interface ActiveCampaignSwitches {
  /** Whether a changed membership moves the contact's `udate`. Default no, the hard case (facts section 9). */
  membershipMovesUdate: boolean;
  /** Whether `sdate` moves when somebody subscribes again. Default yes. */
  resubscribeMovesSdate: boolean;
  /** Reply to POST /contactLists that changed an existing row. Default 200, as the documentation prints. */
  changedMembershipStatus: 200 | 201;
  /** Requests a second for the whole account, or no limit. Default 5. */
  rateLimit: number | 'off';
  /** Whether `email=` finds an address whatever its case. Default yes. */
  emailLookupIgnoresCase: boolean;
  /** Most rows of one kind that `include=` brings along. Default no cap: none is published. */
  sideLoadCap: number;
  /** Whether `meta.total` of `/contacts` passes over `id_greater` and `id_less`. Default no. */
  totalIgnoresIdSpan: boolean;
  /** Whether every webhook arrives twice: delivery is at least once. Default no. */
  webhooksTwice: boolean;
  /** Milliseconds of the world's time until a bulk import is worked off by itself; `never` leaves it to `run`. */
  importDelay: number | 'never';
  /** How a missing or wrong key is answered: the documentation says 403, clients map both (facts section 1). */
  badKey: 401 | 403;
  /** Whether a request with an empty User-Agent is turned away, as Cloudflare does in front (facts section 1). Default yes. */
  blocksEmptyUserAgent: boolean;
}

export const DEFAULT_SWITCHES: ActiveCampaignSwitches = {
  membershipMovesUdate: false,
  resubscribeMovesSdate: true,
  changedMembershipStatus: 200,
  rateLimit: 5,
  emailLookupIgnoresCase: true,
  sideLoadCap: Number.POSITIVE_INFINITY,
  totalIgnoresIdSpan: false,
  webhooksTwice: false,
  importDelay: 2_000,
  badKey: 403,
  blocksEmptyUserAgent: true,
};
