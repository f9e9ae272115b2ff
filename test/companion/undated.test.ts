import { describe, expect, it } from 'vitest';
import { createJsforce } from '../../src/salesforce/jsforce.ts';
import { aTown } from './a-town.ts';
import { BOX, decisionOn, type Town } from './town.ts';

/** A proxy takes the `Date` header off Salesforce's replies. */
function nightWithoutDate(here: Town) {
  const { url, auth } = here.config.salesforce;
  const surroundings = here.surroundings();
  const fetch: Town['sandbox']['fetch'] = async (...request) => {
    const reply = await here.sandbox.fetch(...request);
    const headers = new Headers(reply.headers);
    headers.delete('date');
    return new Response(await reply.arrayBuffer(), { status: reply.status, headers });
  };
  return here.night({}, { ...surroundings, salesforce: createJsforce({ ...surroundings, fetch, url, auth }) });
}

describe('Salesforce without a clock', () => {
  it('an opt-out on a record that was deleted the same day crosses all the same, and somebody is told', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false, false], lists: { News: 1 } });
    const { warnings } = await nightWithoutDate(here);
    expect(warnings.join()).toContain('Salesforce does not say the time');
    const { org } = here.sandbox;
    const [gone = '', left = ''] = ann.contacts;
    org.update('Contact', gone, { [BOX]: true });
    org.remove('Contact', gone);
    expect(decisionOn(await nightWithoutDate(here), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(left), here.status(ann.ac, 'News')]).toEqual([true, 2]);
    expect(decisionOn(await nightWithoutDate(here), ann)).toBe('agreed: nothing');
  });
});
