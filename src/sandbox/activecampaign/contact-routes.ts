import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Account } from './account.ts';
import { tagWire } from './account-wire.ts';
import { bodyUnder, type Fields, isFields, listOf, textOf } from './body.ts';
import { findContacts, windowOf } from './contact-query.ts';
import { bounceWire, contactTagWire, contactWire, type Linker, type Wire } from './contact-wire.ts';
import { duplicateAddress, fieldRefused, noContactToDelete, noResult } from './errors.ts';
import type { ContactRow } from './rows.ts';
import { fieldValuesOf, membershipsOf, withSideLoads } from './side-loads.ts';
import { DuplicateAddress } from './tables.ts';

/** `/contacts`, `/contact/sync` and what hangs on one contact. */
export function contactRoutes(account: Account, linker: Linker): Hono {
  const routes = new Hono();
  const found = (id: string): ContactRow => {
    const row = account.contact(id);
    if (!row) throw noResult('Subscriber', id);
    return row;
  };

  routes.get('/contacts', (c) => {
    const query = new URL(c.req.url).searchParams;
    const { page, total } = findContacts(account, query);
    const { contacts, arrays } = withSideLoads(account, page, query.get('include') ?? undefined, linker);
    return c.json({
      scoreValues: [],
      ...arrays,
      contacts: contacts.map((contact) => ({ ...contact, scoreValues: [], accountContacts: [] })),
      meta: { total: String(total), sortable: true, page_input: pageInput(query) },
    });
  });

  routes.post('/contacts', async (c) => {
    const fields = await bodyUnder(c.req, 'contact');
    const email = addressIn(fields);
    const row = refusingDuplicates(() => account.addContact({ ...named(fields), email }));
    setFields(account, row, fields);
    return c.json({ ...(await fieldValuesReply(row, linker)), contact: newContactWire(row, linker) }, 201);
  });

  routes.post('/contact/sync', async (c) => {
    const fields = await bodyUnder(c.req, 'contact');
    const email = addressIn(fields);
    const known = account.contactByEmail(email);
    const row = known ?? account.addContact({ ...named(fields), email });
    if (known) account.change(row, named(fields), { by: 'api' });
    setFields(account, row, fields);
    return c.json({ ...(await fieldValuesReply(row, linker)), contact: contactWire(row, linker) }, known ? 200 : 201);
  });

  routes.get('/contacts/:id', (c) => {
    const row = found(c.req.param('id'));
    const asked = withSideLoads(account, [row], c.req.query('include'), linker);
    const memberships = membershipsOf(account, row, linker);
    const fieldValues = fieldValuesOf(row, linker);
    return c.json({
      ...asked.arrays,
      contactAutomations: [],
      contactLists: memberships.map(({ wire }) => wire),
      deals: [],
      fieldValues: fieldValues.map(({ wire }) => wire),
      geoIps: [],
      accountContacts: [],
      contact: {
        ...contactWire(row, linker),
        email_empty: row.email === '',
        ...asked.contacts[0],
        contactAutomations: [],
        contactLists: memberships.map(({ id }) => id),
        fieldValues: fieldValues.map(({ id }) => id),
        geoIps: [],
        deals: [],
        accountContacts: [],
      },
    });
  });

  routes.put('/contacts/:id', async (c) => {
    const row = found(c.req.param('id'));
    const fields = await bodyUnder(c.req, 'contact');
    const email = textOf(fields.email);
    const readdressed = email === undefined ? {} : { email: addressIn(fields) };
    refusingDuplicates(() => account.change(row, { ...named(fields), ...readdressed }, { by: 'api' }));
    setFields(account, row, fields);
    return c.json({ ...(await fieldValuesReply(row, linker)), contact: contactWire(row, linker) });
  });

  routes.delete('/contacts/:id', (c) => {
    const row = account.contact(c.req.param('id'));
    if (!row) throw noContactToDelete(c.req.param('id'));
    account.remove(row);
    return c.json({});
  });

  // Whether these come in pages as all lists of the API do is not documented: they do, which is the harder case.
  routes.get('/contacts/:id/contactLists', (c) => {
    const rows = membershipsOf(account, found(c.req.param('id')), linker).map(({ wire }) => wire);
    return c.json({ contactLists: windowed(c, rows) });
  });

  routes.get('/contacts/:id/contactTags', (c) => {
    const row = found(c.req.param('id'));
    const tags = [...row.tags.keys()].flatMap((id) => account.tags.get(id) ?? []);
    return c.json({
      contactTags: windowed(
        c,
        [...row.tags.values()].map((tag) => contactTagWire(tag, linker)),
      ),
      ...(c.req.query('include') === 'tag' ? { tags: tags.map((tag) => tagWire(tag, linker)) } : {}),
    });
  });

  routes.get('/contacts/:id/fieldValues', (c) =>
    c.json({ fieldValues: fieldValuesOf(found(c.req.param('id')), linker).map(({ wire }) => wire) }),
  );

  routes.get('/contacts/:id/bounceLogs', (c) =>
    c.json({
      bounceLogs: windowed(
        c,
        found(c.req.param('id')).bounces.map((bounce) => bounceWire(bounce, linker)),
      ),
    }),
  );

  return routes;
}

