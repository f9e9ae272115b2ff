import { lockedRow, SalesforceError } from './errors.ts';
import type { Row } from './table.ts';

export interface ValidationRule {
  /** True for a record that must not be saved; `before` is undefined for a new one. */
  readonly when: (after: Readonly<Row>, before: Readonly<Row> | undefined) => boolean;
  /** The admin's words. */
  readonly message: string;
  readonly field?: string;
}

/** What an admin set up on top of the data model, and who holds a row at the moment. */
export class Rules {
  readonly #validation = new Map<string, ValidationRule[]>();
  readonly #locks = new Map<string, number>();
  readonly #tracked = new Set<string>();

  /** Adds a validation rule and returns the way to take it back. */
  add(type: string, rule: ValidationRule): () => void {
    this.#validation.set(type, [...(this.#validation.get(type) ?? []), rule]);
    return () =>
      this.#validation.set(
        type,
        (this.#validation.get(type) ?? []).filter((r) => r !== rule),
      );
  }

  /** Throws with the admin's message when a rule refuses the row. */
  validate(type: string, after: Readonly<Row>, before: Readonly<Row> | undefined): void {
    for (const rule of this.#validation.get(type) ?? []) {
      if (!rule.when(after, before)) continue;
      const fields = rule.field === undefined ? [] : [rule.field];
      throw new SalesforceError(400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, fields);
    }
  }

  lock(id: string, times: number): void {
    this.#locks.set(id, times);
  }

  unlock(id: string): void {
    this.#locks.delete(id);
  }

  /** Throws when somebody else holds the row; counts the try. */
  claim(id: string): void {
    const left = this.#locks.get(id);
    if (left === undefined) return;
    if (left <= 1) this.#locks.delete(id);
    else this.#locks.set(id, left - 1);
    throw lockedRow(id);
  }

  track(type: string, field: string): void {
    this.#tracked.add(`${type}.${field}`);
  }

  isTracked(type: string, field: string): boolean {
    return this.#tracked.has(`${type}.${field}`);
  }
}
