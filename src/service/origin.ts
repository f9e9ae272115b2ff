/**
 * The origin of a service's address as an admin typed it, e.g. `https://acme.api-us1.com`. Throws an Error that names
 * what is wrong and the remedy. http is accepted for loopback only, since the requests carry secrets.
 *
 * @param address what was typed, with or without a trailing slash.
 * @param what how the message names it, e.g. `activecampaign.url`.
 * @param suffix a path that may follow the origin and is taken off, e.g. `/api/3`.
 */
export function originOf(address: string, what: string, suffix = ''): string {
  const text = address.trim();
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new Error(`${what}: this is not a web address. Give it in full, such as https://acme.example.com.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(`${what}: the address must not contain a user name or password. Remove what stands before the @.`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Error(`${what}: ${url.origin} is not encrypted. Begin the address with https://.`);
  }
  const path = url.pathname.replace(/\/+$/, '');
  if ((path !== '' && path !== suffix) || url.search !== '' || url.hash !== '') {
    throw new Error(`${what}: give only the address ${url.origin}, without the part that follows it.`);
  }
  return url.origin;
}

/** Whether a URL's hostname is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
