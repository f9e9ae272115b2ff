import { backupStore } from '../companion/backup.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { LOOK, offlineConfig } from './look.ts';
import { optionsOf } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { backupText, STORE_HELP, WHICH_STORE } from './texts/store.ts';
import { TOO_MANY } from './texts.ts';

/** `optbridge store backup FILE`. */
export async function runStore(terminal: Terminal): Promise<number> {
  const { values: options, positionals } = optionsOf('store', terminal, LOOK);
  if (options.help) {
    terminal.out(STORE_HELP);
    return EXIT_CODES.done;
  }
  const [what, file, ...more] = positionals;
  if (what !== 'backup' || file === undefined) throw new UsageError(WHICH_STORE);
  if (more[0] !== undefined) throw new UsageError(TOO_MANY('store backup', more[0]));
  const config = offlineConfig('store backup', options.config, terminal);
  const made = await backupStore(config.store, file);
  terminal.out(options.json ? `${JSON.stringify(made)}\n` : backupText(made));
  return EXIT_CODES.done;
}
