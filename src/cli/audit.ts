import { auditHead, verifyAudit } from '../companion/audit.ts';
import { auditCsv, auditJson } from '../companion/audit-export.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { lookInto, offlineConfig } from './look.ts';
import { optionsOf } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { AUDIT_HELP, NO_FORM, verifiedText, WHICH_AUDIT, WHICH_FORM } from './texts/audit.ts';
import { TOO_MANY } from './texts.ts';

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
  csv: { type: 'boolean', default: false },
  address: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** `optbridge audit verify|export`. */
export async function runAudit(terminal: Terminal): Promise<number> {
  const { values: options, positionals } = optionsOf('audit', terminal, OPTIONS);
  if (options.help) {
    terminal.out(AUDIT_HELP);
    return EXIT_CODES.done;
  }
  const [what, ...more] = positionals;
  if (what !== 'verify' && what !== 'export') throw new UsageError(WHICH_AUDIT(what));
  if (more[0] !== undefined) throw new UsageError(TOO_MANY(`audit ${what}`, more[0]));
  const config = () => offlineConfig(`audit ${what}`, options.config, terminal);
  if (what === 'verify') {
    for (const option of ['csv', 'address'] as const) if (options[option]) throw new UsageError(NO_FORM(option));
    const found = lookInto(config(), (store) => ({ ...verifyAudit(store), head: auditHead(store).hash }));
    terminal.out(options.json ? `${JSON.stringify(found)}\n` : verifiedText(found));
    return found.brokenAt === null ? EXIT_CODES.done : EXIT_CODES.failed;
  }
  if (options.csv === options.json) throw new UsageError(WHICH_FORM);
  const address = options.address?.trim().toLowerCase();
  lookInto(config(), (store) => {
    for (const piece of options.csv ? auditCsv(store, address) : auditJson(store, address)) terminal.out(piece);
  });
  return EXIT_CODES.done;
}
