import { longId } from '../salesforce/salesforce.ts';

/**
 * The Contact or Lead that a Lightning page shows: `/lightning/r/Contact/003…/view`, `/lightning/r/003…/view` or one of
 * its sub-pages. The kind of record is decided by the id's prefix, never by the object segment
 * (facts/salesforce.md section 6).
 * @returns the 18-character id, or undefined on any other page.
 */
export function recordInUrl(url: string): string | undefined {
  let path: string;
  try {
    path = new URL(url).pathname;
  } catch {
    return undefined;
  }
  const id = /^\/lightning\/r\/(?:\w+\/)?((?:003|00Q)[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?)(?:\/|$)/.exec(path)?.[1];
  return id === undefined ? undefined : longId(id);
}
