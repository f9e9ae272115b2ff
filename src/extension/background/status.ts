import type { ListLine, OverlayState, Problem, Status } from '../messages.ts';
import { type Act, SERVICES } from './act.ts';
import type { Reading } from './reading.ts';

/** What is known of a record: the last good reading, and what went wrong since. */
export interface Known {
  readonly reading: Reading | null;
  readonly problem: Problem | null;
  /** Something was written since the reading: it is no answer any more, though its names may still be shown. */
  readonly outdated: boolean;
}

export const NOTHING_KNOWN: Known = { reading: null, problem: null, outdated: false };

/**
 * One person's answer, from the last reading, what went wrong since, and the click on its way. A click shows at once,
 * whatever else is known. After a failed reading the earlier one is shown as the past, never as the answer.
 */
export function statusOf(record: string, { reading, problem, outdated }: Known, act: Act | undefined): Status {
  return {
    record,
    state: act ? 'pending' : problem ? stateOf(problem) : outdated || !reading ? 'loading' : reading.state,
    name: reading?.name ?? null,
    address: reading?.address ?? act?.address ?? null,
    optedOut: act?.wish.kind === 'opt-out' || (reading?.optedOut ?? false),
    ...rowsOf(reading, act),
    unseen: reading?.unseen,
    twins: reading?.twins,
    activeCampaignUrl: reading?.activeCampaignUrl ?? null,
    readAt: reading?.readAt ?? null,
    pending: act ? pendingOf(act) : null,
    problem,
  };
}

/** Rows as they were read, and as the click on its way has read them back since. */
function rowsOf(reading: Reading | null, act: Act | undefined): Pick<Status, 'lists' | 'records'> {
  const { lists = [], records = [] } = reading ?? {};
  const since = new Map(
    SERVICES.flatMap((service) => {
      const { step, verifiedAt, before, left = [] } = act?.halves[service] ?? {};
      if (step !== 'verified' || (verifiedAt ?? 0) < Date.parse(reading?.readAt ?? '')) return [];
      return left.map(({ id, value }) => [
        service === 'salesforce' ? id : before?.find((row) => row.id === id)?.of,
        value,
      ]);
    }),
  );
  const left = (line: ListLine): ListLine =>
    line.status === 'active' && since.get(line.list) === 2
      ? { ...line, status: 'unsubscribed', since: null, via: null }
      : line;
  return {
    lists: lists.map(left),
    records: records.map((line) => ({ ...line, optedOut: !!(since.get(line.id) ?? line.optedOut) })),
  };
}

function stateOf(problem: Problem): OverlayState {
  return problem.service === 'salesforce' && problem.kind === 'unauthorised' ? 'signed-out' : 'unavailable';
}

/** A click on its way: what is done and what is not. */
export function pendingOf(act: Act): NonNullable<Status['pending']> {
  const halves = SERVICES.map((service) => act.halves[service]);
  const problems = halves.flatMap(({ step, problem }) => (step === 'verified' || !problem ? [] : [problem]));
  const tries = problems.flatMap(({ retryAt }) => (retryAt === null ? [] : [retryAt])).sort();
  const done = (step: string) => (step === 'verified' ? 'done' : 'waiting');
  return {
    wish: act.wish.kind,
    since: new Date(act.wantedAt).toISOString(),
    attempt: 1 + Math.max(...halves.map(({ step, attempt }) => (step === 'verified' ? 0 : attempt))),
    retryAt: tries[0] ?? null,
    salesforce: done(act.halves.salesforce.step),
    activecampaign: done(act.halves.activecampaign.step),
    problem: problems[0] ?? null,
  };
}
