import { backupStore } from '../companion/backup.ts';
import { together } from '../companion/config-reader.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { LOOK, offlineConfig } from './look.ts';
import { optionsOf } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { fitted } from './texts/fitted.ts';
import { backupText, STORE_HELP, WHICH_STORE } from './texts/store.ts';

/** `optbridge store backup FILE`. */
export async function runStore(terminal: Terminal): Promise<number> {
  const line = optionsOf('store', terminal, LOOK);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(STORE_HELP));
    return EXIT_CODES.done;
  }
  const [what, to] = line.positionals;
  const { file, config } = together({
    line: () => line.check(2, 'store backup'),
    file: () => {
      if (what !== 'backup' || to === undefined) throw new UsageError(WHICH_STORE);
      return to;
    },
    config: () => offlineConfig('store backup', options.config, terminal),
  });
  const made = await backupStore(config.store, file);
  terminal.out(options.json ? `${JSON.stringify(made)}\n` : backupText(made));
  return EXIT_CODES.done;
}
