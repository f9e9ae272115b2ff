import { nearest } from './nearest.ts';

/** Values that cannot be used: of each which one it is, what is wrong with it, and what to do. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** What is read one by one, each on its own. */
export type Readings<T> = { readonly [K in keyof T]: () => T[K] };

/**
 * All of these values, or what is wrong with any of them: whoever corrects one hears of the others at once.
 * @throws ConfigError
 */
export function together<T extends object>(readings: Readings<T>): T {
  const problems: string[] = [];
  const read: Partial<T> = {};
  for (const key of Object.keys(readings) as (keyof T)[])
    try {
      read[key] = readings[key]();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  if (problems.length > 0) throw new ConfigError(...problems);
  return read as T;
}

/**
 * Reads one object of a configuration file. Every complaint names the path of the value, such as
 * `activecampaign.lists`, and the remedy; a key that nobody asked for is one more, with a suggestion.
 */
export class ConfigReader {
  readonly #path: string;
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #secretInFile: (path: string) => void;
  readonly #asked = new Set<string>();

  /** @param secretInFile told the path of every secret that stands here as a text, once it is read */
  constructor(
    value: unknown,
    path: string,
    env: Readonly<Record<string, string | undefined>>,
    secretInFile: (path: string) => void = () => undefined,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ConfigError(
        `${path || 'the configuration'}: an object is needed, like { … }; this is ${kindOf(value)}.`,
      );
    this.#path = path;
    this.#object = value as Readonly<Record<string, unknown>>;
    this.#env = env;
    this.#secretInFile = secretInFile;
  }

  /** The full path of a key. */
  at(key: string): string {
    return this.#path ? `${this.#path}.${key}` : key;
  }

  /** The value as it stands; undefined when it is absent. Whoever wrote null may have meant anything by it. */
  value(key: string): unknown {
    const value = this.peek(key);
    if (value === null) this.fail(key, 'null is no value. Give one, or take the line out.');
    return value;
  }

  /** The same, without a complaint. */
  peek(key: string): unknown {
    this.#asked.add(key);
    return this.#object[key];
  }

  fail(key: string, problem: string): never {
    throw new ConfigError(`${this.at(key)}: ${problem}`);
  }

  object(key: string): ConfigReader {
    const value = this.value(key);
    if (value === undefined) this.fail(key, 'is missing. Add it; the README shows a whole file.');
    return new ConfigReader(value, this.at(key), this.#env, this.#secretInFile);
  }

  optionalObject(key: string): ConfigReader {
    return new ConfigReader(this.value(key) ?? {}, this.at(key), this.#env, this.#secretInFile);
  }

  /** A text without the blanks around it. */
  text(key: string, fallback?: string): string {
    const value = this.value(key) ?? fallback;
    if (value === undefined) this.fail(key, 'is missing. Add it; the README shows a whole file.');
    if (typeof value !== 'string' || value.trim() === '') this.fail(key, `a text is needed; this is ${kindOf(value)}.`);
    return value.trim();
  }

  /**
   * Several texts, each once. Blanks around one are refused: nobody sees them, and nothing would be found by that name.
   * @param needed what is needed, with an example
   */
  texts(key: string, needed: string): readonly string[] {
    const value = this.value(key);
    if (!Array.isArray(value) || value.length === 0) this.fail(key, needed);
    for (const [index, text] of value.entries()) {
      if (typeof text !== 'string' || text.trim() === '')
        this.fail(`${key}[${index}]`, `a text is needed; this is ${kindOf(text)}.`);
      if (text.trim() !== text) this.fail(`${key}[${index}]`, `"${text}" has a blank before or after it. Take it out.`);
    }
    return [...new Set(value as string[])];
  }

  /**
   * Numbers by which a service names things, each once, given as texts or as numbers.
   * @param needed what is needed, with an example
   */
  ids(key: string, needed: string): readonly string[] {
    const value = this.value(key);
    if (!Array.isArray(value) || value.length === 0) this.fail(key, needed);
    const ids = value.map((id: unknown, index) => {
      const text = Number.isSafeInteger(id) ? String(id) : typeof id === 'string' ? id.trim() : '';
      if (!ID.test(text)) this.fail(`${key}[${index}]`, `${shown(id)} is no id. ${needed}`);
      return text;
    });
    return [...new Set(ids)];
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T {
    const value = this.value(key);
    if (value === undefined) this.text(key);
    const found = choices.find((choice) => choice === value);
    const given = typeof value === 'string' ? `"${value}"` : kindOf(value);
    if (found === undefined) this.fail(key, `${given} is not known. Use one of: ${choices.join(', ')}.`);
    return found;
  }

  positive(key: string, fallback: number): number {
    const value = this.value(key) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
      this.fail(key, `a number above 0 is needed; this is ${kindOf(value)}.`);
    return value;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.value(key) ?? fallback;
    if (typeof value !== 'boolean') this.fail(key, 'true or false is needed, without quotes.');
    return value;
  }

  /** A secret: a text, or `{ "env": NAME }` for the value of an environment variable. Never shown in a message. */
  secret(key: string): string {
    const value = this.value(key);
    if (value === undefined) this.fail(key, 'is missing. Give it as { "env": "NAME_OF_A_VARIABLE" }.');
    if (typeof value === 'string' && value.trim() !== '') {
      this.#secretInFile(this.at(key));
      return value.trim();
    }
    if (typeof value === 'object' && value !== null) {
      const reader = new ConfigReader(value, this.at(key), this.#env);
      const { name } = reader.all({ name: () => reader.text('env') });
      // It may be the secret itself, which nobody is to read here.
      if (!VARIABLE.test(name))
        reader.fail(
          'env',
          'this is no name of a variable. Give the name of the one that holds the secret, such as AC_KEY.',
        );
      const secret = this.#env[name]?.trim();
      if (!secret) this.fail(key, `the environment variable ${name} is not set, or empty. Set it before the run.`);
      return secret;
    }
    this.fail(key, 'a text or { "env": "NAME_OF_A_VARIABLE" } is needed.');
  }

  /** All that is read of this object, `together` with the keys that are no settings. */
  all<T extends object>(readings: Readings<T>): T {
    const { read } = together({ read: () => together(readings), unknown: () => this.#unknown() });
    return read;
  }

  #unknown(): void {
    const problems = Object.keys(this.#object).flatMap((key) => {
      if (this.#asked.has(key)) return [];
      const near = nearest(key, this.#asked);
      const remedy = near ? `Did you mean "${near}"?` : `Known here: ${[...this.#asked].join(', ')}.`;
      return [`${this.at(key)}: is not a setting. ${remedy}`];
    });
    if (problems.length > 0) throw new ConfigError(...problems);
  }
}

/** As the services write them: a zero in front would make it another one. */
const ID = /^(?:0|[1-9]\d{0,15})$/;

/** A name of that length is none; a key is. */
const VARIABLE = /^[A-Za-z_]\w{0,39}$/;

/** A value of which a complaint may quote no more than a glance. */
function shown(value: unknown): string {
  return typeof value === 'string' && value.length <= 30 ? `"${value}"` : kindOf(value);
}

/** What a value is, without showing a text: it may be a secret. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : 'a text';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value)}`;
}
