import { existsSync } from 'node:fs';
import { auditHead, verifyAudit } from '../companion/audit.ts';
import { auditCsv, auditJson } from '../companion/audit-export.ts';
import type { Config } from '../companion/config.ts';
import { together } from '../companion/config-reader.ts';
import { erasePerson } from '../companion/erasure.ts';
import { BusyError } from '../companion/lock.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { giveUp } from './give-up.ts';
import { lookInto, offlineConfig } from './look.ts';
import { optionsOf } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import {
  AUDIT_HELP,
  erasedText,
  NO_ADDRESS,
  NO_FORM,
  NOTHING_TO_ERASE,
  NOTHING_TO_VERIFY,
  verifiedText,
  WHICH_AUDIT,
  WHICH_FORM,
  WHOM_TO_ERASE,
} from './texts/audit.ts';
import { fitted } from './texts/fitted.ts';
import { BUSY } from './texts.ts';
import { userHere } from './user-here.ts';

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
  csv: { type: 'boolean', default: false },
  address: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** `optbridge audit verify|export|erase`. */
export async function runAudit(terminal: Terminal): Promise<number> {
  const line = optionsOf('audit', terminal, OPTIONS);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(AUDIT_HELP));
    return EXIT_CODES.done;
  }
  const [what, word] = line.positionals;
  if (what !== 'verify' && what !== 'export' && what !== 'erase') throw new UsageError(WHICH_AUDIT(what));
  const { config } = together({
    line: () => line.check(what === 'erase' ? 2 : 1, `audit ${what}`),
    form: () => {
      const not = (['csv', 'address'] as const).filter((option) => what !== 'export' && options[option]);
      if (not.length > 0) throw new UsageError(...not.map((option) => NO_FORM(what, option)));
      if (what === 'export' && options.csv === options.json) throw new UsageError(WHICH_FORM);
      const { address } = options;
      if (address !== undefined && !address.includes('@')) throw new UsageError(NO_ADDRESS(address));
    },
    whom: () => {
      if (what === 'erase' && !word?.includes('@')) throw new UsageError(WHOM_TO_ERASE);
    },
    config: () => offlineConfig(`audit ${what}`, options.config, terminal),
  });
  if (what === 'verify') return verify(terminal, config, options.json);
  if (what === 'erase') return erase(terminal, config, addressIn(word ?? ''), options.json);
  const address = options.address === undefined ? undefined : addressIn(options.address);
  lookInto(config, (store) => {
    for (const piece of options.csv ? auditCsv(store, address) : auditJson(store, address)) terminal.out(piece);
  });
  return EXIT_CODES.done;
}

function verify(terminal: Terminal, config: Config, json: boolean): number {
  const found = lookInto(config, (store) => ({ ...verifyAudit(store), head: auditHead(store).hash }));
  const words = existsSync(config.store) ? verifiedText(found) : NOTHING_TO_VERIFY(config.store);
  terminal.out(json ? `${JSON.stringify(found)}\n` : words);
  return found.brokenAt === null ? EXIT_CODES.done : EXIT_CODES.failed;
}

function erase(terminal: Terminal, config: Config, person: string, json: boolean): number {
  if (!existsSync(config.store)) throw new UsageError(NOTHING_TO_ERASE(config.store));
  try {
    const erasure = erasePerson(config, person, Date.now(), userHere());
    terminal.out(json ? `${JSON.stringify(erasure)}\n` : erasedText(erasure));
    return EXIT_CODES.done;
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return giveUp(terminal, 'busy', BUSY(config.store));
  }
}

function addressIn(word: string): string {
  return word.trim().toLowerCase();
}
