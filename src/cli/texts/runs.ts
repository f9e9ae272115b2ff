import type { StartedRun } from '../../companion/ledger.ts';
import { LOOK_OPTIONS } from './help.ts';
import { columns, grouped, span, wrapped } from './plain.ts';

export const RUNS_HELP = `optbridge runs: the last 30 runs with their counts, the newest first

Usage
  optbridge runs [--json]

The name of a run begins with the time when it began, in UTC. 'optbridge show
RUN' says all about one of them.

Options
${LOOK_OPTIONS}

Exit codes: 0 whatever there is to say, 2 wrong usage or configuration
`;

const AHEAD = (count: number) =>
  `! ${count === 1 ? 'The last one here bears' : `The last ${count} here bear`} a date to come: this machine’s clock was ahead. When ${count === 1 ? 'it' : 'they'} really ran is not known.`;

/** @param until the last moment (ISO) at which a run can have begun */
export function runsText(found: readonly StartedRun[], until: string): string {
  if (found.length === 0) return 'No run yet.\n';
  const rows = found.map(({ run, startedAt, summary }) => {
    if (!summary) return [run, 'unfinished'];
    const { counts, calls } = summary;
    return [
      run,
      summary.plan ? `${summary.outcome} (plan)` : summary.outcome,
      ...[counts.optOuts, counts.optIns, counts.writes, counts.failed].map(grouped),
      grouped(calls.salesforce + calls.activecampaign),
      span(Date.parse(summary.finishedAt) - Date.parse(startedAt)),
    ];
  });
  const ahead = found.filter(({ startedAt }) => startedAt > until).length;
  return `${[
    ...columns(['run', 'outcome', '>out', '>in', '>writes', '>failed', '>calls', 'took'], rows),
    ...(ahead > 0 ? wrapped(AHEAD(ahead), '  ') : []),
  ].join('\n')}\n`;
}
