import { apiHostOf as apiHostOfLightning } from '../../salesforce/host.ts';

/**
 * The org's API host for a page of its Lightning site, `https://acme--uat.sandbox.lightning.force.com` ->
 * `acme--uat.sandbox.my.salesforce.com`; undefined for any other origin.
 */
export function apiHostOf(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.protocol !== 'https:' || url.port !== '' || !url.hostname.endsWith('.lightning.force.com')) return undefined;
  const host = apiHostOfLightning(url.hostname);
  return isApiHost(host) ? host : undefined;
}

/** Whether this is a My Domain host, spelt as a bare host name: tokens go nowhere else. */
export function isApiHost(host: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.my\.salesforce\.com$/.test(host);
}
