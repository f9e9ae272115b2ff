import type { StartedRun } from '../../companion/ledger.ts';
import { columns, grouped, moment, span } from './plain.ts';

export const RUNS_HELP = `optbridge runs: the last 30 runs with their counts, the newest first

Usage
  optbridge runs --config FILE [--json]

'optbridge show RUN' says all about one of them.

Options
  --config FILE  the configuration file
  --json         print exactly one JSON object
  --help         print this

Exit codes: 0 whatever there is to say, 2 wrong usage or configuration
`;

export function runsText(found: readonly StartedRun[]): string {
  if (found.length === 0) return 'No run yet.\n';
  const rows = found.map(({ run, startedAt, summary }) => {
    if (!summary) return [run, moment(startedAt).slice(0, 16), 'unfinished'];
    const { counts, calls } = summary;
    return [
      run,
      moment(startedAt).slice(0, 16),
      summary.outcome,
      ...[counts.optOuts, counts.optIns, counts.writes, counts.failed].map(grouped),
      grouped(calls.salesforce + calls.activecampaign),
      span(Date.parse(summary.finishedAt) - Date.parse(startedAt)),
    ];
  });
  return `${columns(['run', 'begun (UTC)', 'outcome', '>out', '>in', '>writes', '>failed', '>calls', 'took'], rows).join('\n')}\n`;
}
