import { longId } from '../salesforce/salesforce.ts';

/**
 * The Contact or Lead that a Lightning page shows: `/lightning/r/Contact/003…/view`, `/lightning/r/003…/view` or one of
 * its sub-pages. The kind of record is decided by the id's prefix, never by the object segment
 * (facts/salesforce.md section 6).
 * @returns the 18-character id, or undefined on any other page.
 */
export function recordInUrl(url: string): string | undefined {
  return idInUrl(url, /^00[3Q]/);
}

/** The account that a Lightning page shows, which may be a person's; likewise. */
export function accountInUrl(url: string): string | undefined {
  return idInUrl(url, /^001/);
}

function idInUrl(url: string, kind: RegExp): string | undefined {
  const path = URL.parse(url)?.pathname ?? '';
  const id = /^\/lightning\/r\/(?:\w+\/)?([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)(?:\/|$)/.exec(path)?.[1];
  return id !== undefined && kind.test(id) ? longId(id) : undefined;
}
