import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/companion/doctor/finding.ts';
import { aTown } from '../a-town.ts';
import { BOX, HOUR, QUALIFYING, type Town } from '../town.ts';
import { amiss, examined, line } from './patient.ts';

/** What the doctor finds out about ActiveCampaign, each problem made real in the sandbox. */

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

describe('ActiveCampaign', () => {
  it('that refuses the key is asked no more, and Salesforce is looked at all the same', async () => {
    const here = town();
    here.config = here.configured({ activecampaign: { key: 'not-the-key' } });
    const findings = await examined(here);
    expect(line(findings, 'key')).toMatch(/^problem: .*-> Check activecampaign.key/);
    expect(line(findings, 'lists')).toBe('unknown: Not looked at, since the key was refused.');
    expect(JSON.stringify(findings)).not.toContain('not-the-key');
    expect(line(findings, `Lead.${BOX}`)).toMatch(/^ok/);
    const asked = here.sandbox.requests.all.filter(({ service }) => service === 'activecampaign');
    expect([...new Set(asked.map(({ path }) => path))]).toEqual(['/api/3/users/me']);
  });

  it('that is not paid for, whose key is right', async () => {
    const here = town();
    const body = { message: 'Payment Required' };
    here.sandbox.faults.add({ service: 'activecampaign', kind: 'status', status: 402, body });
    const findings = await examined(here);
    expect(line(findings, 'key')).toMatch(/^problem: .*Payment Required.*-> The account is suspended or unpaid/);
    expect(line(findings, 'lists')).toBe('unknown: Not looked at, since the account is suspended or unpaid.');
    here.sandbox.faults.clear();
    here.sandbox.faults.add({ service: 'activecampaign', path: /\/lists/, kind: 'status', status: 402, body });
    expect(line(await examined(here), 'lists')).toMatch(/^problem: .*-> The account is suspended or unpaid/);
  });

  it('that is asked more often than it allows', async () => {
    const here = quietly(town());
    expect(line(await examined(here), 'pace')).toMatch(/^ok: 4 requests a second/);
    const findings = await examined(here, { pace: 5.5 });
    expect(amiss(findings)).toEqual(['warning: pace']);
    expect(line(findings, 'pace')).toMatch(
      /requestsPerSecond is 5\.5; .* 5, all integrations .*-> Set .* to 4 or less/,
    );
    here.config = { ...here.config, activecampaign: { ...here.config.activecampaign, url: 'http://127.0.0.1:8481' } };
    expect(line(await examined(here, { pace: 5.5 }), 'pace')).toMatch(/^ok/);
  });

  it('that may not show its lists', async () => {
    const here = town();
    const body = { errors: [{ status: 403, title: 'Forbidden', detail: 'You do not have permission to view lists.' }] };
    here.sandbox.faults.add({ service: 'activecampaign', path: /\/lists/, kind: 'status', status: 403, body });
    expect(line(await examined(here), 'lists')).toMatch(/^problem: .*permission to view lists.*-> .*Admin group/);
  });

  it('that hides a list on which somebody is', async () => {
    const here = quietly(town());
    here.sandbox.account.hideList(here.list('Offers'));
    const findings = await examined(here);
    expect(amiss(findings)).toEqual(['warning: hidden lists']);
    expect(line(findings, 'hidden lists')).toMatch(
      /1 of 1 contact of a sample are on lists .* not shown: 2\..*-> .*Admin/,
    );
    here.config = here.configured({ activecampaign: { lists: [here.list('News')] } });
    expect(line(await examined(here), 'hidden lists')).toMatch(/^ok: .*No matter/);
  });

  it('whose subscriptions come from anywhere, from the sources that are named, or from none of them', async () => {
    const here = town();
    here.plant('bob', { contacts: [false], lists: { News: 1, Offers: 1 } });
    quietly(here);
    const check = 'whose subscriptions count';
    expect(line(await examined(here), check)).toMatch(
      /^ok: All: an import or an automation .* clears the box.*personSources.* In a sample: 2 by sourceid 0\.$/,
    );
    here.config = here.configured({ activecampaign: { personSources: ['0', '1'] } });
    expect(line(await examined(here), check)).toBe('ok: Those with sourceid 0, 1: 2 of 2 subscriptions in a sample.');
    here.config = here.configured({ activecampaign: { personSources: ['4'] } });
    const findings = await examined(here);
    expect(amiss(findings)).toEqual([`warning: ${check}`]);
    expect(line(findings, check)).toMatch(
      /sourceid 4: 0 of 2 subscriptions .* never clear a box\. In the sample: 2 by sourceid 0\..* -> Correct/,
    );
    here.sandbox.faults.add({ service: 'activecampaign', path: /\/contacts/, kind: 'status', status: 403 });
    expect(line(await examined(here), check)).toMatch(/^unknown: /);
  });

  it('that shows no e-mail list at all', async () => {
    const here = town();
    for (const list of ['News', 'Offers']) here.sandbox.account.hideList(here.list(list));
    here.sandbox.account.addList({ name: 'Texts', channel: 'sms' });
    expect(line(await examined(here), 'lists')).toMatch(/^problem: .*no e-mail list.* SMS lists do not count: 3 Texts/);
  });

  it('that does not show a list of the configuration, or has it for texts', async () => {
    const here = town();
    const { id } = here.sandbox.account.addList({ name: 'Texts', channel: 'sms' });
    here.config = here.configured({ activecampaign: { lists: ['1', '99', id] } });
    const said = line(await examined(here), 'lists in scope');
    expect(said).toMatch(/^problem: List 99 is not shown to this key, list 3 is an SMS list\. -> .*1 News, 2 Offers/);
  });

  it('without a tag that qualifies', async () => {
    const here = quietly(town());
    expect(line(await examined(here), `tag ${QUALIFYING}`)).toBe('ok: On 1 contact.');
    expect(line(await examined(here), 'tag added-to-salesforce-lead')).toBe('ok: The account has no such tag.');
    here.sandbox.account.untag(here.sandbox.account.contactByEmail('ann@example.com')?.id ?? '', QUALIFYING);
    expect(line(await examined(here), 'qualified contacts')).toMatch(/^warning: No contact carries a qualifying tag/);
  });

  it('where other tags qualify', async () => {
    const here = quietly(aTown());
    here.plant('ben', { contacts: [true], lists: { News: 2 }, qualified: false });
    here.sandbox.account.tag(here.sandbox.account.contactByEmail('ben@example.com')?.id ?? '', 'vip');
    here.config = here.configured({ activecampaign: { qualifyingTags: ['vip', 'gold'] } });
    const findings = await examined(here);
    expect(amiss(findings)).toEqual([]);
    expect(line(findings, 'tag vip')).toBe('ok: On 1 contact.');
    expect(line(findings, 'tag gold')).toBe('ok: The account has no such tag.');
    expect(line(findings, 'other tools')).toMatch(/^ok: No sign of .*its tags are not there/);
  });

  it('that does not answer at all is not asked everything', async () => {
    const here = quietly(town());
    here.sandbox.faults.add({ service: 'activecampaign', kind: 'drop' });
    const findings = await examined(here);
    expect(line(findings, 'contacts')).toBe('unknown: Not looked at, since the service cannot be reached.');
    const asked = here.sandbox.requests.all.filter(({ service }) => service === 'activecampaign');
    expect(new Set(asked.map(({ path }) => path.split('?')[0])).size).toBe(2);
    expect(line(findings, `Lead.${BOX}`)).toMatch(/^ok/);
  });

  it('whose own integration seems to be at work', async () => {
    const here = town();
    expect(line(await examined(here), 'other tools')).toMatch(
      /^warning: At least 1 contact .* last 7 days.*-> If it is/,
    );
    expect(line(await examined(quietly(here)), 'other tools')).toMatch(/^ok: .*no contact with one changed/);
    for (const type of ['Contact', 'Lead']) here.sandbox.org.addField(type, 'Sales_Opt_Out__c');
    here.config = here.configured({
      salesforce: { optOutField: 'Sales_Opt_Out__c' },
      activecampaign: { lists: 'all' },
    });
    expect(line(await examined(here), 'other tools')).toMatch(/^ok: .*writes HasOptedOutOfEmail, not Sales_Opt_Out__c/);
  });

  it('whose contacts do not come whole', async () => {
    const here = quietly(town());
    here.sandbox.switches.sideLoadCap = 0;
    here.sandbox.faults.add({
      service: 'activecampaign',
      path: /contacts\/1\/contactLists/,
      kind: 'status',
      status: 404,
    });
    expect(line(await examined(here), 'contacts')).toMatch(/^warning: .*1 of 1 contact of a sample came without all/);
  });

  it('one question that fails stops no other', async () => {
    const here = quietly(town());
    here.sandbox.faults.add({ service: 'activecampaign', path: /\/users\/me/, kind: 'cut' });
    here.sandbox.faults.add({ service: 'activecampaign', path: /\/tags/, kind: 'status', status: 500 });
    const findings = await examined(here);
    expect(line(findings, 'key')).toMatch(/^unreachable: /);
    expect(line(findings, 'lists')).toMatch(/^ok/);
    expect(line(findings, `tag ${QUALIFYING}`)).toMatch(/^unknown/);
    expect(outcomeOf(findings)).toBe('failed');
  });
});
