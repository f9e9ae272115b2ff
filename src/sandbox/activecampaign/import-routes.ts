import { Hono } from 'hono';
import { isFields, jsonBody, listOf, textOf } from './body.ts';
import { noResult, Refusal } from './errors.ts';
import type { ImportedContact, Imports } from './imports.ts';
import { RateLimit } from './rate-limit.ts';

const MINUTE = 60_000;

/** `/import/bulk_import` and `/import/info`. */
export function importRoutes(imports: Imports, monotonic: () => number): Hono {
  const routes = new Hono();
  const singles = new RateLimit(MINUTE, monotonic);
  const batches = new RateLimit(MINUTE, monotonic);

  routes.post('/import/bulk_import', async (c) => {
    const text = await c.req.text();
    if (Buffer.byteLength(text) > 400_000) throw invalid([{ failureReason: 'Payload exceeds 400000 bytes' }]);
    const contacts = listOf((await jsonBody({ text: async () => text })).contacts);
    if (contacts.length === 0 || contacts.length > 250) {
      throw invalid([{ failureReason: 'Between 1 and 250 contacts may be sent in one request' }]);
    }
    const read = contacts.map(contactOf);
    const failures = read.flatMap((contact, index) => (contact ? [] : [badEmail(index)]));
    if (failures.length > 0) throw invalid(failures);

    const single = contacts.length === 1;
    const most = single ? 20 : 100;
    if (!(single ? singles : batches).admit(most).admitted) throw tooManyImports(most);
    const batchId = imports.queue(read.flatMap((contact) => contact ?? []));
    return c.json({ success: 1, queued_contacts: contacts.length, batchId, message: 'Contact import queued' });
  });

  routes.get('/import/bulk_import', (c) => c.json(imports.summary()));

  routes.get('/import/info', (c) => {
    const id = c.req.query('batchId') ?? '';
    const info = imports.info(id);
    if (!info) throw noResult('Batch', id);
    return c.json(info);
  });

  return routes;
}

/** One person as sent; undefined when the address has not even the form of one. */
function contactOf(sent: unknown): ImportedContact | undefined {
  if (!isFields(sent)) return undefined;
  const email = textOf(sent.email);
  if (!email?.includes('@')) return undefined;
  const names: { firstName?: string; lastName?: string; phone?: string } = {};
  for (const [key, name] of [
    ['firstName', 'first_name'],
    ['lastName', 'last_name'],
    ['phone', 'phone'],
  ] as const) {
    const value = textOf(sent[name]);
    if (value !== undefined) names[key] = value;
  }
  const listIds = (value: unknown) =>
    listOf(value).flatMap((entry) => (isFields(entry) ? (textOf(entry.listid) ?? []) : []));
  return {
    email,
    ...names,
    tags: listOf(sent.tags).flatMap((tag) => textOf(tag) ?? []),
    fields: listOf(sent.fields).flatMap((entry) => {
      const id = isFields(entry) ? textOf(entry.id) : undefined;
      return isFields(entry) && id !== undefined ? [{ id, value: textOf(entry.value) ?? '' }] : [];
    }),
    subscribe: listIds(sent.subscribe),
    unsubscribe: listIds(sent.unsubscribe),
  };
}

function badEmail(contact: number): { contact: number; failureReason: string } {
  return { contact, failureReason: 'Field‘ email’ incorrect format' };
}

function invalid(failureReasons: readonly object[]): Refusal {
  return new Refusal(400, {
    success: 0,
    message:
      'JSON payload did not pass validation. Please fix failure Reasons and retry. The import was not queued for processing.',
    failureReasons,
  });
}

/** 400, not 429 (facts section 8). */
function tooManyImports(most: number): Refusal {
  return new Refusal(400, {
    success: 0,
    message: 'Rate limit exceeded.',
    failureReasons: [
      `Up to ${most} imports may be requested per minute.Please batch contacts into larger requests, or retry this request in a minute.`,
    ],
  });
}
