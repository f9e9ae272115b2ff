import { type Config, loadConfig } from '../companion/config.ts';
import { together } from '../companion/config-reader.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { Store } from '../companion/store.ts';
import { configFileOf, optionsOf } from './options.ts';
import type { Terminal } from './terminal.ts';
import { fitted } from './texts/fitted.ts';

/** The options of every command that only looks. */
export const LOOK = {
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Passes for any secret, also for one that has to be a web address. */
const NOT_NEEDED = 'https://not-needed.invalid/';

/**
 * A configuration for a command that asks no service: a secret that is not set does no harm.
 * @throws ConfigError, UsageError
 */
export function offlineConfig(command: string, file: string | undefined, terminal: Terminal): Config {
  const env = new Proxy(terminal.env, {
    get: (set, name) => (typeof name === 'string' ? set[name] || NOT_NEEDED : undefined),
  });
  return loadConfig(configFileOf(command, file), env);
}

/** Looks into the store without changing it, also while a run goes on. A store that is not there is not made. */
export function lookInto<T>(config: Config, look: (store: Store) => T): T {
  const store = new Store(config.store, { look: true });
  try {
    return look(store);
  } finally {
    store.close();
  }
}

/** A command that looks into the store and prints what it finds, in words or as one JSON object. */
export async function runLook<T>(
  terminal: Terminal,
  command: {
    readonly name: string;
    readonly help: string;
    readonly find: (store: Store, config: Config) => T;
    readonly inWords: (found: T, config: Config) => string;
  },
): Promise<number> {
  const line = optionsOf(command.name, terminal, LOOK);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(command.help));
    return EXIT_CODES.done;
  }
  const { config } = together({
    line: () => line.check(0),
    config: () => offlineConfig(command.name, options.config, terminal),
  });
  const found = lookInto(config, (store) => command.find(store, config));
  terminal.out(options.json ? `${JSON.stringify(found)}\n` : command.inWords(found, config));
  return EXIT_CODES.done;
}
