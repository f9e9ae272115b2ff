import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/companion/audit.ts';
import type { Fault, FaultRoute } from '../../src/sandbox/faults.ts';
import { aTown } from './a-town.ts';
import { inWords, KINDS, often } from './fault-kinds.ts';
import { BOX, decisionOn, UNSUBSCRIBES_REFUSED } from './town.ts';

/** Whatever goes wrong on the way: nobody is opted in, nothing is lost, and the next night finishes the work. */

async function lived() {
  const town = aTown();
  town.cheaperShare = Number.POSITIVE_INFINITY;
  const back = town.plant('back', { contacts: [false], lists: { News: 2 } });
  await town.night();
  // As if the key was another since: whose it is has to be asked.
  town.store((store) => store.run("DELETE FROM meta WHERE key = 'activecampaign-key'"));
  town.sandbox.account.subscribe(back.ac, town.list('News'), { by: 'contact' });
  const boxed = town.plant('boxed', { contacts: [true, false], leads: [false], lists: { News: 1, Offers: 1 } });
  const left = town.plant('left', { contacts: [false], leads: [false], lists: { News: 2 } });
  return { town, back, boxed, left };
}

const ROUTES: Record<string, FaultRoute> = {
  'the token': { service: 'salesforce', method: 'POST', path: /oauth2\/token/ },
  describe: { service: 'salesforce', method: 'GET', path: /describe/ },
  'a composite call': { service: 'salesforce', method: 'POST', path: /composite$/ },
  'a query': { service: 'salesforce', method: 'GET', path: /\/query\?/ },
  'a query for what is deleted': { service: 'salesforce', method: 'GET', path: /queryAll/ },
  'a collection update': { service: 'salesforce', method: 'PATCH', path: /composite\/sobjects/ },
  'a count': { service: 'salesforce', method: 'GET', path: /COUNT/ },
  'the contacts of a list': { service: 'activecampaign', method: 'GET', path: /listid=/ },
  'the contacts': { service: 'activecampaign', method: 'GET', path: /\/contacts\?/ },
  'the lists': { service: 'activecampaign', method: 'GET', path: /\/lists/ },
  'the user of the key': { service: 'activecampaign', method: 'GET', path: /users\/me/ },
  'a membership write': { service: 'activecampaign', method: 'POST', path: /contactLists/ },
};
describe('a fault on any route, once or all night', () => {
  for (const [where, route] of Object.entries(ROUTES))
    for (const [what, kind] of Object.entries(KINDS))
      for (const more of often(what))
        it(`${where} ${what}${inWords(more)}`, async () => {
          const { town, back, boxed, left } = await lived();
          const boxes = () =>
            [...boxed.contacts, ...boxed.leads, ...left.contacts, ...left.leads].map((id) => town.box(id));
          const fault = town.sandbox.faults.add({ ...route, ...kind, ...more } as Fault);
          const report = await town.night();
          if (more.skip === undefined) expect(fault.hits).toBeGreaterThan(0);
          expect([0, 1, 3, 5]).toContain(report.exitCode);
          expect(report.outcome === 'done').toBe(report.failures.length === 0 && report.refusal === null);
          expect([boxed.contacts[0], town.box(boxed.contacts[0] ?? '')]).toEqual([boxed.contacts[0], true]);
          town.sandbox.faults.clear();

          const after = await town.night();
          expect(after).toMatchObject({ outcome: 'done', failures: [] });
          expect(boxes()).toEqual(Array(boxes().length).fill(true));
          expect([town.status(boxed.ac, 'News'), town.status(boxed.ac, 'Offers')]).toEqual([2, 2]);
          expect(town.box(back.contacts[0] ?? '')).toBe(false);
          expect(town.status(back.ac, 'News')).toBe(1);
          town.sandbox.requests.reset();
          expect((await town.night()).counts.writes).toBe(0);
          expect(town.writes()).toEqual([]);
          // Seven opt-out writes and one that is taken back: each once in the audit, whatever was repeated.
          town.store((store) => expect(verifyAudit(store)).toEqual({ rows: 8, brokenAt: null }));
        });
});

