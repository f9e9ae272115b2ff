import { existsSync } from 'node:fs';
import { together } from '../companion/config-reader.ts';
import { impatient } from '../companion/impatient.ts';
import { BusyError } from '../companion/lock.ts';
import { Refused } from '../companion/refused.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { acceptDifference, NotInDifferences, type Resolved, resolveOut } from '../companion/resolve.ts';
import { readingServices, Unreadable } from '../companion/unreadable.ts';
import { connect } from './connect.ts';
import { giveUp } from './give-up.ts';
import { LOOK, offlineConfig } from './look.ts';
import { configOf, optionsOf } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { fitted } from './texts/fitted.ts';
import { NO_STORE, NOT_THERE, RESOLVE_HELP, resolvedText, WHICH_WAY } from './texts/resolve.ts';
import { BUSY } from './texts.ts';
import { userHere } from './user-here.ts';

/** `optbridge resolve ADDRESS out|leave`: settles one difference. */
export async function runResolve(terminal: Terminal): Promise<number> {
  const line = optionsOf('resolve', terminal, LOOK);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(RESOLVE_HELP));
    return EXIT_CODES.done;
  }
  const [address, how] = line.positionals;
  const { person, config } = together({
    line: () => line.check(2),
    person: () => {
      if (!address?.includes('@') || (how !== 'out' && how !== 'leave')) throw new UsageError(WHICH_WAY);
      return address.trim().toLowerCase();
    },
    config: () => (how === 'out' ? configOf : offlineConfig)('resolve', options.config, terminal),
  });
  if (!existsSync(config.store)) throw new UsageError(NO_STORE(config.store));
  const settle = async (): Promise<Resolved> =>
    how === 'leave'
      ? acceptDifference(config.store, person, Date.now(), userHere())
      : resolveOut({ config, ...connect(config, impatient), watch: () => undefined }, person, userHere());
  try {
    const resolved = await readingServices(settle);
    terminal.out(options.json ? `${JSON.stringify(resolved)}\n` : resolvedText(resolved));
    return EXIT_CODES[resolved.outcome];
  } catch (error) {
    if (error instanceof NotInDifferences) throw new UsageError(NOT_THERE(person));
    if (error instanceof BusyError) return giveUp(terminal, 'busy', BUSY(config.store));
    if (error instanceof Refused) return giveUp(terminal, 'refused', error.message);
    if (error instanceof Unreadable) return giveUp(terminal, 'failed', error.message);
    throw error;
  }
}
