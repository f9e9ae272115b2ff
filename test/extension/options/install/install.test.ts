import { describe, expect, test } from 'vitest';
import { isUsable, layoutLabel, lookAt, wasThere } from '../../../../src/extension/options/install/look.ts';
import { rightsWanted } from '../../../../src/extension/options/install/remedy.ts';
import { NotDone } from '../../../../src/extension/options/install/run.ts';
import { fieldToInstall, stepsFor } from '../../../../src/extension/options/install/steps.ts';
import type { FaultKind } from '../../../../src/sandbox/faults.ts';
import { RIGHTS, type Right } from '../../../../src/sandbox/salesforce/setup/rights.ts';
import { FIELD, LAYOUTS, rig, STEPS, said, setupOf } from './rig.ts';

const all = (word: string) => STEPS.map(() => word);
const ITEM = `<layoutItems><behavior>Edit</behavior><field>${FIELD}</field></layoutItems>`;

/** What an installation without trouble comes to. */
const clean = await (async () => {
  const { sandbox, install } = rig();
  const before = sandbox.org.setup.layouts.all.map(({ body }) => body);
  sandbox.requests.reset();
  const outcomes = await install();
  return { before, outcomes, setup: setupOf(sandbox), posts: sandbox.requests.of('salesforce', 'POST').length };
})();

describe('an installation', () => {
  test('makes the field on both objects, gives it and the standard one to the administrator, and puts it on the layouts', async () => {
    expect(said(clean.outcomes)).toEqual(all('done'));
    const { layouts, ...rest } = clean.setup;
    expect(rest).toEqual({
      fields: ['Contact.Sales_Opt_Out__c Sales Opt Out true', 'Lead.Sales_Opt_Out__c Sales Opt Out true'],
      sets: ['Email_OptOut_Sync'],
      rights: [
        'Contact.Sales_Opt_Out__c true true',
        'Lead.Sales_Opt_Out__c true true',
        'Contact.HasOptedOutOfEmail true true',
        'Lead.HasOptedOutOfEmail true true',
      ],
      assigned: [expect.any(String)],
    });
    expect(layouts.every((body) => body.includes(ITEM))).toBe(true);
  });

  test('keeps all else of a layout to the letter, and puts the field after the email address', () => {
    const without = clean.setup.layouts.map((layout) => layout.replace(ITEM, '').replace(/^\S+ \S+ /, ''));
    expect(without).toEqual(clean.before);
    for (const body of clean.setup.layouts) expect(body).toContain(`<field>Email</field></layoutItems>${ITEM}`);
  });

  test('sends nothing that writes when all of it is there', async () => {
    const { sandbox, install } = rig();
    await install();
    sandbox.requests.reset();
    expect(said(await install())).toEqual(all('there'));
    expect(sandbox.requests.of('salesforce', 'POST', /sobjects/)).toEqual([]);
    expect(sandbox.requests.of('salesforce', 'PATCH')).toEqual([]);
    expect(setupOf(sandbox)).toEqual(clean.setup);
  });

  test('is the preview: what was looked at and was not there is what is then done', async () => {
    const { sandbox, install, look } = rig();
    await install(stepsFor(FIELD, []).filter(({ kind }) => kind === 'field' || kind === 'set'));
    const there = await look();
    const open = STEPS.map((step) => (wasThere(step, there) ? 'there' : 'done'));
    expect(open.filter((word) => word === 'there')).toHaveLength(3);
    expect(said(await install())).toEqual(open);
    expect(setupOf(sandbox)).toEqual(clean.setup);
  });

  test('leaves a layout alone that was not chosen', async () => {
    const { sandbox, install } = rig();
    await install(stepsFor(FIELD, LAYOUTS.slice(0, 1)));
    const [contact, lead] = sandbox.org.setup.layouts.all.map(({ body }) => body);
    expect([contact?.includes(ITEM), lead]).toEqual([true, clean.before[1]]);
  });

  test('goes on with a new token wherever the old one ends', async () => {
    const { sandbox, install } = rig();
    const ends = [/CustomField/, /FieldPermissions/, /Soap/].map((path) =>
      sandbox.faults.add({
        service: 'salesforce',
        method: 'POST',
        path,
        times: 1,
        kind: 'run',
        run: () => sandbox.org.grants.expireTokens(),
      }),
    );
    expect(said(await install())).toEqual(all('done'));
    expect(ends.map(({ hits }) => hits)).toEqual([1, 1, 1]);
  });
});

