/**
 * The Contact, Lead or Account id in the path of a Lightning record page, as it stands there, or null. The id's prefix decides,
 * and the object segment may be missing, or say `sObject` (facts/salesforce.md section 6).
 */
export function recordIn(path: string): string | null {
  return /^\/lightning\/r\/(?:\w+\/)?(00[13Q][A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?)\/view\/?$/.exec(path)?.[1] ?? null;
}
