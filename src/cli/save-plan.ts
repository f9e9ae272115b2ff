import { closeSync, fchmodSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { planText, type SavedPlan } from '../companion/saved-plan.ts';
import { wordFor } from './print/installation.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { CANNOT_SAVE, SAVED } from './texts/apply.ts';

/**
 * Keeps a dry run's plan in a file that only its owner may read, because it holds addresses.
 * @param sameConfig what a proposed command needs to find the same configuration
 * @param terminal whose shell that command is for
 * @returns the hook for the run, and what to say once a plan was saved; null when none was
 */
export function saveTo(
  file: string | undefined,
  sameConfig: string,
  terminal: Pick<Terminal, 'windows'>,
): {
  readonly hook: { readonly save?: (plan: SavedPlan) => void };
  readonly saved: () => string | null;
} {
  let words: string | null = null;
  if (file === undefined) return { hook: {}, saved: () => words };
  const save = (plan: SavedPlan) => {
    try {
      writePrivate(file, planText(plan));
    } catch (error) {
      throw new UsageError(
        CANNOT_SAVE(file, error instanceof Error && 'code' in error ? String(error.code) : 'unknown'),
      );
    }
    words = SAVED(file, plan, `${wordFor(terminal, file)}${sameConfig}`);
  };
  return { hook: { save }, saved: () => words };
}

/** A file that was there keeps the rights that it has, which may be for everybody: they are taken away before anything is written. */
function writePrivate(file: string, text: string): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600);
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}
