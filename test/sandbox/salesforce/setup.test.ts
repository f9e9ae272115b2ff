// Its parts, as in jsforce.test.ts.
import 'jsforce/lib/api/metadata.js';
import { Connection } from 'jsforce/lib/connection.js';
import { describe, expect, test } from 'vitest';
import { RIGHTS } from '../../../src/sandbox/salesforce/setup/rights.ts';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';
import { type World, world } from './world.ts';

const NEW_FIELD = (object: string, more: Readonly<Record<string, unknown>> = {}) => ({
  FullName: `${object}.Sales_Opt_Out__c`,
  Metadata: { label: 'Sales Opt Out', type: 'Checkbox', defaultValue: false, trackHistory: true, ...more },
});

/** The rep of the world as an administrator. */
function admin(): World {
  const made = world();
  made.org.setup.rights.give(made.rep, ...RIGHTS);
  return made;
}

const create = (made: World, object: string, more = {}) =>
  made.call('POST', 'tooling/sobjects/CustomField', NEW_FIELD(object, more));
const tooling = (made: World, soql: string) => made.call('GET', `tooling/query?q=${encodeURIComponent(soql)}`);

async function described(made: World, object: string, name = 'Sales_Opt_Out__c') {
  const { json } = await made.call('GET', `sobjects/${object}/describe`);
  return (json as { fields: { name: string; updateable: boolean }[] }).fields.find((field) => field.name === name);
}

describe('a field made by the Tooling API', () => {
  test('is there, and nobody sees it before a permission set gives it to them', async () => {
    const made = admin();
    const { status, json } = await create(made, 'Contact');
    expect([status, json]).toEqual([
      201,
      expect.objectContaining({ id: expect.stringMatching(/^00N/), success: true }),
    ]);
    expect(await described(made, 'Contact')).toBeUndefined();
    const set = await made.call('POST', 'sobjects/PermissionSet', { Name: 'Email_OptOut_Sync', Label: 'Sync' });
    const ParentId = (set.json as { id: string }).id;
    const right = {
      ParentId,
      SobjectType: 'Contact',
      Field: 'Contact.Sales_Opt_Out__c',
      PermissionsRead: true,
      PermissionsEdit: false,
    };
    const row = await made.call('POST', 'sobjects/FieldPermissions', right);
    expect(await described(made, 'Contact')).toBeUndefined();
    await made.call('POST', 'sobjects/PermissionSetAssignment', { AssigneeId: made.rep, PermissionSetId: ParentId });
    expect(await described(made, 'Contact')).toMatchObject({ updateable: false });
    const { id } = row.json as { id: string };
    expect((await made.call('PATCH', `sobjects/FieldPermissions/${id}`, { PermissionsEdit: true })).status).toBe(204);
    expect(await described(made, 'Contact')).toMatchObject({ updateable: true });
  });

  test('is told by a query and by its id, also one that was there before', async () => {
    const made = admin();
    made.org.addField('Lead', 'Old__c', 'Old', 'string');
    await create(made, 'Contact');
    const where = "TableEnumOrId = 'Contact' AND DeveloperName = 'Sales_Opt_Out' AND NamespacePrefix = null";
    const { json } = await tooling(made, `SELECT Id FROM CustomField WHERE ${where}`);
    const [{ Id }] = (json as { records: [{ Id: string }] }).records;
    expect((await made.call('GET', `tooling/sobjects/CustomField/${Id}`)).json).toMatchObject({
      FullName: 'Contact.Sales_Opt_Out__c',
      Metadata: { type: 'Checkbox', label: 'Sales Opt Out', trackHistory: true },
    });
    const old = await tooling(made, "SELECT Id FROM CustomField WHERE TableEnumOrId = 'Lead'");
    const [row] = (old.json as { records: { Id: string }[] }).records;
    expect((await made.call('GET', `tooling/sobjects/CustomField/${row?.Id}`)).json).toMatchObject({
      Metadata: { type: 'Text' },
    });
  });

  test('is refused twice, without a right, with what a checkbox is not, and where history is not to be had', async () => {
    const made = admin();
    expect((await create(made, 'Lead', { unique: false })).status).toBe(400);
    made.org.setup.history.delete('Lead');
    expect((await create(made, 'Lead')).text).toContain('history tracking is not enabled');
    expect((await create(made, 'Lead', { trackHistory: false })).status).toBe(201);
    const again = await create(made, 'Lead');
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('DUPLICATE_DEVELOPER_NAME')]);
    made.org.setup.rights.take(made.rep, 'CustomizeApplication');
    expect((await create(made, 'Contact')).status).toBe(403);
    made.org.setup.rights.take(made.rep, 'ViewSetup');
    expect((await create(made, 'Contact')).status).toBe(404);
    expect((await tooling(made, 'SELECT Id FROM CustomField')).text).toContain('INVALID_TYPE');
    expect((await made.query('SELECT Id FROM PermissionSet')).text).toContain('INVALID_TYPE');
  });
});