describe('an installation that is disturbed and run again makes everything once', () => {
  const faults: Readonly<Record<string, FaultKind>> = {
    'is lost on its way': { kind: 'drop' },
    'is done and its answer lost': { kind: 'drop', when: 'after' },
    'is refused': { kind: 'status', status: 400, body: [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'no' }] },
    'meets a Salesforce that is down': { kind: 'status', status: 503, body: '<html><title>Down</title></html>' },
    'has its answer cut': { kind: 'cut' },
  };
  const places = Array.from({ length: clean.posts }, (_, at) => at);

  test.each(Object.entries(faults))('when a request %s', async (_name, fault) => {
    for (const skip of places) {
      const { sandbox, install } = rig();
      const met = sandbox.faults.add({ service: 'salesforce', method: 'POST', skip, times: 1, ...fault });
      const first = said(await install());
      expect(met.hits).toBe(1);
      expect(first).not.toContain('there');
      // What was done although its answer was lost or cannot be read is seen to be done.
      if (fault.kind === 'cut' || (fault.kind === 'drop' && fault.when === 'after')) expect(first).toEqual(all('done'));
      const again = said(await install());
      expect(again.map((word) => (word === 'done' ? 'there' : word))).toEqual(all('there'));
      // What was said to be done was done, and what was not, is now.
      for (const [at, word] of first.entries()) if (word === 'done') expect(again[at]).toBe('there');
      const { rights, ...rest } = setupOf(sandbox);
      expect({ ...rest, rights: rights.toSorted() }).toEqual({ ...clean.setup, rights: clean.setup.rights.toSorted() });
    }
  });

  test('when it stops after any step', async () => {
    for (const [at] of STEPS.entries()) {
      const { sandbox, install } = rig();
      await install(STEPS.slice(0, at + 1));
      expect(said(await install())).toEqual(STEPS.map((_, step) => (step <= at ? 'there' : 'done')));
      expect(setupOf(sandbox)).toEqual(clean.setup);
    }
  });

  test('when two administrators press at once', async () => {
    const { sandbox, install } = rig();
    const [one, other] = await Promise.all([install(), install()]);
    expect([...said(one), ...said(other)].filter((word) => word !== 'done' && word !== 'there')).toEqual([]);
    expect(setupOf(sandbox)).toEqual(clean.setup);
  });
});

