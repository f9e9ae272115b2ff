import type { Coverage, CoverageCause } from '../../companion/coverage.ts';
import { counted, grouped, wrapped } from './plain.ts';

export const COVERAGE_HELP = `optbridge coverage: whom the nightly run does not see, and why

Usage
  optbridge coverage --config FILE [--json]

Reads everybody in Salesforce and in ActiveCampaign, as a run does; writes
nothing. For each cause it says how many people are concerned, how many of them
are opted out where they are, and names a few.

Options
  --config FILE  the configuration file
  --json         print exactly one JSON object; progress goes to stderr
  --help         print this

Exit codes: 0 done, 1 a service could not be read, 2 wrong usage or configuration
`;

const CAUSES: Record<CoverageCause, readonly [title: string, what: string]> = {
  'no-address-in-salesforce': [
    'Salesforce records without an email address',
    'There is nobody to find in ActiveCampaign. Add the address, or leave it.',
  ],
  'no-address-in-activecampaign': [
    'ActiveCampaign contacts without an email address',
    'Reached by phone or SMS only. Nothing to settle.',
  ],
  'no-tag': [
    'People on both sides whose contact has no tag that qualifies',
    'An opt-out in Salesforce crosses; one in ActiveCampaign does not. Let the integration link them, or add the tag (activecampaign.qualifyingTags).',
  ],
  'no-contact': ['People in Salesforce without an ActiveCampaign contact', 'Nothing to settle until there is one.'],
  'no-record': ['ActiveCampaign contacts without a Salesforce record', 'Nothing to settle until there is one.'],
  converted: [
    'Converted leads whose address no live record has',
    'A converted lead is not written. Look whether the contact it became has an address.',
  ],
  'hidden-lists': [
    'People on lists that this key may not see',
    'What happens on those lists is never evidence. Use the key of a user whose group sees every list.',
  ],
  'not-whole': [
    'People whose ActiveCampaign contact could not be read whole',
    'They are left alone and reported as unknown. Run it again; if it stays, ask ActiveCampaign.',
  ],
};

export const coverageProgress = (side: 'salesforce' | 'activecampaign', done: number) =>
  `Reading ${side === 'salesforce' ? 'Salesforce' : 'ActiveCampaign'}: ${done}`;

export function coverageText({ salesforceRecords, activecampaignContacts, covered, gaps }: Coverage): string {
  const lines = [
    ...wrapped(
      `${counted(covered, 'person is', 'people are')} settled both ways. ${grouped(salesforceRecords)} live Salesforce records, ${grouped(activecampaignContacts)} ActiveCampaign contacts.`,
    ),
  ];
  for (const { cause, count, optedOut, examples } of gaps) {
    if (count === 0) continue;
    const [title, what] = CAUSES[cause];
    lines.push('', ...wrapped(`${grouped(count)}  ${title} (${cause})`, '  '));
    if (optedOut > 0) lines.push(`  ${grouped(optedOut)} of them opted out there`);
    lines.push(...wrapped(`  ${what}`, '  '));
    lines.push(...wrapped(`  e.g. ${examples.join(', ')}`, '  '));
  }
  if (gaps.every(({ count }) => count === 0)) lines.push('Nobody is left out.');
  return `${lines.join('\n')}\n`;
}
