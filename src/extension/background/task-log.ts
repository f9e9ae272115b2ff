import type { Salesforce } from '../../salesforce/salesforce.ts';
import { soqlString } from '../../salesforce/salesforce.ts';
import { createTask, hasTask } from '../../salesforce/task.ts';
import type { Act, SERVICES } from './act.ts';
import { sameRow } from './row.ts';
import type { Services } from './sides.ts';

/**
 * Logs an act on the record that was clicked on as a finished Salesforce task: who, what, why, and the act's id, by which it is
 * looked up first, so that a lost answer makes no second one. Rejects with a failure, and the act stays as it is.
 */
export async function logAct(services: Services, act: Act, say: Say): Promise<void> {
  const { reach, client, user } = await services.salesforce(act.host, act.org);
  const mark = `OptBridge act ${act.id}`;
  if (await hasTask(client, act.record, mark)) return;
  const [who, lists] = await Promise.all([nameOf(client, user), listNames(services, act)]);
  const { wish } = act;
  const reason = wish.kind === 'opt-in' ? say(`overlay_reason_${wish.reason}`) : '';
  const lines = [
    who && say('task_by', who),
    act.address,
    say('task_records', `${changed(act, 'salesforce').length}`),
    lists.length > 0 && say('task_lists', lists.join(', ')),
    wish.kind === 'opt-in' && say('task_reason', [reason, wish.words].filter(Boolean).join(': ')),
    mark,
  ];
  await createTask(reach, client, {
    record: act.record,
    subject: say(SUBJECTS[wish.kind]),
    description: lines.filter(Boolean).join('\n'),
    day: dayOf(new Date(act.wantedAt)),
  });
}

/** A text of `_locales`. */
type Say = (key: string, ...values: string[]) => string;

const SUBJECTS = {
  'opt-out': 'task_opt_out',
  unsubscribe: 'task_unsubscribe',
  undo: 'task_undo',
  'opt-in': 'task_opt_in',
} as const;

/** The rows that an act changed on one side. */
function changed({ halves }: Act, service: (typeof SERVICES)[number]) {
  const { before, left = [] } = halves[service];
  return before.filter((was) => left.some((row) => sameRow(row, was) && row.value !== was.value));
}

/** The changed lists by name; by id where ActiveCampaign does not answer. */
async function listNames(services: Services, act: Act): Promise<readonly string[]> {
  const ids = changed(act, 'activecampaign').map(({ of }) => of);
  if (ids.length === 0) return [];
  const shown = await services.activecampaign().then(
    ({ shown }) => shown,
    () => [],
  );
  return ids.map((id) => shown.find((list) => list.id === id)?.name ?? id);
}

/** What the signed-in user is called, where that may be read; the task is theirs in any case. */
async function nameOf(client: Pick<Salesforce, 'query'>, user: string | undefined): Promise<string> {
  if (!user) return '';
  try {
    for await (const [row] of client.query(`SELECT Name FROM User WHERE Id = ${soqlString(user)}`))
      return `${row?.Name ?? ''}`;
  } catch {
    // Who it was is also said by the task's owner.
  }
  return '';
}

/** The reader's own day: a click in the evening is not tomorrow's. */
function dayOf(at: Date): string {
  const two = (n: number) => `${n}`.padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