describe('what fails', () => {
  test.each<[Right, string[]]>([
    ['CustomizeApplication', ['field', 'layout']],
    ['ManageProfilesPermissionsets', ['set']],
    ['AssignPermissionSets', ['assign']],
    ['ModifyMetadata', ['layout']],
    ['ViewSetup', ['field', 'set']],
  ])('for want of %s is said, with the right’s name, and holds up only what needs it', async (right, kinds) => {
    const { sandbox, admin, install } = rig();
    sandbox.org.setup.rights.take(admin, right);
    const outcomes = await install();
    const failed = outcomes.flatMap((outcome, at) =>
      outcome.at === 'failed' ? [{ kind: STEPS[at]?.kind ?? 'set', cause: outcome.cause }] : [],
    );
    expect(kinds).toEqual(expect.arrayContaining(failed.map(({ kind }) => kind)));
    expect(failed.length).toBeGreaterThan(0);
    for (const { kind, cause } of failed) expect(rightsWanted(kind, cause).length).toBeGreaterThan(0);
    sandbox.org.setup.rights.give(admin, ...RIGHTS);
    await install();
    expect(setupOf(sandbox).fields).toEqual(clean.setup.fields);
    expect(setupOf(sandbox).layouts).toEqual(clean.setup.layouts);
  });

  test('because a field of the name is no checkbox leaves that alone', async () => {
    const { sandbox, install } = rig();
    sandbox.org.addField('Lead', FIELD, 'Something else', 'string');
    const outcomes = await install();
    expect(outcomes[1]).toEqual({ at: 'failed', cause: new NotDone('type', 'Text') });
    expect(said(outcomes).filter((word) => word === 'waits')).toHaveLength(2);
    expect(setupOf(sandbox).layouts[1]).not.toContain(FIELD);
  });

  test('of one layout leaves the others, and tells what Salesforce lost of it', async () => {
    const { sandbox, install } = rig();
    const [contact] = sandbox.org.setup.layouts.all;
    sandbox.faults.add({
      service: 'salesforce',
      path: /Soap/,
      skip: 1,
      times: 1,
      kind: 'run',
      when: 'after',
      run: () => {
        if (contact) contact.body = contact.body.replace(/<platformActionList>.*<\/platformActionList>/, '');
      },
    });
    const outcomes = await install();
    const lost = outcomes.find(({ at }) => at === 'failed');
    expect(lost).toMatchObject({ cause: { why: 'lost', of: expect.stringContaining('LogACall') } });
    expect(said(outcomes).at(-1)).toBe('done');
  });

  test('of field history only is told with the field, whatever language Salesforce refuses it in', async () => {
    const { sandbox, install } = rig();
    sandbox.faults.add({
      service: 'salesforce',
      method: 'POST',
      path: /CustomField/,
      times: 1,
      kind: 'status',
      status: 400,
      body: [{ errorCode: 'FIELD_INTEGRITY_EXCEPTION', message: 'Die Feldverlaufsverfolgung ist nicht aktiviert' }],
    });
    const outcomes = await install();
    expect(outcomes[0]).toMatchObject({ at: 'done', without: expect.any(Error) });
    expect(outcomes[1]).toEqual({ at: 'done' });
    expect(setupOf(sandbox).fields[0]).toBe('Contact.Sales_Opt_Out__c Sales Opt Out false');
  });
});

test('a permission set that is there keeps what it gives, and gives what was missing', async () => {
  const { sandbox, install } = rig();
  const set = sandbox.org.insert('PermissionSet', { Name: 'Email_OptOut_Sync', Label: 'Ours' });
  const right = { ParentId: set, SobjectType: 'Lead', PermissionsRead: true };
  sandbox.org.insert('FieldPermissions', { ...right, Field: 'Lead.HasOptedOutOfEmail', PermissionsEdit: false });
  sandbox.org.insert('FieldPermissions', { ...right, Field: 'Lead.Phone', PermissionsEdit: false });
  await install();
  expect(setupOf(sandbox).rights).toEqual(
    expect.arrayContaining(['Lead.HasOptedOutOfEmail true true', 'Lead.Phone true false']),
  );
  expect(sandbox.org.all('PermissionSet')).toEqual([expect.objectContaining({ Label: 'Ours' })]);
});

describe('an org with a namespace of its own', () => {
  const inNamespace = () => {
    const made = rig();
    made.sandbox.org.setup.switches.namespace = 'ns';
    made.sandbox.org.update('Organization', made.sandbox.org.id, { NamespacePrefix: 'ns' });
    return made;
  };
  const FULL = `ns__${FIELD}`;

  test.each([FIELD, FULL])(
    'gets the field under that, is done the second time, and tells its name: %s',
    async (given) => {
      const { sandbox, org, install } = inNamespace();
      const before = await lookAt(org, given);
      expect(before.name).toBe(FULL);
      const steps = stepsFor(before.name, LAYOUTS);
      expect(said(await install(steps))).toEqual(all('done'));
      expect(setupOf(sandbox).fields).toEqual([
        `Contact.${FULL} Sales Opt Out true`,
        `Lead.${FULL} Sales Opt Out true`,
      ]);
      expect(setupOf(sandbox).rights).toContain(`Contact.${FULL} true true`);
      expect(said(await install(steps))).toEqual(all('there'));
      const after = await lookAt(org, given);
      expect(isUsable(after)).toBe(true);
      expect(after.objects[0]).toMatchObject({
        access: { value: { own: 'edit' } },
        layouts: { value: [{ has: true }] },
      });
    },
  );

  test('may leave it out of its layouts, which then have the field already', async () => {
    const { sandbox, install } = inNamespace();
    const steps = stepsFor(FULL, LAYOUTS);
    await install(steps);
    for (const layout of sandbox.org.setup.layouts.all) layout.body = layout.body.replaceAll(FULL, FIELD);
    expect(said(await install(steps))).toEqual(all('there'));
  });
});

