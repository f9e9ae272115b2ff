import { styleText } from 'node:util';
import { type Finding, type Group, outcomeOf, type Status } from '../../companion/doctor/finding.ts';
import { CONFIG_OPTION, HELP_OPTION } from './help.ts';
import { lineWidth } from './width.ts';
import { wrapped } from './wrap.ts';

export const DOCTOR_USAGE = `optbridge doctor: look at every prerequisite of a run, and say what is missing

Usage
  optbridge doctor [--json]

Asks both services and looks at the store. Writes nothing, anywhere.

Options
  ${CONFIG_OPTION}
  --json         print exactly one JSON object on stdout:
                 { outcome, exitCode,
                   findings: [{ group, check, status, words, remedy }] }
  ${HELP_OPTION}

What stands before each finding
  ok              as it should be
  warning         a run goes on, yet somebody should know
  unknown         cannot be found out; a run does not need it
  PROBLEM         a run would refuse or fail until this is mended
  UNREACHABLE     the service did not answer, or not in a way that can be read

Exit codes
  0  no problem; there may be warnings
  1  a service could not be reached
  2  the command or the configuration is wrong
  3  a problem
`;

export const EXAMINING = 'Asking Salesforce and ActiveCampaign: some seconds.\n';

const LABEL: Readonly<Record<Status, string>> = {
  ok: 'ok',
  warning: 'warning',
  unknown: 'unknown',
  problem: 'PROBLEM',
  unreachable: 'UNREACHABLE',
};
const COLOUR = { ok: 'green', warning: 'yellow', unknown: 'gray', problem: 'red', unreachable: 'red' } as const;
const INDENT = ' '.repeat(Math.max(...Object.values(LABEL).map((label) => label.length)) + 4);

/** The findings for people, in groups, no wider than 80 columns, or a narrow terminal. Colour says nothing that a word does not say. */
export function diagnosis(
  findings: readonly Finding[],
  style: {
    readonly colours: boolean;
    readonly titles: Readonly<Record<Group, string>>;
    /** What a proposed command needs to find the same configuration. */
    readonly sameConfig: string;
  },
): string {
  const groups = Map.groupBy(findings, (finding) => finding.group);
  const blocks = [...groups].map(([group, members]) =>
    [style.titles[group], ...members.flatMap((finding) => linesOf(finding, style.colours))].join('\n'),
  );
  return `${blocks.join('\n\n')}\n\n${verdict(findings, style.sameConfig)}\n`;
}

function linesOf({ check, status, words, remedy }: Finding, colours: boolean): string[] {
  const room = lineWidth() - INDENT.length;
  const label = LABEL[status].padEnd(INDENT.length - 2);
  const shown = colours ? styleText(COLOUR[status], label, { validateStream: false }) : label;
  const [first = '', ...rest] = wrapped(`${check}: ${words}`, room);
  return [
    `  ${shown}${first}`,
    ...rest.map((line) => INDENT + line),
    ...wrapped(remedy ?? '', room - 3).map((line, index) => `${INDENT}${index === 0 ? '-> ' : '   '}${line}`),
  ];
}

function verdict(findings: readonly Finding[], sameConfig: string): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const [problems, away, warnings] = [count('problem'), count('unreachable'), count('warning')];
  const said = [
    ...(problems > 0 ? [`${problems} ${problems === 1 ? 'problem' : 'problems'}`] : []),
    ...(away > 0 ? [`${away} ${away === 1 ? 'question' : 'questions'} without an answer`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ].join(', ');
  if (outcomeOf(findings) === 'refused') return `A run would refuse or fail: ${said}.`;
  if (outcomeOf(findings) === 'failed') return `Not everything could be looked at: ${said}. Try again later.`;
  return `A run can go ahead${said === '' ? '' : ` (${said})`}. To see what it would do: optbridge sync --dry-run${sameConfig}`;
}
