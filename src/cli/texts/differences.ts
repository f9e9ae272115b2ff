import type { Difference } from '../../companion/differences.ts';
import { LOOK_OPTIONS } from './help.ts';
import { columns, counted, grouped, span, wrapped } from './plain.ts';

export const DIFFERENCES_HELP = `optbridge differences: who is out on one side only, since when, and why

Usage
  optbridge differences [--json]

Shows what the last run found, and when a run first saw it so; asks no service.
'optbridge show ADDRESS' says all about one person, also since when they are
out; 'optbridge resolve ADDRESS out|leave' settles one.

Causes
  not-qualified          out in ActiveCampaign, but no tag there that says that
                         the contact belongs to Salesforce
  cleared-in-salesforce  somebody cleared the box in Salesforce, and
                         ActiveCampaign stays out
  bounce-reactivated     bounced once, and active again in ActiveCampaign
  unknown                could not be read whole
  failed                 a write failed, or was not tried; the next run tries

Options
${LOOK_OPTIONS}

Exit codes: 0 whatever there is to say, 2 wrong usage or configuration
`;

/** Each cause in a few words. */
export const DIFFERENCE_WORDS: Readonly<Record<string, string>> = {
  'not-qualified': 'out in ActiveCampaign, without a tag that qualifies',
  'cleared-in-salesforce': 'cleared in Salesforce by hand, out in ActiveCampaign',
  'bounce-reactivated': 'bounced once, active again in ActiveCampaign',
  unknown: 'could not be read whole',
  failed: 'not brought along yet: a write failed, or none was tried',
};

/** Longer lists are for `--json`. */
const SHOWN = 50;

/** What a run could not bring about comes first: of what a rule leaves as it is an old org has thousands. */
const FIRST: readonly Difference['cause'][] = ['failed', 'unknown', 'bounce-reactivated', 'cleared-in-salesforce'];

function inOrder(found: readonly Difference[]): Difference[] {
  const rank = ({ accepted, cause }: Difference) =>
    accepted !== null ? FIRST.length + 1 : FIRST.includes(cause) ? FIRST.indexOf(cause) : FIRST.length;
  return found.toSorted((a, b) => rank(a) - rank(b));
}

/** How many there are for each cause, where that does not stand in the list. */
function countsOf(open: readonly Difference[]): string[] {
  const counts = Map.groupBy(inOrder(open), ({ cause }) => cause);
  if (counts.size < 2) return [];
  const rows = [...counts].map(([cause, of]) => [grouped(of.length), cause, DIFFERENCE_WORDS[cause] ?? '']);
  return ['', ...columns(['>people', 'why', ''], rows)];
}

export function differencesText(
  { looked, differences: found }: { readonly looked: boolean; readonly differences: readonly Difference[] },
  now: number,
): string {
  if (!looked) return 'No run has looked yet, so nobody knows.\nWhat one would do: optbridge sync --dry-run\n';
  if (found.length === 0)
    return 'Nobody differs, as of the last run: whoever is out is out on each side that has\nthem.\n';
  const open = found.filter(({ accepted }) => accepted === null);
  const accepted = found.length - open.length;
  const rows = inOrder(found)
    .slice(0, SHOWN)
    .map((one) => [
      one.person,
      one.accepted === null ? one.cause : `${one.cause} (accepted)`,
      `${span(now - Date.parse(one.since))} ago`,
    ]);
  const stuck = open.filter(({ words }) => words !== null);
  return `${[
    `${counted(open.length, 'person differs', 'people differ')}${accepted > 0 ? `, and ${accepted} more, which ${accepted === 1 ? 'was' : 'were'} accepted` : ''}.`,
    ...countsOf(open),
    '',
    ...columns(['who', 'why', 'first seen so'], rows),
    ...(found.length > SHOWN ? [`… and ${grouped(found.length - SHOWN)} more; --json names everybody`] : []),
    ...(stuck.length > 0
      ? [
          '',
          ...inSameWords(stuck)
            .slice(0, SHOWN)
            .flatMap((words) => wrapped(words, '  ')),
        ]
      : []),
    '',
    ...wrapped('Why: optbridge show ADDRESS. To settle one: optbridge resolve ADDRESS out|leave'),
  ].join('\n')}\n`;
}

/** What stands in the way of whom: the same of many people once. */
function inSameWords(stuck: readonly Difference[]): string[] {
  const said = new Map<string, string[]>();
  for (const { person, words } of stuck) said.set(words ?? '', [...(said.get(words ?? '') ?? []), person]);
  return [...said].map(([words, people]) =>
    people.length === 1 ? `${people[0]}: ${words}` : `${people[0]} and ${people.length - 1} more: ${words}`,
  );
}
