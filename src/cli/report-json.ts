import type { Report, ReportedDecision } from '../companion/report.ts';
import type { SyncOptions } from '../companion/sync.ts';
import type { Terminal } from './terminal.ts';
import { SHOWN, summary } from './texts.ts';

/** So many characters go out at once. */
const HANDFUL = 65_536;

/** How a run is asked for its decisions, and how its report is given out. */
export interface Given {
  readonly options: Pick<SyncOptions, 'named' | 'each'>;
  /** Gives the report out, once the run is over. */
  end(report: Report): void;
}

/** The report in words, or as one JSON object whose decisions go out as they come: there may be hundreds of thousands. */
export function givenOut({ out }: Pick<Terminal, 'out'>, json: boolean): Given {
  if (!json) return { options: { named: SHOWN }, end: (report) => out(summary(report)) };
  let text = '{"decisions":[';
  let between = '';
  const each = (decision: ReportedDecision) => {
    text += between + JSON.stringify(decision);
    between = ',';
    if (text.length < HANDFUL) return;
    out(text);
    text = '';
  };
  const end = ({ decisions: _, ...rest }: Report) => out(`${text}],${JSON.stringify(rest).slice(1)}\n`);
  return { options: { named: 0, each }, end };
}
