import type { Connection } from './connection.ts';
import { instantOf, itemsOf, textOf } from './wire.ts';

/** What the latest bounce of a contact said, null where the log has no words (facts/activecampaign.md section 6). */
export async function bounceWords(connection: Connection, contact: string): Promise<string | null> {
  const path = `/contacts/${contact}/bounceLogs`;
  const logs = await connection.ask({ path, query: { limit: '100' } }, (body) => itemsOf(body, 'bounceLogs'));
  const latest = logs.toSorted((a, b) => (instantOf(a.tstamp) ?? 0) - (instantOf(b.tstamp) ?? 0)).at(-1);
  return textOf(latest?.error).trim() || null;
}
