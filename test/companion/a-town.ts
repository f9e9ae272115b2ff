import { onTestFinished } from 'vitest';
import { Town } from './town.ts';

/** A town that goes with the test that makes it. */
export function aTown(...how: ConstructorParameters<typeof Town>): Town {
  const made = new Town(...how);
  onTestFinished(() => made.dispose());
  return made;
}
