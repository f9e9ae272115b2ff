import { Hono } from 'hono';
import { bodyUnder, type Fields, listOf, textOf } from './body.ts';
import { windowOf } from './contact-query.ts';
import type { Wire } from './contact-wire.ts';
import { fieldRefused, noResult } from './errors.ts';
import { stamp } from './stamps.ts';
import type { WebhookRow, Webhooks } from './webhooks.ts';

const EVENTS = [
  'bounce',
  'click',
  'contact_tag_added',
  'contact_tag_removed',
  'deal_add',
  'deal_note_add',
  'deal_pipeline_add',
  'deal_stage_add',
  'deal_task_add',
  'deal_task_complete',
  'deal_tasktype_add',
  'deal_update',
  'forward',
  'list_add',
  'open',
  'reply',
  'sent',
  'share',
  'sms_reply',
  'sms_sent',
  'sms_unsub',
  'subscribe',
  'subscriber_note',
  'unsubscribe',
  'update',
] as const;

/** `/webhooks` and `/webhook/events` (singular). */
export function webhookRoutes(webhooks: Webhooks): Hono {
  const routes = new Hono();
  const found = (id: string): WebhookRow => {
    const row = webhooks.rows.get(id);
    if (!row) throw noResult('Webhook', id);
    return row;
  };

  routes.get('/webhook/events', (c) => c.json({ webhookEvents: EVENTS, meta: { total: EVENTS.length } }));

  routes.get('/webhooks', (c) => {
    const query = new URL(c.req.url).searchParams;
    const { limit, offset } = windowOf(query);
    const rows = [...webhooks.rows.values()].filter((row) =>
      (['name', 'url', 'listid'] as const).every((key) => (query.get(`filters[${key}]`) ?? row[key]) === row[key]),
    );
    const page = rows.slice(offset, offset + limit);
    return c.json({ webhooks: page.map(webhookWire), meta: { total: String(rows.length) } });
  });

  routes.post('/webhooks', async (c) => {
    const fields = await bodyUnder(c.req, 'webhook');
    const { name, url, events, sources, listid } = read(fields);
    if (!name) throw fieldRefused('name', 'field_missing');
    if (!url || !URL.canParse(url)) throw fieldRefused('url', url ? 'field_invalid' : 'field_missing');
    if (!events?.length) throw fieldRefused('events', 'field_missing');
    if (!sources?.length) throw fieldRefused('sources', 'field_missing');
    return c.json({ webhook: webhookWire(webhooks.add({ name, url, events, sources, listid: listid ?? '0' })) }, 201);
  });

  routes.get('/webhooks/:id', (c) => c.json({ webhook: webhookWire(found(c.req.param('id'))) }));

  routes.put('/webhooks/:id', async (c) => {
    const row = found(c.req.param('id'));
    const fields = read(await bodyUnder(c.req, 'webhook'));
    row.name = fields.name ?? row.name;
    row.url = fields.url ?? row.url;
    row.events = fields.events ?? row.events;
    row.sources = fields.sources ?? row.sources;
    row.listid = fields.listid ?? row.listid;
    return c.json({ webhook: webhookWire(row) });
  });

  routes.delete('/webhooks/:id', (c) => {
    webhooks.rows.delete(found(c.req.param('id')).id);
    return c.json({});
  });

  return routes;
}

function read(fields: Fields) {
  const texts = (value: unknown) =>
    value === undefined ? undefined : listOf(value).flatMap((entry) => textOf(entry) ?? []);
  return {
    name: textOf(fields.name),
    url: textOf(fields.url),
    events: texts(fields.events),
    sources: texts(fields.sources),
    listid: textOf(fields.listid),
  };
}

function webhookWire(row: WebhookRow): Wire {
  return {
    cdate: stamp(row.createdAt),
    listid: row.listid,
    name: row.name,
    url: row.url,
    events: row.events,
    sources: row.sources,
    state: row.deactivatedAt === null ? '1' : '0',
    deactivated_date: row.deactivatedAt === null ? null : stamp(row.deactivatedAt),
    links: [],
    id: row.id,
  };
}
