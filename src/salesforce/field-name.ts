import type { Row } from './salesforce.ts';

/** A field's API name in its parts: an org or a package with a namespace puts that before it, as in `ns__Sales_Opt_Out__c`. */
export function partsOf(name: string): { readonly namespace: string | null; readonly bare: string } {
  const [, namespace = null, bare = name] = /^([A-Za-z][A-Za-z0-9_]*?)__(\w+__\w+)$/.exec(name) ?? [];
  return { namespace, bare };
}

/**
 * Whether an API name that Salesforce gives is that of the field that somebody named: names are compared without case, and where
 * no namespace was named, an org's own may stand before it.
 */
export function isNamed(given: string, named: string): boolean {
  const [full, wanted] = [given.toLowerCase(), named.toLowerCase()];
  return full === wanted || (partsOf(named).namespace === null && partsOf(full).bare === wanted);
}

/** Whether a field that somebody named is among those that Salesforce shows; it may leave an org's own namespace out. */
export function isAmong(name: string, shown: readonly string[]): boolean {
  return shown.some((field) => isNamed(name, field));
}

/** A field's value in a row, whose keys are spelled as Salesforce spells them and not as the query does. */
export function fieldIn(row: Row, field: string): unknown {
  if (Object.hasOwn(row, field)) return row[field];
  return Object.entries(row).find(([name]) => isNamed(name, field))?.[1];
}
