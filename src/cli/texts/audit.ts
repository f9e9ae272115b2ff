import { counted } from './plain.ts';

export const AUDIT_HELP = `optbridge audit: who was changed, when, what, why, and by which evidence

Usage
  optbridge audit verify --config FILE [--json]
      Checks the whole chain. Exit code 0 when it is whole, 1 when it is broken.
      Note the last hash elsewhere: it shows whether rows were cut off the end.
  optbridge audit export --config FILE --csv|--json [--address ADDRESS]
      Prints the audit. With an address only what is about that person; with
      --json also all else that the store holds about them, as a person may ask.

Options
  --config FILE      the configuration file
  --json, --csv      the form of what is printed
  --address ADDRESS  an email address
  --help             print this

Exit codes: 0 done, 1 the chain is broken, 2 wrong usage or configuration
`;

export const WHICH_AUDIT = (word: string | undefined) =>
  word === undefined
    ? 'optbridge audit: say what: verify or export. See optbridge audit --help.'
    : `optbridge audit: "${word}" is not known: verify or export. See optbridge audit --help.`;
export const WHICH_FORM = 'optbridge audit export: say the form: either --csv or --json.';
export const NO_FORM = (option: string) => `optbridge audit verify: --${option} is for export.`;

export function verifiedText(found: { rows: number; brokenAt: number | null; head: string }): string {
  if (found.brokenAt !== null)
    return `The chain is broken at row ${found.brokenAt}: it or the row before was changed or taken out.\nCompare the store with a backup.\n`;
  return `The audit is whole: ${counted(found.rows, 'row', 'rows')}, each with the hash of the one before.\nLast hash: ${found.head}\n`;
}
