import { eraseDetails } from './audit.ts';
import type { Config } from './config.ts';
import type { Summary } from './ledger.ts';
import type { Store } from './store.ts';

const DAY = 86_400_000;

/** What looks like an address; a full stop after it ends the sentence. */
const ADDRESS = /[^\s<>(),;:"']+@[^\s<>(),;:"']*[^\s<>(),;:"'.]/g;
const FORGOTTEN = '(forgotten)';

/** A text that names nobody: every address in it is replaced. */
export function unnamed(text: string, instead: string): string {
  return text.replace(ADDRESS, instead);
}

/** Older reports that may name somebody. The path of a page may have an @ in it, too. */
const NAMING = "SELECT id, summary FROM runs WHERE id < ? AND instr(json_remove(summary, '$.page'), '@') > 0";

/**
 * Forgets what the settings say is not to be kept any longer: what runs decided about whom, and whom their reports name.
 * How they ended, in numbers, stays: `runs`, the chart of a page, what a quiet night is and whether a store is new go by
 * that. The chain of the audit stays whole.
 * @param at ms; nothing is old that is not by this clock
 */
export function forgetOld(store: Store, run: string, { retention }: Config, at: number): void {
  const before = (days: number) => new Date(at - days * DAY).toISOString();
  store.transaction(() => {
    // The name of a run begins with the time when it began.
    const oldest = before(retention.decisions).replace(/[-:]|\.\d+/g, '');
    store.run('DELETE FROM decisions WHERE run < ?', oldest);
    for (const row of store.all(NAMING, oldest)) {
      const summary = withoutPeople(JSON.parse(String(row.summary)) as Summary);
      store.run('UPDATE runs SET summary = ? WHERE id = ?', JSON.stringify(summary), String(row.id));
    }
    if (retention.audit === null) return;
    const old = store.all(
      'SELECT seq FROM audit JOIN audit_details USING (seq) WHERE at < ? ORDER BY seq',
      before(retention.audit),
    );
    if (old.length === 0) return;
    const seqs = old.map((row) => Number(row.seq));
    eraseDetails(store, seqs, { run, at: new Date(at).toISOString(), reason: 'retention', subject: '', user: null });
  });
}

/** What a report says of the run itself, and of nobody. */
function withoutPeople(summary: Summary): Summary {
  const general = {
    ...summary,
    failures: summary.failures.filter(({ person }) => person === null),
    warnings: summary.warnings.filter((words) => unnamed(words, '') === words),
  };
  return JSON.parse(JSON.stringify(general), (key, value: unknown) =>
    typeof value === 'string' && key !== 'page' ? unnamed(value, FORGOTTEN) : value,
  ) as Summary;
}
