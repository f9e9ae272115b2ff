import type { Erasure } from '../../companion/erasure.ts';
import { CONFIG_OPTION, HELP_OPTION } from './help.ts';
import { counted, grouped, moment, wrapped } from './plain.ts';

export const AUDIT_HELP = `optbridge audit: who was changed, when, what, why, and by which evidence

Usage
  optbridge audit verify [--json]
      Checks the whole chain. Exit code 0 when it is whole, 1 when it is broken.
      Note the last hash elsewhere: it shows whether rows were cut off the end.
  optbridge audit export --csv|--json [--address ADDRESS]
      Prints the audit. With an address only what is about that person; with
      --json also all else that the store holds about them, as a person may ask.
  optbridge audit erase ADDRESS [--json]
      Takes a person out of the store and out of the pages of runs, for good.
      The chain stays whole and says that it was done, and by which user of this
      machine. If the person is opted out, that is kept, as a keyed hash of the
      address: should a record with the address come back, or a contact that a
      list mails, it is opted out again.
      Delete the person in Salesforce and in ActiveCampaign first: a run that
      sees them there remembers them again. Older backups still have them.

Options
  ${CONFIG_OPTION}
  --json, --csv  the form of what is printed
  --address ADDRESS
                 an email address
  ${HELP_OPTION}

Examples
  optbridge audit export --csv > audit.csv
  optbridge audit export --json --address ann@example.com > ann.json

Exit codes: 0 done, also where nothing is known about the person who is to be
erased (it is as was asked for; the words, and "known" with --json, say so),
1 the chain is broken, 2 wrong usage or configuration, 4 a run is going on
`;

export const WHICH_AUDIT = (word: string | undefined) =>
  word === undefined
    ? 'optbridge audit: say what: verify, export or erase. See optbridge audit --help.'
    : `optbridge audit: "${word}" is not known: verify, export or erase. See optbridge audit --help.`;
export const WHICH_FORM = 'optbridge audit export: say the form: either --csv or --json.';
export const NO_FORM = (what: string, option: string) => `optbridge audit ${what}: --${option} is for export.`;
export const NO_ADDRESS = (word: string) => `optbridge audit export: --address "${word}" is no email address.`;
export const WHOM_TO_ERASE = 'optbridge audit erase: say whom: an email address.';
export const NOTHING_TO_ERASE = (store: string) => `optbridge audit erase: there is no ${store} yet.`;

export const NOTHING_TO_VERIFY = (store: string) =>
  `${wrapped(`There is no ${store} yet, and so no audit: no run has been made.`).join('\n')}\n`;

export function verifiedText(found: { rows: number; brokenAt: number | null; head: string }): string {
  if (found.brokenAt !== null)
    return `The chain is broken at row ${found.brokenAt}: it or the row before was changed or taken out.\nCompare the store with a backup.\n`;
  return `The audit is whole: ${counted(found.rows, 'row', 'rows')}, each with the hash of the one before.\nLast hash: ${found.head}\n`;
}

/** What the erasure came to in the audit, whose rows stay. */
function inAudit(rows: number): string {
  if (rows === 0) return 'the audit has no row about them';
  if (rows === 1) return '1 row of the audit no longer says whom it was about';
  return `${grouped(rows)} rows of the audit no longer say whom they were about`;
}

export function erasedText({ person, known, erasedAt, auditRows, suppressed, pages, also }: Erasure): string {
  const lines =
    erasedAt !== null
      ? [`${person} was erased on ${moment(erasedAt)} already. Nothing more is known about them.`]
      : known
        ? [
            `${person} is erased: ${inAudit(auditRows)}.`,
            ...(suppressed ? ['They are opted out; that is kept, as a keyed hash of the address.'] : []),
            ...(pages > 0 ? [`${counted(pages, 'page', 'pages')} of runs written again without them.`] : []),
            ...(also.length > 0 ? [`The same records are known under other addresses, too: ${also.join(', ')}.`] : []),
            'Older backups, alerts and printed reports still have them.',
          ]
        : [
            `Nothing is known about ${person}, so nothing was erased.`,
            'If that is a surprise, look how the address is spelt in Salesforce and in ActiveCampaign.',
          ];
  return `${lines.flatMap((line) => wrapped(line)).join('\n')}\n`;
}
