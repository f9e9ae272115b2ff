import type { Finding } from '../../companion/doctor/finding.ts';
import { BAD } from '../texts/init.ts';

/** An answer did not stand the test; the message says why, and what to do. */
export class Failed extends Error {}

/** Asks and tests until the test is passed; says why when it is not. */
export async function untilGood<T>(out: (text: string) => void, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      out(BAD(error.message));
    }
  }
}

/** What can be told without asking a service: an Error fails the test in its own words. */
export function orFailed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Failed(error instanceof Error ? error.message : String(error));
  }
}

/** Fails with what the doctor finds in the way of a run. */
export function passed(findings: readonly Finding[]): void {
  const bad = findings.filter(({ status }) => status === 'problem' || status === 'unreachable');
  if (bad.length === 0) return;
  throw new Failed(bad.map(({ check, words, remedy }) => `${check}: ${words} ${remedy ?? ''}`.trim()).join('\n'));
}
