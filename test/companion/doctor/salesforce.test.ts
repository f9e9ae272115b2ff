import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/companion/doctor/finding.ts';
import { aTown } from '../a-town.ts';
import { BOX, HOUR, type Town } from '../town.ts';
import { amiss, examined, line } from './patient.ts';

/** What the doctor finds out about Salesforce, and about both together, each problem made real in the sandbox. */

function town(...options: Parameters<typeof aTown>): Town {
  const made = aTown(...options);
  made.plant('ann', { contacts: [true], leads: [false], lists: { News: 2, Offers: 2 } });
  return made;
}

/** Longer ago than what counts as lately. */
function quietly(here: Town): Town {
  here.clock.advance(30 * 24 * HOUR);
  return here;
}

describe('where all is well', () => {
  it('everything is ok', async () => {
    const findings = await examined(quietly(town()));
    expect(amiss(findings)).toEqual([]);
    expect(outcomeOf(findings)).toBe('done');
    expect(line(findings, 'people')).toContain('1 Contact (1 opted out) and 1 Lead (0 opted out)');
    expect(line(findings, 'API version')).toBe('ok: 67.0.');
    expect(line(findings, 'lists in scope')).toBe('ok: All: 1 News, 2 Offers.');
    expect(line(findings, 'API calls left today')).toMatch(/^ok: 99,99\d of 100,000; .* about 31\.$/);
  });

  it('nothing is written, anywhere', async () => {
    const here = town();
    await here.night();
    const before = readdirSync(here.folder);
    here.sandbox.requests.reset();
    await examined(here);
    expect(here.writes()).toEqual([]);
    expect(readdirSync(here.folder)).toEqual(before);
  });

  it('is said honestly what cannot be known without writing', async () => {
    expect(line(await examined(town()), 'right to unsubscribe')).toMatch(/^unknown: Cannot be tested without writing/);
  });
});

describe('the opt-out field', () => {
  it('that is hidden on one object', async () => {
    const here = town();
    here.sandbox.org.allow('everyone', 'hidden', 'Lead', BOX);
    const findings = await examined(here);
    expect(line(findings, `Lead.${BOX}`)).toMatch(/^problem: Not there, or hidden.*-> Give the API user read and edit/);
    expect(line(findings, `Contact.${BOX}`)).toMatch(/^ok: "Email Opt Out": readable and writable/);
    expect(outcomeOf(findings)).toBe('refused');
  });

  it('of one’s own that is not there may be misspelt', async () => {
    const here = town();
    here.config = here.configured({ salesforce: { optOutField: 'Sales_OptOut__c' }, activecampaign: { lists: 'all' } });
    expect(line(await examined(here), 'Contact.Sales_OptOut__c')).toMatch(
      /-> Check that Sales_OptOut__c is its API name on Contact and Lead\. If the org has no such field, .*Install the field….*: Give the API user/s,
    );
  });

  it('of one’s own is named in full where the org has a namespace', async () => {
    const here = town();
    here.sandbox.org.addField('Contact', 'ns__Sales_Opt_Out__c');
    here.config = here.configured({
      salesforce: { optOutField: 'sales_opt_out__c' },
      activecampaign: { lists: 'all' },
    });
    expect(line(await examined(here), 'Contact.sales_opt_out__c')).toMatch(
      /-> Its full name there is ns__Sales_Opt_Out__c: set salesforce\.optOutField to that\.$/,
    );
  });

  it('that is read-only', async () => {
    const here = town();
    here.sandbox.org.allow('everyone', 'read-only', 'Contact', BOX);
    expect(line(await examined(here), `Contact.${BOX}`)).toMatch(/^problem: Readable, but read-only/);
  });

  it('on an object that may not be edited, or not be seen', async () => {
    const here = town();
    here.sandbox.org.allow('everyone', 'read-only', 'Contact');
    here.sandbox.org.allow('everyone', 'hidden', 'Lead');
    const findings = await examined(here);
    expect(line(findings, `Contact.${BOX}`)).toMatch(/^problem: .*may not edit Contacts/);
    expect(line(findings, `Lead.${BOX}`)).toMatch(/^problem: .*NOT_FOUND.*-> .*access to Leads/);
  });

  it('that is no checkbox', async () => {
    const here = town();
    for (const type of ['Contact', 'Lead']) here.sandbox.org.addField(type, 'Opt_Out__c', 'Opt out', 'string');
    here.config = here.configured({ salesforce: { optOutField: 'Opt_Out__c' }, activecampaign: { lists: 'all' } });
    expect(line(await examined(here), 'Lead.Opt_Out__c')).toMatch(/^problem: No checkbox but of type string/);
  });

  it('and an Email field that is hidden', async () => {
    const here = town();
    here.sandbox.org.allow('everyone', 'hidden', 'Contact', 'Email');
    expect(line(await examined(here), 'Contact.Email')).toMatch(/^problem: Hidden.*-> Give the API user read access/);
  });
});

