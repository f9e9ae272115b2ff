import type { ReasonCode } from '../../consent/rules.ts';
import { auditHead } from '../audit.ts';
import type { Config } from '../config.ts';
import { decisionsFor, runById, runs } from '../ledger.ts';
import type { Store } from '../store.ts';
import { BARS } from './chart.ts';
import type { Group, PageContents } from './page.ts';

/** So many people of one reason are named on a page; a first run may have tens of thousands. */
const NAMED = 200;

/** What the store has to say of a run for its page; null for a run that is not there or not finished. */
export function contentsOf(store: Store, run: string, config: Config): PageContents | null {
  const found = runById(store, run);
  if (!found?.summary) return null;
  return {
    summary: found.summary,
    groups: groupsOf(store, run, config.salesforce.optOutField),
    history: runs(store, BARS, found.startedAt).toReversed(),
    places: { salesforceUrl: config.salesforce.url, activecampaignUrl: config.activecampaign.url },
    audit: auditHead(store),
  };
}

/** By reason: those that wrote first, the largest first. */
function groupsOf(store: Store, run: string, field: string): Group[] {
  return store
    .all(
      `SELECT reason, sum(n) AS n, json_group_object(outcome, n) AS outcomes
       FROM (SELECT reason, outcome, count(*) AS n FROM decisions WHERE run = ? GROUP BY reason, outcome)
       GROUP BY reason ORDER BY max(outcome <> 'nothing') DESC, n DESC, reason`,
      run,
    )
    .map((row) => {
      const reason = row.reason as ReasonCode;
      const outcomes = JSON.parse(String(row.outcomes)) as Group['outcomes'];
      return { reason, count: Number(row.n), outcomes, people: decisionsFor(store, run, reason, field, NAMED) };
    });
}
