/**
 * The long versions of tests. `npm run test:long` runs every test file that imports this one, with `LONG` true; in
 * `npm test` it is false. Rounds differ in a seed, which is printed: `OPTBRIDGE_SEED` begins with that one again, and
 * `OPTBRIDGE_ROUNDS` asks for more or fewer rounds than the usual ten.
 */
export const LONG = import.meta.env.MODE === 'long';

/** How often, how deep or how much: as usual, or in the long version. */
export function often(usual: number, long: number): number {
  return LONG ? long : usual;
}

/** The seed of the first round: another one each time, unless one is asked for. */
const FIRST = Number(process.env.OPTBRIDGE_SEED ?? Date.now() % 1_000_000_000);

/** The seeds of a test in rounds; one that is always the same in the usual version. */
export function seeds(): readonly number[] {
  const rounds = Number(process.env.OPTBRIDGE_ROUNDS ?? 10);
  return LONG ? Array.from({ length: rounds }, (_, round) => FIRST + round) : [1];
}

/** For fast-check: so many runs, in the long version from the seed that is printed. */
export function random(usual: number, long: number): { readonly numRuns: number; readonly seed?: number } {
  return LONG ? { numRuns: long, seed: FIRST } : { numRuns: usual };
}

/** How far a long test has come. */
export function progress(line: string): void {
  if (LONG) process.stdout.write(`  ${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

progress(`OPTBRIDGE_SEED=${FIRST}`);