describe('one bad row', () => {
  it('a validation rule fails for one person, in the admin’s words, and the others are settled', async () => {
    const { town, boxed, left } = await lived();
    const undo = town.sandbox.org.addRule('Lead', {
      when: (row) => row.Id === left.leads[0] && row[BOX] === true,
      message: 'Ask legal first',
    });
    const report = await town.night();
    expect(report).toMatchObject({ outcome: 'partly', exitCode: 5 });
    expect(report.failures).toHaveLength(1);
    expect(report.failures[0]).toMatchObject({ person: left.email });
    expect(report.failures[0]?.words).toContain('Ask legal first');
    expect(decisionOn(report, boxed)).toBe('salesforce-opt-out: done');
    expect(town.box(left.contacts[0] ?? '')).toBe(true);
    undo();
    expect(decisionOn(await town.night(), left)).toBe('same-address: done');
  });

  it('what was refused is nobody’s doing but theirs who do it before the next night', async () => {
    const { town, boxed } = await lived();
    const refused = town.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    expect(decisionOn(await town.night(), boxed)).toBe('salesforce-opt-out: failed');
    refused.off();
    for (const list of ['News', 'Offers'])
      town.sandbox.account.unsubscribe(boxed.ac, town.list(list), { by: 'contact' });
    expect(decisionOn(await town.night(), boxed)).toBe('agreed: nothing');
    const sides = town.store((store) => store.all('SELECT side FROM audit_entries WHERE address = ?', boxed.email));
    expect(sides).toEqual([{ side: 'salesforce' }, { side: 'salesforce' }]);
  });

  it('a locked row is tried again', async () => {
    const { town, left } = await lived();
    town.sandbox.org.lock(left.leads[0] ?? '', 4);
    expect(await town.night()).toMatchObject({ outcome: 'done' });
    expect(town.box(left.leads[0] ?? '')).toBe(true);
  });

  it('a bounce that could be set on one record only is still a bounce when the other follows', async () => {
    const town = aTown();
    const dan = town.plant('dan', { contacts: [false, false], lists: { News: 1 }, hardBounced: true });
    const undo = town.sandbox.org.addRule('Contact', {
      when: (row) => row.Id === dan.contacts[1] && row[BOX] === true,
      message: 'no',
    });
    expect(decisionOn(await town.night(), dan)).toBe('hard-bounce: failed');
    undo();
    expect(decisionOn(await town.night(), dan)).toBe('same-address: done');
    town.store((store) => expect(store.agreement(dan.email)).toMatchObject({ kind: 'out', cause: 'bounce' }));
  });
});

describe('in the middle of a run', () => {
  it('an expired token is renewed', async () => {
    const { town } = await lived();
    town.sandbox.faults.add({
      service: 'salesforce',
      method: 'GET',
      path: /query\?/,
      times: 1,
      kind: 'run',
      run: () => town.sandbox.org.grants.expireTokens(),
    });
    expect(await town.night()).toMatchObject({ outcome: 'done' });
  });

  it('the org’s daily limit ends the run with Salesforce’s own words', async () => {
    const { town } = await lived();
    town.sandbox.faults.add({
      service: 'salesforce',
      method: 'PATCH',
      kind: 'run',
      run: () => void Object.assign(town.sandbox.org.apiLimit, { used: town.sandbox.org.apiLimit.max }),
    });
    const report = await town.night();
    expect(report.outcome).not.toBe('done');
    expect(JSON.stringify(report.failures)).toContain('TotalRequests Limit exceeded');
    Object.assign(town.sandbox.org.apiLimit, { used: 0 });
    town.sandbox.faults.clear();
    expect(await town.night()).toMatchObject({ outcome: 'done' });
  });

  it('somebody who joins another list between reading and writing is unsubscribed there the next night', async () => {
    const { town, boxed } = await lived();
    town.sandbox.account.unsubscribe(boxed.ac, town.list('Offers'));
    town.sandbox.faults.add({
      service: 'activecampaign',
      method: 'POST',
      path: /contactLists/,
      times: 1,
      kind: 'run',
      run: () => void town.sandbox.account.subscribe(boxed.ac, town.list('Offers'), { by: 'admin' }),
    });
    expect(decisionOn(await town.night(), boxed)).toBe('salesforce-opt-out: failed');
    expect(decisionOn(await town.night(), boxed)).toBe('salesforce-opt-out: done');
    expect(town.status(boxed.ac, 'Offers')).toBe(2);
  });
});

