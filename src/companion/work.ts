import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Agreement, ServiceTimes } from '../consent/agreement.ts';
import type { Decision } from '../consent/decide.ts';
import type { PersonFacts, Policy } from '../consent/facts.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import type { ServiceFailure } from '../service/failure.ts';
import type { Reading } from './reading.ts';
import type { Change, Store } from './store.ts';
import type { Limits } from './volume.ts';
import type { Written } from './written.ts';

/** What the phases after the plan share. */
export interface Work {
  readonly run: string;
  readonly field: string;
  readonly policy: Policy;
  readonly salesforce: Salesforce;
  readonly ac: ActiveCampaign;
  readonly store: Store;
  readonly reading: Reading;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly progress: (done: number, of: number) => void;
  /** Told how much of a large part was handed to a service that works it off by itself. */
  readonly handing: (side: 'activecampaign' | 'salesforce', done: number, of: number) => void;
  /** Something to know, for the report. */
  readonly warn: (words: string) => void;
  readonly limits: Limits;
  /** Counts what was written, and how. */
  readonly written: Written;
  /** The settings for many people at once in ActiveCampaign. */
  readonly imports: { readonly use: 'auto' | 'never'; readonly excludeAutomations: boolean };
  /** Whether somebody asked the run to stop; looked at between two batches. */
  readonly stopping: () => boolean;
  /** A plan that was approved is carried out as it is: nobody is decided about anew. */
  readonly exactly?: boolean;
  /** Somebody asked for it: no rule is named as the reason in the audit. */
  readonly asked?: 'resolved';
  /** The user of this machine who asked for it. */
  readonly by?: string;
}

/** One person in the middle of being settled. */
export interface Case {
  readonly decision: Decision;
  /** As read before the writes. */
  readonly facts: PersonFacts;
  /** When, by each service's own clock; absent: when the run read everybody. */
  readonly times?: ServiceTimes;
  readonly before: Agreement | null;
}

/** Adds what failed beside: of somebody who failed on both sides the earlier failure stays. */
export function addFailures(failures: Map<string, ServiceFailure>, beside: ReadonlyMap<string, ServiceFailure>): void {
  for (const [address, failure] of beside) if (!failures.has(address)) failures.set(address, failure);
}

/** What was read of the person of a decision. Looked up when it is asked for: a large part holds thousands of people. */
export function caseOf({ reading, store }: Work, decision: Decision): Case {
  return {
    decision,
    get facts() {
      return reading.facts(decision.address);
    },
    get before() {
      return store.agreement(decision.address);
    },
  };
}

/** The writes of a decision, one by one. */
export function changesOf(decision: Decision, field: string): Change[] {
  const box = (now: boolean) => (target: string) =>
    ({ side: 'salesforce', target, field, was: String(!now), now: String(now) }) as const;
  return [
    ...decision.set.map(box(true)),
    ...decision.clear.map(box(false)),
    ...decision.unsubscribe.map(
      (row) =>
        ({
          side: 'activecampaign',
          target: row.id,
          field: `list:${row.list}`,
          was: String(row.status),
          now: '2',
        }) as const,
    ),
  ];
}

/** Whether two decisions about a person write the same. */
export function sameWrites(a: Decision, b: Decision | undefined, field: string): boolean {
  return b !== undefined && JSON.stringify(changesOf(a, field)) === JSON.stringify(changesOf(b, field));
}