/** The page of what hangs on one contact. */
function windowed<T>(c: Context, rows: readonly T[]): readonly T[] {
  const { limit, offset } = windowOf(new URL(c.req.url).searchParams);
  return rows.slice(offset, offset + limit);
}

/** The echo of a list request that every reply carries; numbers are numbers here. */
function pageInput(query: URLSearchParams): Wire {
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise) || 0;
  const { limit, offset } = windowOf(query);
  return {
    segmentid: number('segmentid', 0),
    formid: number('formid', 0),
    listid: number('listid', 0),
    tagid: number('tagid', 0),
    limit,
    offset,
    search: query.get('search'),
    sort: null,
    seriesid: number('seriesid', 0),
    waitid: number('waitid', 0),
    status: number('status', -1),
    forceQuery: number('forceQuery', 0),
    cacheid: createHash('md5').update(query.toString()).digest('hex'),
  };
}

/** The short contact that answers the making of one. */
function newContactWire(row: ContactRow, linker: Linker): Wire {
  const { email, phone, firstName, lastName, cdate, udate, orgname, links, id } = contactWire(row, linker);
  return { email, phone, firstName, lastName, cdate, udate, orgid: '', orgname, links, id, organization: '' };
}

async function fieldValuesReply(row: ContactRow, linker: Linker): Promise<Wire> {
  return row.fieldValues.size === 0 ? {} : { fieldValues: fieldValuesOf(row, linker).map(({ wire }) => wire) };
}

function addressIn(fields: Fields): string {
  const email = textOf(fields.email);
  if (!email) throw fieldRefused('email', 'field_missing');
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw fieldRefused('email', 'field_invalid');
  return email;
}

function named(fields: Fields): { firstName?: string; lastName?: string; phone?: string; organization?: string } {
  const picked: { firstName?: string; lastName?: string; phone?: string; organization?: string } = {};
  for (const key of ['firstName', 'lastName', 'phone'] as const) {
    const value = textOf(fields[key]);
    if (value !== undefined) picked[key] = value;
  }
  const organization = textOf(fields.orgname);
  return organization === undefined ? picked : { ...picked, organization };
}

function setFields(account: Account, row: ContactRow, fields: Fields): void {
  for (const entry of listOf(fields.fieldValues)) {
    if (!isFields(entry)) continue;
    const field = textOf(entry.field);
    if (field !== undefined) account.setField(row, field, textOf(entry.value) ?? '');
  }
}

function refusingDuplicates<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw error instanceof DuplicateAddress ? duplicateAddress() : error;
  }
}