describe('a service that is lost for the writes', () => {
  it('ends the run once that is clear: nobody else is tried', async () => {
    const { town } = await lived();
    for (let n = 0; n < 6; n++) town.plant(`many${n}`, { contacts: [false], lists: { News: 2 } });
    town.sandbox.faults.add({ service: 'salesforce', method: 'PATCH', kind: 'drop' });
    expect(await town.night()).toMatchObject({ outcome: 'failed', exitCode: 1 });
    town.sandbox.faults.clear();
    expect(await town.night()).toMatchObject({ outcome: 'done', failures: [] });
  });
});

describe('a half that has to be tried again', () => {
  it('finishes with the half that was done before it', async () => {
    const { town, boxed } = await lived();
    town.sandbox.org.lock(boxed.leads[0] ?? '', 4);
    expect(decisionOn(await town.night(), boxed)).toBe('salesforce-opt-out: done');
  });

  it('is written again only where it is not there', async () => {
    const { town, boxed } = await lived();
    const clear = boxed.contacts[1] ?? '';
    const stamp = () => town.sandbox.org.get('Contact', clear)?.SystemModstamp;
    const stamps: unknown[] = [];
    town.sandbox.org.lock(boxed.leads[0] ?? '', 4);
    // The clock goes on after the first write, so that another one would have another stamp.
    const run = () => {
      stamps.push(stamp());
      town.clock.advance(60_000);
    };
    town.sandbox.faults.add({ service: 'salesforce', method: 'PATCH', kind: 'run', when: 'after', run });
    expect(decisionOn(await town.night(), boxed)).toBe('salesforce-opt-out: done');
    expect(stamps.length).toBeGreaterThan(3);
    expect(stamp()).toEqual(stamps[0]);
  });

  it('may be one that ActiveCampaign refused a good key, which it does now and then', async () => {
    const { town, boxed } = await lived();
    const fault = town.sandbox.faults.add({
      service: 'activecampaign',
      method: 'POST',
      path: /contactLists/,
      times: 1,
      kind: 'status',
      status: 403,
      body: { message: 'Forbidden' },
    });
    expect(decisionOn(await town.night(), boxed)).toBe('salesforce-opt-out: done');
    expect(fault.hits).toBe(1);
  });

  it('may be that the account is suspended: nobody else is tried', async () => {
    const { town } = await lived();
    for (let n = 0; n < 40; n++) town.plant(`many${n}`, { contacts: [true, false], lists: { News: 1 } });
    const body = { message: 'Payment Required' };
    const fault = {
      service: 'activecampaign',
      method: 'POST',
      path: /contactLists/,
      kind: 'status',
      status: 402,
    } as const;
    const handle = town.sandbox.faults.add({ ...fault, body });
    expect((await town.night()).outcome).toBe('failed');
    expect(handle.hits).toBeLessThan(20);
  });

  it('may be one lost call for many people: the night goes on', async () => {
    const { town } = await lived();
    for (let n = 0; n < 20; n++) town.plant(`many${n}`, { contacts: [false], lists: { News: 2 } });
    town.sandbox.faults.add({ service: 'salesforce', method: 'PATCH', times: 1, kind: 'drop' });
    expect(await town.night()).toMatchObject({ outcome: 'done', failures: [] });
  });
});
