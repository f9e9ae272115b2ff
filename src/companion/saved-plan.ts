import { createHash } from 'node:crypto';
import type { ReasonCode } from '../consent/rules.ts';
import { ConfigError } from './config-reader.ts';
import type { Identity } from './identity.ts';
import type { Change } from './store.ts';

/** What one person's part of a plan is. */
export interface PlannedPerson {
  /** The email address in lower case. */
  readonly person: string;
  readonly reason: ReasonCode | null;
  readonly direction: 'out' | 'in';
  readonly changes: readonly Change[];
  /** A hash of everything that the decision was made from: as long as it is the same, the person has not moved. */
  readonly basis: string;
}

/** A dry run's plan as it is kept in a file, for somebody to look at and to approve. */
export interface SavedPlan {
  readonly optbridgePlan: 1;
  readonly run: string;
  readonly madeAt: string;
  /** The org, account, users, field and lists that it is about. */
  readonly identity: Identity;
  /** Id of the store; null when there was none yet. */
  readonly store: string | null;
  /** It was made with --accept-change. */
  readonly acceptChange: boolean;
  readonly optOuts: number;
  readonly optIns: number;
  readonly people: readonly PlannedPerson[];
  /** Of all of the above. It tells an edited file, not a forged one. */
  readonly hash: string;
}

/** A SHA-256 of plain data, in hexadecimal. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Puts the hash to a plan. */
export function sealed(plan: Omit<SavedPlan, 'hash'>): SavedPlan {
  return { ...plan, hash: hashOf(plan) };
}

/** A plan as the text of a file: one person a line, so that it can be read and compared. */
export function planText({ people, hash, ...head }: SavedPlan): string {
  const lines = people.map((person) => `    ${JSON.stringify(person)}`).join(',\n');
  const top = JSON.stringify(head, null, 2).slice(0, -2);
  return `${top},\n  "people": [${lines === '' ? '' : `\n${lines}\n  `}],\n  "hash": "${hash}"\n}\n`;
}

/**
 * Reads a plan that `sync --dry-run --save` wrote.
 * @param name how a complaint names the file
 * @throws ConfigError when it is none, or was changed since
 */
export function planOf(text: string, name: string): SavedPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(`${name}: is not JSON. ${REMEDY}`);
  }
  if (typeof value !== 'object' || value === null || !('optbridgePlan' in value))
    throw new ConfigError(`${name}: is no plan of OptBridge. ${REMEDY}`);
  if (value.optbridgePlan !== 1) throw new ConfigError(`${name}: is a plan of another version of OptBridge. ${REMEDY}`);
  const { hash, people, ...head } = value as SavedPlan;
  if (!Array.isArray(people) || hash !== hashOf({ ...head, people }))
    throw new ConfigError(`${name}: was changed since it was made, or is not whole. ${REMEDY}`);
  return value as SavedPlan;
}

const REMEDY = 'Make one with optbridge sync --dry-run --save FILE.';
