import { existsSync } from 'node:fs';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type Config, loadConfig } from '../companion/config.ts';
import { nearest } from '../companion/nearest.ts';
import { tooFast } from '../companion/pace-of-config.ts';
import { wordFor } from './print/installation.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { NO_CONFIG, NO_OPTION, NO_VALUE, TOO_MANY, VALUE_TOO_MANY } from './texts.ts';

type Strict<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; strict: true; allowPositionals: true }>
>;

/** A command line that is read, and not complained about yet. */
export interface CommandLine<T extends ParseArgsOptionsConfig> {
  readonly values: Strict<T>['values'];
  readonly positionals: readonly string[];
  /**
   * Complains of every option that the command does not know, each without its value, and of each word above so many.
   * @param name how the complaint names the command
   * @throws UsageError
   */
  check(words: number, name?: string): void;
}

/** The options of a command. What is wrong with them `check` says, so that it is told together with what else is. */
export function optionsOf<T extends ParseArgsOptionsConfig>(
  command: string,
  terminal: Terminal,
  options: T,
): CommandLine<T> {
  const args = terminal.arguments.map((word) => (word === '-h' ? '--help' : word));
  const { tokens, positionals } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const defaults = Object.entries(options).filter(([, { default: value }]) => value !== undefined);
  const values: Record<string, unknown> = Object.fromEntries(
    defaults.map(([name, { default: value }]) => [name, value]),
  );
  const wrong: ((name: string) => string)[] = [];
  const taken = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) {
      wrong.push((of) => NO_OPTION(of, rawName, nearest(name, Object.keys(options))));
      // A word after it was most likely meant as its value.
      if (value === undefined) taken.add(token.index + 1);
    } else if (option.type === 'boolean') {
      if (value === undefined) values[name] = true;
      else wrong.push((of) => VALUE_TOO_MANY(of, rawName));
    } else if (value !== undefined && (token.inlineValue || !/^-./.test(value))) values[name] = value;
    else wrong.push((of) => NO_VALUE(of, rawName));
  }
  return {
    values: values as Strict<T>['values'],
    positionals,
    check(words, name = command) {
      const given = tokens.filter((token) => token.kind === 'positional');
      const more = given
        .slice(words)
        .filter(({ index }) => !taken.has(index))
        .map(({ value }) => TOO_MANY(name, value));
      const problems = [...wrong.map((said) => said(name)), ...more];
      if (problems.length > 0) throw new UsageError(...problems);
    },
  };
}

/** Where `optbridge init` writes unless it is told otherwise. */
export const USUAL_CONFIG = 'optbridge.json';

/** The configuration file: the one named by `--config`, or the usual one where it lies in this folder. */
export function configFileIfAny(named: string | undefined): string | undefined {
  return named ?? (existsSync(USUAL_CONFIG) ? USUAL_CONFIG : undefined);
}

/** @throws UsageError when there is none */
export function configFileOf(command: string, named: string | undefined): string {
  const file = configFileIfAny(named);
  if (file === undefined) throw new UsageError(NO_CONFIG(command, USUAL_CONFIG));
  return file;
}

/** What a command that is proposed needs, to find the same configuration: to be copied into a shell. */
export function sameConfig(named: string | undefined, terminal: Pick<Terminal, 'windows'>): string {
  return named === undefined ? '' : ` --config ${wordFor(terminal, named)}`;
}

/** The configuration named by `--config`, or the usual one. Says what is odd about it, though it can be used. */
export function configOf(command: string, named: string | undefined, terminal: Terminal): Config {
  const config = loadConfig(configFileOf(command, named), terminal.env);
  const fast = tooFast(config.activecampaign);
  if (fast) terminal.err(`! ${fast.words} ${fast.remedy}\n`);
  return config;
}
