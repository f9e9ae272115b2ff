import { expect } from 'vitest';
import { PATIENCE } from './patience.ts';

/** Expects of something that comes about by itself, however busy the machine is. */
export function soon<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: PATIENCE, interval: 20 });
}
