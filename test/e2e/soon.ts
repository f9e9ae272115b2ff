import { expect } from 'vitest';

/** Expects of something that comes about by itself, however busy the machine is. */
export function soon<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: 15_000, interval: 20 });
}
