import { isNamed } from '../salesforce/field-name.ts';
import { STANDARD_FIELD } from './config.ts';

/** What to do where the API user may not read or edit the opt-out field of an object. */
export function fieldRemedy(object: string, field: string): string {
  return `Give the API user read and edit access to ${object}.${field} (field-level security), for example by a permission set.`;
}

/**
 * The same where the org shows no such field: it may have none.
 *
 * @param shown the fields that it does show: one of them may be meant, under its full name
 */
export function missingFieldRemedy(object: string, field: string, shown: Iterable<string>): string {
  const access = fieldRemedy(object, field);
  if (field === STANDARD_FIELD) return access;
  const meant = [...shown].find((name) => isNamed(name, field));
  if (meant !== undefined) return `Its full name there is ${meant}: set salesforce.optOutField to that.`;
  const install =
    'the extension’s options page makes one and the permission set Email_OptOut_Sync with it ("Install the field…")';
  return `Check that ${field} is its API name on Contact and Lead. If the org has no such field, ${install}. If it has: ${access}`;
}
