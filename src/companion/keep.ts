import type { Policy } from '../consent/facts.ts';
import { rememberDifferences } from './differences.ts';
import { keepDecisions } from './ledger.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/**
 * Keeps what a run found, once it has decided about everybody, however it ended after that: its decisions, and who
 * differs now. A run that is killed in between leaves that to the next one.
 * @param at this machine's clock, for where no service's clock was seen
 */
export function keepFindings(store: Store, run: string, reading: Reading, policy: Policy, at: number): void {
  store.transaction(() => keepDecisions(store, run));
  rememberDifferences(store, reading, policy, { id: run, whole: true, at });
}
