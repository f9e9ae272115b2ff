import { FOR_THE_TEST, NO_VARIABLE, NOT_SHOWN, VARIABLE, VARIABLE_SET } from '../texts/init.ts';
import type { Asking } from './asking.ts';
import { Failed, untilGood } from './trial.ts';

/** A secret as it is used for the tests, and as it stands in the file. */
export interface Secret {
  readonly value: string;
  readonly stored: string | { readonly env: string };
}

/** A variable that the file names. */
export interface Variable {
  readonly name: string;
  /** What it shall hold, in words. */
  readonly what: string;
  /** It is set where init runs. */
  readonly set: boolean;
}

/**
 * Asks for a secret: by the name of a variable, and typed only where that is not set.
 *
 * @param usual the name that an empty answer stands for
 */
export async function askSecret(asking: Asking, what: string, usual: string): Promise<Secret> {
  const { questions, env, out } = asking;
  if (asking.secretsInFile) {
    const value = await questions.ask(NOT_SHOWN(what), { secret: true });
    return { value, stored: value };
  }
  const name = await untilGood(out, async () => {
    const answer = await questions.ask(VARIABLE(what), { fallback: usual });
    if (!/^[A-Za-z_]\w*$/.test(answer)) throw new Failed(NO_VARIABLE);
    return answer;
  });
  const given = env[name]?.trim();
  if (given) out(VARIABLE_SET(name));
  const value = given || (await questions.ask(FOR_THE_TEST(what), { secret: true }));
  return { value, stored: { env: name } };
}

/** The variable that a secret is kept in, none when it stands in the file. */
export function variablesOf(asking: Asking, what: string, { stored }: Secret): Variable[] {
  if (typeof stored === 'string') return [];
  return [{ name: stored.env, what, set: Boolean(asking.env[stored.env]?.trim()) }];
}
