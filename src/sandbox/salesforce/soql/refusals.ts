import { SalesforceError } from '../errors.ts';

const HINT = 'Please reference your WSDL or the describe call for the appropriate names.';

/** Salesforce shows the query with a caret under the offending word (facts/samples/salesforce/errors-transcribed.json). */
function pointing(soql: string, word: string, words: string): string {
  const found = new RegExp(`\\b${word.replace(/[^\w]/g, '\\$&')}\\b`, 'i').exec(soql);
  const at = found?.index ?? 0;
  const from = Math.max(0, at - 60);
  const excerpt = soql.slice(from, from + 120);
  return `\n${excerpt}\n${' '.repeat(at - from)}^\nERROR at Row:1:Column:${at + 1}\n${words}`;
}

/** Unknown to the org, or hidden from this user: Salesforce does not tell one from the other. */
export function noSuchField(soql: string, field: string, entity: string): SalesforceError {
  const words = `No such column '${field}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${HINT}`;
  return new SalesforceError(400, 'INVALID_FIELD', pointing(soql, field, words));
}

export function noSuchRelationship(soql: string, relationship: string): SalesforceError {
  const words = `Didn't understand relationship '${relationship}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${HINT}`;
  return new SalesforceError(400, 'INVALID_FIELD', pointing(soql, relationship, words));
}

export function noSuchObject(soql: string, name: string): SalesforceError {
  const words = `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${HINT}`;
  return new SalesforceError(400, 'INVALID_TYPE', pointing(soql, name, words));
}

/** A field that cannot be sorted, grouped or filtered (`verb`). */
export function cannotBe(soql: string, field: string, verb: string): SalesforceError {
  return new SalesforceError(
    400,
    'MALFORMED_QUERY',
    pointing(soql, field, `field '${field}' can not be ${verb} in a query call`),
  );
}

/** A literal that does not fit the field, such as a date in quotes. */
export function wrongLiteral(soql: string, field: string, type: string, quoted: boolean): SalesforceError {
  const words = `value of filter criterion for field '${field}' must be of type ${type} and should ${quoted ? '' : 'not '}be enclosed in quotes`;
  return new SalesforceError(400, 'INVALID_FIELD', pointing(soql, field, words));
}

export const malformedQuery = (words: string): SalesforceError => new SalesforceError(400, 'MALFORMED_QUERY', words);