test('a field of a package is no field of that name of the org’s own, and is not made', async () => {
  const { sandbox, org, install } = rig();
  const of = 'pkg__Sales_Opt_Out__c';
  for (const object of ['Contact', 'Lead']) sandbox.org.addField(object, FIELD);
  expect((await lookAt(org, of)).objects[0]).toMatchObject({ field: { value: undefined } });
  expect(said(await install(stepsFor(of, [])))[0]).toBe('failed');
  for (const object of ['Contact', 'Lead']) sandbox.org.addField(object, of);
  expect(said(await install(stepsFor(of, [])))[0]).toBe('there');
  expect(setupOf(sandbox).fields).toHaveLength(4);
});

describe('what is there', () => {
  test('is told by object before and after', async () => {
    const { sandbox, install, look } = rig();
    sandbox.org.setup.addRecordPage('Lead', 'Lead Page', ['Email']);
    sandbox.org.setup.addRecordPage('Lead', 'Old Lead Page');
    const before = (await look()).objects[1];
    expect(before).toMatchObject({
      field: { value: undefined },
      access: { value: { own: 'hidden', standard: 'edit' } },
      layouts: { value: [{ label: 'Lead Layout', has: false }] },
      forms: { value: ['Lead Page'] },
    });
    await install();
    expect((await look()).objects[1]).toMatchObject({
      field: { value: { type: 'Checkbox', tracked: true } },
      access: { value: { own: 'edit', standard: 'edit' } },
      layouts: { value: [{ has: true }] },
    });
  });

  test('is told as far as a user may look', async () => {
    const { sandbox, admin, look } = rig();
    sandbox.org.setup.rights.take(admin, ...RIGHTS);
    const { objects, set } = await look();
    expect(set).toHaveProperty('trouble');
    expect(objects[0]).toMatchObject({ access: { value: { own: 'hidden', standard: 'edit' } } });
    for (const part of ['field', 'layouts', 'forms']) expect(objects[0]).toHaveProperty(`${part}.trouble`);
  });

  test('names layouts as people do, and reads those of a package and more than ten', async () => {
    const { sandbox, look, install } = rig();
    sandbox.org.setup.layouts.add('Contact', 'Partner Layout', { namespace: 'pkg' });
    for (let n = 0; n < 10; n++) sandbox.org.setup.layouts.add('Contact', `Contact (${n} & more) Layout`);
    const [contact] = (await look()).objects;
    const layouts = contact && 'value' in contact.layouts ? contact.layouts.value : [];
    expect(layouts).toHaveLength(12);
    expect(layouts.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['pkg__Partner Layout', 'Contact (9 & more) Layout']),
    );
    const steps = stepsFor(
      FIELD,
      layouts.map(({ layout }) => ({ object: 'Contact' as const, layout })),
    );
    expect((await install(steps)).filter(({ at }) => at === 'failed')).toEqual([]);
    expect(layoutLabel('Contact-100% Layout')).toBe('100% Layout');
  });
});

test.each([
  ['HasOptedOutOfEmail', 'Sales_Opt_Out__c'],
  ['Our_Box__c', 'Our_Box__c'],
  ['pkg__Our_Box__c', 'pkg__Our_Box__c'],
  ['DoNotCall', 'Sales_Opt_Out__c'],
])('with %s in the settings, %s is installed', (inForce, installed) => {
  expect(fieldToInstall(inForce)).toBe(installed);
});
