import { beforeEach, describe, expect, test } from 'vitest';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { contact, lead, type World, world } from './world.ts';

const PAGES = 'https://acme.lightning.force.com';

let here: World;
let org: Org;
beforeEach(() => {
  here = world();
  org = here.org;
  here.sandbox.viewer = here.rep;
});

const get = (path: string): Promise<Response> => here.sandbox.fetch(new Request(PAGES + path));
const view = async (path: string): Promise<Record<string, unknown>> =>
  (await get(`/lightning/view?path=${encodeURIComponent(path)}`)).json();

test('every page is the same shell, under a policy that lets no text become script', async () => {
  const page = await get('/lightning/page/home');
  const policy = page.headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/);
  expect(await (await get('/lightning/r/Contact/003000000000001/view')).text()).toBe(html);
});

test('its scripts are served without types and its style sheets as such', async () => {
  const script = await get('/lightning/assets/app.ts');
  expect(script.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
  expect(await script.text()).not.toMatch(/import type|: View\b/);
  expect((await get('/lightning/assets/lightning.css')).headers.get('Content-Type')).toBe('text/css; charset=utf-8');
  expect((await get('/lightning/assets/..%2fassets.ts')).status).toBe(404);
});

describe('a record page', () => {
  const fields = (said: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      (said.sections as { fields: { label: string; value: unknown }[] }[])
        .flatMap((section) => section.fields)
        .map((field) => [field.label, field.value]),
    );

  test('shows what the org knows, whatever form the address has', async () => {
    const id = contact(org, 'Lee', { FirstName: 'Ann', Salutation: 'Ms.', HasOptedOutOfEmail: true });
    for (const path of [
      `/lightning/r/Contact/${id}/view`,
      `/lightning/r/${id.slice(0, 15)}/view`,
      `/lightning/r/Lead/${id}/view`,
    ]) {
      const said = await view(path);
      expect(said).toMatchObject({ kind: 'record', object: 'Contact', id, name: 'Ms. Ann Lee' });
      expect(fields(said)).toMatchObject({ Email: 'lee@example.com', 'Email Opt Out': true });
    }
  });

  test('does not show a field that is hidden from the viewer, and shows a custom checkbox', async () => {
    const id = lead(org, 'Lou');
    org.addField('Lead', 'Sales_Opt_Out__c');
    org.allow(here.rep, 'hidden', 'Lead', 'HasOptedOutOfEmail');
    const shown = fields(await view(`/lightning/r/Lead/${id}/view`));
    expect(shown).toHaveProperty('Sales Opt Out', false);
    expect(shown).not.toHaveProperty('Email Opt Out');
  });

  test('of a deleted, unknown or other record says that it is missing', async () => {
    const gone = contact(org, 'Gone');
    org.remove('Contact', gone);
    for (const id of [gone, '003000000000001', here.rep]) {
      expect(await view(`/lightning/r/Contact/${id}/view`)).toEqual({ kind: 'missing' });
    }
  });

  test('links records with the same address and of the same company', async () => {
    const acme = org.insert('Account', { Name: 'Acme' });
    const id = contact(org, 'Ann', { AccountId: acme });
    const colleague = contact(org, 'Bob', { AccountId: acme });
    const twin = lead(org, 'Ann');
    expect(await view(`/lightning/r/Contact/${id}/view`)).toMatchObject({
      cards: [
        { title: 'Contacts at Acme', lines: [{ id: colleague }] },
        { title: 'Potential Duplicates', lines: [{ id: twin, object: 'Lead' }] },
        {},
      ],
    });
  });

  test('saves what the viewer changed, and says why not when it may not', async () => {
    const id = contact(org, 'Ann');
    const save = (values: Record<string, unknown>) =>
      here.sandbox.fetch(
        new Request(`${PAGES}/aura?r=1&aura.RecordUi.updateRecord=1`, {
          method: 'POST',
          body: JSON.stringify({ id, values }),
        }),
      );
    expect((await save({ HasOptedOutOfEmail: true })).status).toBe(200);
    expect(org.get('Contact', id)).toMatchObject({ HasOptedOutOfEmail: true, LastModifiedById: here.rep });
    org.addRule('Contact', { when: () => true, message: 'Ask legal first' });
    expect(await (await save({ HasOptedOutOfEmail: false })).text()).toBe('Ask legal first');
  });
});

test('a list view shows fifty live records and the number of all', async () => {
  for (let n = 0; n < 60; n++) lead(org, `L${n}`);
  org.convert(lead(org, 'Converted'));
  const said = await view('/lightning/o/Lead/list');
  expect(said).toMatchObject({ kind: 'list', object: 'Lead', total: 60 });
  expect(said.rows).toHaveLength(50);
  expect(await view('/lightning/o/Nothing/list')).toEqual({ kind: 'missing' });
});
