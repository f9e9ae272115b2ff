import { isObject } from '../service/http.ts';
import type { Connection } from './connection.ts';
import { textOf } from './wire.ts';

/**
 * The name of a campaign, an automation or a form; null where it has none. Forms and campaigns are documented to answer
 * by id; that automations do is taken from the links of a membership, so that a refusal has to be reckoned with.
 */
export async function nameIn(
  connection: Connection,
  kind: 'campaign' | 'automation' | 'form',
  id: string,
): Promise<string | null> {
  const found = await connection.ask({ path: `/${kind}s/${id}` }, ({ [kind]: item }) =>
    isObject(item) ? item : undefined,
  );
  return textOf(found.name).trim() || null;
}
