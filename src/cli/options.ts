import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type Config, loadConfig } from '../companion/config.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { NO_CONFIG } from './texts.ts';

/**
 * The options of a command.
 * @throws UsageError for an option that the command does not know, or one without its value
 */
export function optionsOf<T extends ParseArgsOptionsConfig>(command: string, terminal: Terminal, options: T) {
  try {
    return parseArgs({ args: [...terminal.arguments], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`optbridge ${command}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The configuration named by `--config`. */
export function configOf(command: string, file: string | undefined, terminal: Terminal): Config {
  if (file === undefined) throw new UsageError(NO_CONFIG(command));
  return loadConfig(file, terminal.env);
}
