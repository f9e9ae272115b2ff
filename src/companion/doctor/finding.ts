import type { FailureKind } from '../../service/failure.ts';
import { ServiceFailure } from '../../service/failure.ts';
import { UNPAID } from '../remedies.ts';

/**
 * How it stands with one prerequisite. `warning`: a run goes on, yet somebody should know. `unknown`: it cannot be found
 * out, and a run does not need to know. `problem`: a run would refuse or fail. `unreachable`: a service did not answer.
 */
export type Status = 'ok' | 'warning' | 'unknown' | 'problem' | 'unreachable';

export type Group = 'salesforce' | 'activecampaign' | 'clock' | 'schedule' | 'store';

/** What was found about one prerequisite. */
export interface Finding {
  readonly group: Group;
  /** What was looked at, the same in every report, such as `sign-in`. */
  readonly check: string;
  readonly status: Status;
  readonly words: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
}

/** Makes findings of one group. */
export const findingIn =
  (group: Group) =>
  (check: string, status: Status, words: string, remedy: string | null = null): Finding => ({
    group,
    check,
    status,
    words,
    remedy,
  });

/** Why a question got no answer. */
export interface Trouble {
  readonly kind: FailureKind;
  /** The service's own words. */
  readonly words: string;
  /** The service's error code, where it gave one. */
  readonly code: string | null;
  /** There was no answer of any kind: no connection, or none in time. */
  readonly silent: boolean;
  /** ActiveCampaign's account is suspended or unpaid. */
  readonly unpaid: boolean;
}

/** What came of asking: an answer, trouble, or nothing because something that it needs failed before. */
export type Answer<T> = { readonly value: T } | { readonly trouble: Trouble } | { readonly skipped: string };

/** Asks; never rejects, so that one failing question stops no other. */
export async function asked<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof ServiceFailure)) {
      const words = error instanceof Error ? error.message : String(error);
      return { trouble: { kind: 'malformed', words, code: null, silent: false, unpaid: false } };
    }
    const { kind, status, code = null } = error.detail;
    const silent = kind === 'unreachable' && status === undefined;
    return { trouble: { kind, words: error.message, code, silent, unpaid: error.unpaid } };
  }
}

/** The answer's value, undefined without one. */
export function answered<T>(answer: Answer<T>): T | undefined {
  return 'value' in answer ? answer.value : undefined;
}

/** Says whether this is Salesforce's refusal of every further call today. */
export function isSpent(trouble: Trouble): boolean {
  return trouble.code === 'REQUEST_LIMIT_EXCEEDED';
}

/** One prerequisite, to make findings about. */
export interface Subject {
  readonly group: Group;
  readonly check: string;
  /** A run cannot do without the answer. */
  readonly needed: boolean;
  /** What to do when the service refuses to answer. */
  readonly remedy: string;
}

const WAIT = 'Look whether the service is up and the address in the configuration is right, then try again.';

/** The findings of a question: `read` makes them of its answer; here they are made of there being none. */
export function found<T>(subject: Subject, answer: Answer<T>, read: (value: T) => readonly Finding[]): Finding[] {
  if ('value' in answer) return [...read(answer.value)];
  const { group, check, needed } = subject;
  if ('skipped' in answer)
    return [{ group, check, status: 'unknown', words: `Not looked at, since ${answer.skipped}.`, remedy: null }];
  const { trouble } = answer;
  // Said once, where the calls left are looked at.
  if (isSpent(trouble))
    return [{ group, check, status: 'unknown', words: 'Not looked at: no API call is left.', remedy: null }];
  const passing = ['unreachable', 'malformed', 'rate-limited'].includes(trouble.kind);
  const status = needed ? (passing ? 'unreachable' : 'problem') : 'unknown';
  const remedy = trouble.unpaid ? UNPAID : passing ? WAIT : subject.remedy;
  return [{ group, check, status, words: `${trouble.words}.`, remedy: needed ? remedy : null }];
}

/** How an examination ends: as the command's exit codes name it. A problem weighs more than a service that is away. */
export function outcomeOf(findings: readonly Finding[]): 'done' | 'refused' | 'failed' {
  const has = (status: Status) => findings.some((finding) => finding.status === status);
  return has('problem') ? 'refused' : has('unreachable') ? 'failed' : 'done';
}

/** A number as people read it: `12,345`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
