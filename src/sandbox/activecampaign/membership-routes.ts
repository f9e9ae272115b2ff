import { Hono } from 'hono';
import type { Account } from './account.ts';
import { bodyUnder, textOf } from './body.ts';
import { sliceOf, windowOf } from './contact-query.ts';
import {
  bounceWire,
  contactTagWire,
  contactWire,
  type Linker,
  membershipWire,
  newMembershipWire,
} from './contact-wire.ts';
import { fieldRefused, noResult, noTagGiven, tagContactMissing, tagContactNotFound } from './errors.ts';

/** `/contactLists`, `/contactTags` and the account's `/bounceLogs`. */
export function membershipRoutes(account: Account, linker: Linker): Hono {
  const routes = new Hono();

  // Filters here do nothing, whatever they say (facts section 4): limit and offset alone are obeyed.
  routes.get('/contactLists', (c) => {
    const rows = sliceOf(account.memberships.values(), windowOf(new URL(c.req.url).searchParams));
    const contactLists = rows.flatMap((row) => {
      const contact = account.contact(row.contact);
      return contact ? [membershipWire(row, contact, account.list(row.list).channel, linker)] : [];
    });
    return c.json({ contactLists, meta: { total: String(account.memberships.size) } });
  });

  routes.post('/contactLists', async (c) => {
    const fields = await bodyUnder(c.req, 'contactList');
    const contactId = textOf(fields.contact) ?? '';
    const listId = textOf(fields.list) ?? '';
    const status = textOf(fields.status);
    const sourceid = textOf(fields.sourceid);
    const contact = account.contact(contactId);
    if (!contact) throw noResult('Subscriber', contactId);
    const list = account.lists.get(listId);
    if (!list) throw noResult('_List', listId);
    if (status !== '1' && status !== '2') throw fieldRefused('status', 'field_invalid');

    const isNew = account.membership(contact, listId) === undefined;
    const change = { by: 'api' as const, ...(sourceid === undefined ? {} : { sourceid: Number(sourceid) }) };
    const row =
      status === '1' ? account.subscribe(contact, listId, change) : account.unsubscribe(contact, listId, change);
    const contacts = [{ ...contactWire(contact, linker), email_empty: contact.email === '' }];
    if (isNew) return c.json({ contacts, contactList: newMembershipWire(row, contact, linker) }, 201);
    return c.json(
      { contacts, contactList: { ...membershipWire(row, contact, list.channel, linker), status: row.status } },
      account.switches.changedMembershipStatus,
    );
  });

  routes.get('/contactTags', (c) => {
    const rows = sliceOf(account.contactTags.values(), windowOf(new URL(c.req.url).searchParams));
    const meta = { total: String(account.contactTags.size) };
    return c.json({ contactTags: rows.map((row) => contactTagWire(row, linker)), meta });
  });

  routes.post('/contactTags', async (c) => {
    const fields = await bodyUnder(c.req, 'contactTag');
    const tagId = textOf(fields.tag);
    const contactId = textOf(fields.contact);
    if (!tagId) throw noTagGiven();
    if (!contactId) throw tagContactMissing();
    const contact = account.contact(contactId);
    if (!contact) throw tagContactNotFound();
    const tag = account.tags.get(tagId);
    if (!tag) throw noResult('Tag', tagId);
    const isNew = !contact.tags.has(tag.id);
    const {
      id,
      contact: owner,
      tag: name,
      cdate,
      links,
    } = contactTagWire(account.tag(contact, tag.name, { by: 'api' }), linker);
    const contacts = [{ ...contactWire(contact, linker), email_empty: contact.email === '' }];
    return c.json({ contacts, contactTag: { contact: owner, tag: name, cdate, links, id } }, isNew ? 201 : 200);
  });

  routes.delete('/contactTags/:id', (c) => {
    const row = account.contactTags.get(c.req.param('id'));
    const tag = row && account.tags.get(row.tag);
    if (!row || !tag) throw noResult('SubscriberTag', c.req.param('id'));
    account.untag(row.contact, tag.name, { by: 'api' });
    return c.json({});
  });

  routes.get('/bounceLogs', (c) => {
    const { limit, offset } = windowOf(new URL(c.req.url).searchParams);
    const bounces = account.contacts.flatMap((contact) => contact.bounces).sort((a, b) => Number(a.id) - Number(b.id));
    return c.json({
      bounceLogs: bounces.slice(offset, offset + limit).map((bounce) => bounceWire(bounce, linker)),
      meta: { total: String(bounces.length) },
    });
  });

  return routes;
}
