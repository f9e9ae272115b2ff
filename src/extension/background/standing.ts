import { isDone } from './act.ts';
import type { Drain } from './drain.ts';
import { sameWish } from './meeting.ts';
import type { OpenRecord, Statuses } from './statuses.ts';
import type { Wish } from './wish.ts';

/** Whether the outbox holds this wish about the record's person, not done yet: saying it once more adds nothing. */
export async function stands(
  { statuses, outbox }: { readonly statuses: Pick<Statuses, 'address'>; readonly outbox: Pick<Drain, 'acts'> },
  record: OpenRecord,
  wish: Wish,
): Promise<boolean> {
  const acts = await outbox.acts({ ...record, address: await statuses.address(record) });
  return acts.some((act) => !isDone(act) && sameWish(act.wish, wish));
}
