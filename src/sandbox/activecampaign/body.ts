import { Refusal } from './errors.ts';

/** An object out of JSON, its values not yet looked at. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a request's JSON carries under `name`. @throws Refusal 400 with an empty object otherwise. */
export async function bodyUnder(request: { text(): Promise<string> }, name: string): Promise<Fields> {
  const inner = (await jsonBody(request))[name];
  if (!isFields(inner)) throw new Refusal(400, {});
  return inner;
}

/** A request's JSON object. @throws Refusal 400 with an empty object when it is none. */
export async function jsonBody(request: { text(): Promise<string> }): Promise<Fields> {
  const text = await request.text();
  try {
    const body: unknown = JSON.parse(text);
    if (isFields(body)) return body;
  } catch {
    // Refused below: what is no JSON and what is no object get the same answer.
  }
  throw new Refusal(400, {});
}

/** A scalar as text: the API takes ids and numbers as either. Undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** The objects of a list; what is not a list counts as an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