test('rows of a permission set are there once, and only for fields that field-level security is about', async () => {
  const made = admin();
  const set = { Name: 'Email_OptOut_Sync', Label: 'Sync' };
  const { json } = await made.call('POST', 'sobjects/PermissionSet', set);
  expect((await made.call('POST', 'sobjects/PermissionSet', set)).text).toContain('DUPLICATE_DEVELOPER_NAME');
  const ParentId = (json as { id: string }).id;
  const right = { ParentId, SobjectType: 'Lead', Field: 'Lead.HasOptedOutOfEmail', PermissionsRead: true };
  expect((await made.call('POST', 'sobjects/FieldPermissions', right)).status).toBe(201);
  expect((await made.call('POST', 'sobjects/FieldPermissions', right)).text).toContain('DUPLICATE_VALUE');
  const missing = { ...right, Field: 'Lead.Nothing__c' };
  expect((await made.call('POST', 'sobjects/FieldPermissions', missing)).status).toBe(400);
  made.org.setup.rights.take(made.rep, 'ManageProfilesPermissionsets');
  const other = await made.call('POST', 'sobjects/PermissionSet', { Name: 'Other', Label: 'Other' });
  expect([other.status, other.text]).toEqual([403, expect.stringContaining('INSUFFICIENT_ACCESS')]);
});

test('Lightning pages tell whether they are dynamic forms', async () => {
  const made = admin();
  const id = made.org.setup.addRecordPage('Contact', 'Contact Page', ['Email']);
  const { json } = await tooling(made, "SELECT Id FROM FlexiPage WHERE EntityDefinitionId = 'Contact'");
  expect(json).toMatchObject({ records: [{ Id: id }] });
  expect((await made.call('GET', `tooling/sobjects/FlexiPage/${id}`)).text).toContain('"fieldItem":"Record.Email"');
});

describe('page layouts by the Metadata API, as jsforce speaks it', () => {
  async function org() {
    const sandbox = createSandbox({ people: 0 });
    const { salesforceUrl: instanceUrl, close } = await sandbox.listen();
    const accessToken = sandbox.org.grants.openSession(sandbox.org.admin);
    const connection = new Connection({ instanceUrl, accessToken, version: '66.0' });
    return { org: sandbox.org, metadata: connection.metadata, close };
  }

  test('are listed, read, and replaced as wholes', async () => {
    const {
      org: { setup },
      metadata,
      close,
    } = await org();
    setup.layouts.add('Contact', 'Contact (Sales) Layout');
    const listed = await metadata.list({ type: 'Layout' });
    expect(listed.map(({ fullName }) => fullName)).toEqual([
      'Contact-Contact Layout',
      'Lead-Lead Layout',
      'Contact-Contact %28Sales%29 Layout',
    ]);
    const layout = await metadata.read('Layout', 'Lead-Lead Layout');
    expect(layout.layoutSections[0]?.label).toBe('Lead Information & more');
    layout.layoutSections[0]?.layoutColumns[1]?.layoutItems.push({
      behavior: 'Edit',
      field: 'HasOptedOutOfEmail',
    } as never);
    expect(await metadata.update('Layout', layout)).toMatchObject({ success: true });
    const lead = setup.layouts.named('Lead-Lead Layout');
    expect(lead && setup.layouts.fieldsOn(lead)).toContain('HasOptedOutOfEmail');
    layout.layoutSections[1]?.layoutColumns[0]?.layoutItems.push({ behavior: 'Edit', field: 'Nothing__c' } as never);
    expect(await metadata.update('Layout', layout)).toMatchObject({ success: false });
    await close();
  });

  test('are nothing for those who may not modify metadata', async () => {
    const { org: made, metadata, close } = await org();
    made.setup.rights.take(made.admin, 'ModifyMetadata');
    await expect(metadata.list({ type: 'Layout' })).rejects.toThrow(/ModifyAllData or ModifyMetadata/);
    await close();
  });
});