describe('Salesforce', () => {
  it('that refuses the sign-in is asked no more, and ActiveCampaign is looked at all the same', async () => {
    const here = quietly(town());
    here.config = here.configured({
      salesforce: { auth: { kind: 'client-credentials', clientId: 'nobody', clientSecret: 'hush-hush' } },
    });
    const findings = await examined(here);
    expect(line(findings, 'sign-in')).toMatch(/^problem: .*client identifier invalid.*-> Check salesforce.auth/);
    expect(JSON.stringify(findings)).not.toContain('hush-hush');
    expect(line(findings, 'API version')).toBe('ok: 67.0.');
    expect(line(findings, `Lead.${BOX}`)).toBe('unknown: Not looked at, since the sign-in failed.');
    expect(line(findings, 'key')).toMatch(/^ok/);
    expect(here.sandbox.requests.of('salesforce', 'POST', /oauth2\/token/)).toHaveLength(1);
    expect(outcomeOf(findings)).toBe('refused');
  });

  it('that does not answer is no problem of the configuration', async () => {
    const here = quietly(town());
    here.sandbox.faults.add({ service: 'salesforce', kind: 'drop' });
    const findings = await examined(here);
    expect(line(findings, 'sign-in')).toMatch(/^unreachable: /);
    expect(outcomeOf(findings)).toBe('failed');
  });

  it('that is too old', async () => {
    const here = town();
    here.sandbox.faults.add({
      service: 'salesforce',
      path: /\/services\/data$/,
      kind: 'status',
      status: 200,
      body: [{ label: "Winter '20", url: '/services/data/v47.0', version: '47.0' }],
    });
    expect(line(await examined(here), 'API version')).toMatch(/^problem: .*47\.0 at most, and \d+\.0 is needed/);
  });

  it('one question that fails stops no other', async () => {
    const here = quietly(town());
    here.sandbox.faults.add({ service: 'salesforce', path: /Contact\/describe/, kind: 'status', status: 503 });
    const findings = await examined(here);
    expect(amiss(findings)).toEqual([`unreachable: Contact.${BOX}`]);
    expect(line(findings, `Lead.${BOX}`)).toMatch(/^ok/);
  });

  it('that shows nobody with an address', async () => {
    const here = aTown();
    expect(line(await examined(here), 'people')).toMatch(/^warning: .*0 Contacts .* 0 Leads .*-> .*sharing/);
  });

  it('whether it keeps a history of the field, without which a box that was set anew may be cleared', async () => {
    const here = town();
    const of = async () => line(await examined(here), `history of Contact.${BOX}`);
    expect(await of()).toMatch(/^unknown: .* a run clears such a box\./);
    here.sandbox.org.track('Contact', BOX);
    const [contact] = here.sandbox.org.all('Contact');
    here.sandbox.org.update('Contact', String(contact?.Id), { [BOX]: false });
    expect(await of()).toBe('ok: Kept: a change of the field is recorded.');
    const history = { service: 'salesforce', path: /ContactHistory/, kind: 'status', status: 403 } as const;
    here.sandbox.faults.add({ ...history, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }] });
    expect(await of()).toMatch(/^warning: .* no box is ever cleared/);
  });

  it('its lead assignment rules do no harm, seen or not', async () => {
    const here = town();
    expect(line(await examined(here), 'lead assignment rules')).toMatch(
      /^ok: Not to be seen.*Sforce-Auto-Assign: FALSE/,
    );
    const records = [{ attributes: { type: 'AssignmentRule' }, Name: 'Round robin' }];
    const body = { totalSize: 1, done: true, records };
    here.sandbox.faults.add({ service: 'salesforce', path: /AssignmentRule/, kind: 'status', status: 200, body });
    expect(line(await examined(here), 'lead assignment rules')).toMatch(/^ok: Active: Round robin\. OptBridge sends/);
  });
});

