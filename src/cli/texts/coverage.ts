import type { Coverage, CoverageCause, CoverageStep } from '../../companion/coverage.ts';
import { CONFIG_OPTION, HELP_OPTION } from './help.ts';
import { counted, grouped, wrapped } from './plain.ts';

export const COVERAGE_HELP = `optbridge coverage: whom a run does not see or may not write, and why

Usage
  optbridge coverage [--json]

Reads everybody in Salesforce and in ActiveCampaign, as a run does; writes
nothing. For each cause it says how many people are concerned, how many of them
are opted out where they are, and names a few. Whether single records may be
edited is asked about 5,000 at most, those where the two sides differ first.

Options
  ${CONFIG_OPTION}
  --json         print exactly one JSON object; progress goes to stderr
  ${HELP_OPTION}

Exit codes: 0 done, 1 a service could not be read, 2 wrong usage or
configuration
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
  'read-only-object': [
    'People with a record of an object, or an opt-out field, that this user may not edit',
    'A run refuses to start. Give the API user edit access to the object and the field; optbridge doctor says to which.',
  ],
  'read-only-record': [
    'People with a record that this user may read and not edit',
    'An opt-out in ActiveCampaign does not reach that record. Share it for editing, or give the API user "Modify All" on the object.',
  ],
  'refused-for-rights': [
    'People whose last write Salesforce refused for want of a right',
    'The next run tries again. Look at the rights of the API user; optbridge show ADDRESS has the words.',
  ],
};

const STEPS: Record<CoverageStep, string> = {
  salesforce: 'Reading Salesforce',
  activecampaign: 'Reading ActiveCampaign',
  rights: 'Looking at rights',
};

export const coverageProgress = (step: CoverageStep, done: number) => `${STEPS[step]}: ${grouped(done)}`;

export function coverageText({ salesforceRecords, activecampaignContacts, covered, gaps, rights }: Coverage): string {
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
  if (gaps.every(({ count }) => count === 0)) lines.push('Nobody is known to be left out.');
  for (const text of rightsText(rights)) lines.push('', ...wrapped(text));
  return `${lines.join('\n')}\n`;
}

/** How much of it was looked at, so that nobody takes the rest for fine. */
function* rightsText({
  records,
  looked,
  differing,
  differingLooked,
  failure,
  store,
}: Coverage['rights']): Generator<string> {
  const each =
    differing === 0 ? '' : ` (${grouped(differingLooked)} of the ${grouped(differing)} where the sides differ)`;
  if (failure !== null && looked === 0) yield `Whether single records may be edited could not be looked at: ${failure}`;
  else if (records > 0)
    yield `Whether single records may be edited was looked at for ${grouped(looked)} of ${grouped(records)}${each}.${failure === null ? '' : ` Then it ended: ${failure}`}`;
  if (store !== null) yield `What earlier runs met could not be looked at: ${store}`;
}
