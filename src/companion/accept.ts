import type { Checked } from './check.ts';
import { demandFull, type FullReason, forgetReadings } from './continuity.ts';
import { keepKey } from './key-owner.ts';
import { demandDistrust } from './provenance.ts';
import type { Store } from './store.ts';

/**
 * From now on these are the org, account, users, field and lists. What was agreed about another org, account or field is
 * forgotten in the same step; the audit stays.
 * @param full why a full reading is owed from now on
 * @param doubtful whether what was agreed may not be the last word
 */
export function accept(store: Store, checked: Checked, full: FullReason | null, doubtful: boolean): void {
  store.transaction(() => {
    store.setMeta('identity', checked.identity);
    keepKey(store, checked.keyMark);
    if (checked.startAfresh) forget(store);
    if (full !== null) demandFull(store, full);
    if (doubtful) demandDistrust(store);
  });
}

function forget(store: Store): void {
  for (const table of ['agreements', 'vanished', 'moves', 'readdressed', 'intentions', 'differences'])
    store.run(`DELETE FROM ${table}`);
  forgetReadings(store);
}
