import { hash } from 'node:crypto';
import type { Config } from './config.ts';
import type { Identity } from './identity.ts';
import type { Store } from './store.ts';

/**
 * An ActiveCampaign key belongs to one user for good (facts/activecampaign.md section 1), so that a night that comes with
 * the key of the night before need not ask whose it is. Whether the key is still good, and what its user sees, is asked.
 */

const KEY = 'activecampaign-key';

/** What stands for a key in this store: nobody can tell the key by it, since it is made with the store's own. */
export function keyMark(store: Store, { url, key }: Pick<Config['activecampaign'], 'url' | 'key'>): string {
  return hash('sha256', `${store.meta<string>('erasure-key')} ${url} ${key.trim()}`);
}

/** The user whose key it is, where the last run that was let in knew; to be kept in the transaction that keeps the identity. */
export function ownerOf(store: Store, mark: string): string | undefined {
  return store.meta<string>(KEY) === mark ? store.meta<Identity>('identity')?.activecampaignUser : undefined;
}

export function keepKey(store: Store, mark: string): void {
  store.setMeta(KEY, mark);
}
