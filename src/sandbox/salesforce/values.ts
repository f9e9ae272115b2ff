import { malformedJson, SalesforceError } from './errors.ts';
import { isId, longId } from './ids.ts';
import type { FieldSchema, FieldValue } from './schema.ts';

/** Whole seconds: Salesforce keeps no milliseconds. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** `2026-11-21T21:48:12.000+0000`. */
export function jsonDate(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}+0000`;
}

/** A value in JSON: a date-time as `jsonDate` writes it, or `2026-11-21` for a date. */
export function jsonValue(field: FieldSchema, value: FieldValue | undefined): FieldValue {
  if (value === undefined || value === null) return field.type === 'boolean' ? false : null;
  if (typeof value !== 'number') return value;
  if (field.type === 'datetime') return jsonDate(value);
  return field.type === 'date' ? new Date(value).toISOString().slice(0, 10) : value;
}

/** As in a Bulk result: `2026-11-21T00:00:00.000Z`, `true`, an empty text for null. */
export function csvValue(field: FieldSchema, value: FieldValue | undefined): string {
  if (value === undefined || value === null) return field.type === 'boolean' ? 'false' : '';
  if (typeof value === 'number' && field.type === 'datetime') return new Date(value).toISOString();
  return String(jsonValue(field, value));
}

const wrongType = (field: FieldSchema, value: unknown): SalesforceError =>
  new SalesforceError(
    400,
    'INVALID_TYPE_ON_FIELD_IN_RECORD',
    `${field.label}: value not of required type: ${String(value)}`,
    [field.name],
  );

const emailForm = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

/**
 * A value as the org keeps it, from JSON or from CSV (where `text` is true and everything arrives as a string).
 * Refuses what does not fit the field, with Salesforce's code.
 */
export function storedValue(field: FieldSchema, value: unknown, text = false): FieldValue {
  if (value === null || value === undefined || value === '') {
    if (field.type === 'boolean' && !text)
      throw malformedJson(`Cannot deserialize instance of boolean from VALUE_NULL value null`);
    return field.type === 'boolean' ? false : null;
  }
  switch (field.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
      if (text && (value === '1' || value === '0')) return value === '1';
      if (text) throw wrongType(field, value);
      throw malformedJson(
        `Cannot deserialize instance of boolean from VALUE_STRING value ${String(value)} or request may be missing a ` +
          'required field at [line:1, column:2]',
      );
    case 'datetime':
    case 'date': {
      const at = typeof value === 'number' ? value : Date.parse(String(value).replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
      if (Number.isNaN(at)) throw wrongType(field, value);
      return seconds(at);
    }
    case 'int':
      if (Number.isNaN(Number(value))) throw wrongType(field, value);
      return Number(value);
    case 'id':
    case 'reference':
      if (typeof value === 'string' && isId(value)) return longId(value);
      throw new SalesforceError(400, 'MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(value)}`, [
        field.name,
      ]);
    case 'anyType':
      return typeof value === 'boolean' || typeof value === 'number' ? value : String(value);
    default:
      return checkedText(field, String(value));
  }
}

function checkedText(field: FieldSchema, value: string): string {
  const trimmed = value.trim();
  if (field.length > 0 && trimmed.length > field.length) {
    throw new SalesforceError(
      400,
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${trimmed} (max length=${field.length})`,
      [field.name],
    );
  }
  if (field.type === 'email' && !emailForm.test(trimmed)) {
    throw new SalesforceError(400, 'INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${trimmed}`, [
      field.name,
    ]);
  }
  return trimmed;
}
