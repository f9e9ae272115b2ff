import { originOf } from '../service/origin.ts';

/**
 * The origin of an ActiveCampaign account's address as its Settings > Developer page shows it, with or without
 * `/api/3`. Throws an Error that names the remedy for anything that is not https, but for loopback.
 */
export function accountOrigin(url: string): string {
  return originOf(url, 'activecampaign.url', '/api/3');
}
