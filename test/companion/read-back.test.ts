import { describe, expect, it } from 'vitest';
import { auditRows } from '../../src/companion/audit.ts';
import { aTown } from './a-town.ts';
import { first, settledOut } from './life.ts';
import { BOX, decisionOn, type Town } from './town.ts';

/** What is read back after the writes, where a service gives less than it was asked for: it is not known what became of them. */

/** From the first write on replies come with `change`, until it is called off. */
function onceWritten(here: Town, change: (reply: string, address: string) => string): () => void {
  const { fetch } = here.sandbox;
  const before = here.writes().length;
  Object.assign(here.sandbox, {
    fetch: async (...[input, init]: Parameters<typeof fetch>) => {
      const reads = here.writes().length > before;
      const reply = await fetch(input, init);
      return reads ? new Response(change(await reply.text(), decodeURIComponent(String(input))), reply) : reply;
    },
  });
  return () => void Object.assign(here.sandbox, { fetch });
}

const withoutBox = (reply: string) => reply.replace(new RegExp(`"${BOX}":(true|false)`, 'g'), `"${BOX}":null`);
const audited = (here: Town) => here.store((store) => [...auditRows(store)].map(({ change }) => change.now));

describe('a box that does not come back', () => {
  it('is not known to be set, and is in the audit once it is', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const off = onceWritten(here, withoutBox);
    expect(decisionOn(await here.night(), ann)).toBe('unsubscribed-from-all: failed');
    expect([here.box(first(ann.contacts)), audited(here)]).toEqual([true, []]);
    off();
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    expect(audited(here)).toEqual(['true']);
  });

  it('is not known to be clear, and is in the audit once it is', async () => {
    const here = aTown();
    const ann = await settledOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    const off = onceWritten(here, withoutBox);
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: failed');
    expect([here.box(ann.record), audited(here)]).toEqual([false, ['true']]);
    off();
    await here.night();
    expect(audited(here)).toEqual(['true', 'false']);
  });
});

describe('a contact whose memberships do not come back', () => {
  it('is not known to be unsubscribed, and is in the audit once it is; others are not held up', async () => {
    const here = aTown();
    const [ann, ben] = ['ann', 'ben'].map((name) => here.plant(name, { contacts: [true], lists: { News: 1 } }));
    here.sandbox.faults.add({
      service: 'activecampaign',
      method: 'GET',
      path: new RegExp(`/contacts/${ann!.ac}/contactLists`),
      kind: 'cut',
    });
    const off = onceWritten(here, (reply, address) => {
      if (!/\/contacts\?/.test(address)) return reply;
      const body = JSON.parse(reply) as { contactLists: { contact: string }[] };
      return JSON.stringify({ ...body, contactLists: body.contactLists.filter(({ contact }) => contact !== ann!.ac) });
    });
    const report = await here.night();
    expect([decisionOn(report, ann!), decisionOn(report, ben!)]).toEqual([
      'salesforce-opt-out: failed',
      'salesforce-opt-out: done',
    ]);
    off();
    here.sandbox.faults.clear();
    expect(audited(here)).toEqual(['2']);
    await here.night();
    expect(audited(here)).toEqual(['2', '2']);
  });
});

describe('contacts that do not come together', () => {
  it('are read back one by one, so that one that cannot be read holds nobody else up', async () => {
    const here = aTown();
    const both = ['ann', 'ben'].map((name) => here.plant(name, { contacts: [true], lists: { News: 1 } }));
    const ann = `id_greater=${Number(both[0]?.ac) - 1}&limit=1&`;
    for (const path of [/ids%5B%5D/, new RegExp(ann)])
      here.sandbox.faults.add({ service: 'activecampaign', path, kind: 'status', status: 400 });
    const report = await here.night();
    expect(both.map((person) => decisionOn(report, person))).toEqual([
      'salesforce-opt-out: failed',
      'salesforce-opt-out: done',
    ]);
  });
});