describe("the org's API calls", () => {
  it('that are used up', async () => {
    const here = quietly(town());
    here.sandbox.org.apiLimit.used = here.sandbox.org.apiLimit.max;
    const findings = await examined(here);
    expect(amiss(findings).filter((finding) => finding.startsWith('problem'))).toEqual([
      'problem: API calls left today',
    ]);
    expect(line(findings, `Lead.${BOX}`)).toBe('unknown: Not looked at: no API call is left.');
  });

  it('that do not suffice, or become few', async () => {
    const here = town();
    here.sandbox.org.apiLimit.used = here.sandbox.org.apiLimit.max - 30;
    expect(line(await examined(here), 'API calls left today')).toMatch(/^problem: 2\d of 100,000/);
    here.sandbox.org.apiLimit.used = here.sandbox.org.apiLimit.max - 5000;
    expect(line(await examined(here), 'API calls left today')).toMatch(/^warning: 4,99\d of 100,000/);
  });
});

describe("this machine's clock", () => {
  it('that is off by minutes', async () => {
    const here = quietly(town());
    expect(line(await examined(here, { ahead: 3 }), 'against Salesforce')).toMatch(
      /^warning: This machine is 3 minutes/,
    );
    expect(line(await examined(here, { ahead: -10 }), 'against ActiveCampaign')).toMatch(
      /^warning: .*10 minutes behind/,
    );
  });
});

describe('a problem is what a run refuses', () => {
  const cases: [string, (here: Town) => void][] = [
    ['a hidden field', (here) => here.sandbox.org.allow('everyone', 'hidden', 'Lead', BOX)],
    ['a read-only field', (here) => here.sandbox.org.allow('everyone', 'read-only', 'Contact', BOX)],
    ['a hidden Email', (here) => here.sandbox.org.allow('everyone', 'hidden', 'Lead', 'Email')],
    ['a hidden object', (here) => here.sandbox.org.allow('everyone', 'hidden', 'Lead')],
    [
      'a wrong key',
      (here) => {
        here.config = here.configured({ activecampaign: { key: 'wrong' } });
      },
    ],
    [
      'a list that is not there',
      (here) => {
        here.config = here.configured({ activecampaign: { lists: ['99'] } });
      },
    ],
    ['no list', (here) => ['1', '2'].forEach((list) => void here.sandbox.account.hideList(list))],
    ['a list gone from sight', (here) => here.sandbox.account.hideList('2')],
    [
      'other qualifying tags',
      (here) => {
        here.config = here.configured({ activecampaign: { qualifyingTags: ['vip'] } });
      },
    ],
  ];
  it.each(cases)('%s', async (_, spoil) => {
    const here = town();
    await here.night();
    expect(outcomeOf(await examined(here))).toBe('done');
    spoil(here);
    expect(outcomeOf(await examined(here))).toBe('refused');
    expect((await here.night()).exitCode).toBe(3);
  });
});
