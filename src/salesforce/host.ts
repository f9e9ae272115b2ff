import { originOf } from '../service/origin.ts';

/**
 * The API host that belongs to a Lightning host (facts/salesforce.md section 6): the Lightning host itself redirects and
 * drops the token. Hosts of other kinds are given back as they are.
 */
export function apiHostOf(host: string): string {
  return host
    .replace(/\.mcas\.ms$/, '')
    .replace(/\.lightning\.force\.(com|mil)$/, '.my.salesforce.$1')
    .replace(/\.lightning\.([\w-]+)\.force\.com$/, '.my.$1.salesforce.com')
    .replace(/\.lightning\.crmforce\.mil$/, '.my.salesforce.mil');
}

/**
 * The origin of an org's API as an admin typed its address: `https://<MyDomain>.my.salesforce.com`, also out of the
 * address of its Lightning pages. Throws an Error that names the remedy.
 *
 * @param what how the message names the setting.
 */
export function orgOrigin(address: string, what = 'salesforce.url'): string {
  const { protocol, hostname, port } = new URL(originOf(address, what));
  const host = apiHostOf(hostname);
  if (host === 'login.salesforce.com' || host === 'test.salesforce.com') {
    throw new Error(`${what}: give the org's own address, https://<MyDomain>.my.salesforce.com, not ${host}.`);
  }
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}`;
}
