import { type Connection, type ConnectionOptions, createConnection } from './connection.ts';
import { refusalOf } from './refusal.ts';

/** A connection with what an admin gave. Throws an Error at once when the key or the pace cannot be right. */
export function checkedConnection(options: ConnectionOptions): Connection {
  if (!/^[\x21-\x7e]+$/.test(options.key.trim())) {
    throw new Error('activecampaign.key: this is not an API key. Copy it again from Settings > Developer.');
  }
  if (!((options.requestsPerSecond ?? 1) > 0))
    throw new Error('activecampaign.requestsPerSecond: must be greater than 0.');
  return createConnection(options, refusalOf);
}
