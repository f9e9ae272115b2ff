import { describe, expect, it } from 'vitest';
import type { AcContact, AcMembership } from '../../src/activecampaign/activecampaign.ts';
import { factOf, unknownOf } from '../../src/companion/known.ts';
import { aTown } from './a-town.ts';
import { decisionOn } from './town.ts';

/** What the rules are told of a contact. */

/** A town whose account gives no tags, neither with the contacts nor of one alone. */
function withoutTags() {
  const here = aTown();
  const { fetch, faults } = here.sandbox;
  faults.add({ service: 'activecampaign', path: /\/contactTags/, kind: 'cut' });
  Object.assign(here.sandbox, {
    fetch: async (...[input, init]: Parameters<typeof fetch>) => {
      const reply = await fetch(input, init);
      if (!/\/contacts\?/.test(String(input))) return reply;
      const { contactTags: _, ...body } = (await reply.json()) as Record<string, unknown>;
      return Response.json(body, { headers: reply.headers });
    },
  });
  return here;
}

const row = (id: string, channel: string | null = null): AcMembership => ({
  id,
  list: '1',
  status: 1,
  subscribedAt: null,
  unsubscribedAt: null,
  sourceid: null,
  unsubscribeReason: null,
  campaign: null,
  form: null,
  unsubscribeAutomation: null,
  channel,
});
const contact = (over: Partial<AcContact>): AcContact => ({
  id: '7',
  email: 'ann.lee@example.com',
  firstName: '',
  lastName: '',
  bouncedHard: 0,
  bouncedSoft: 0,
  bouncedAt: null,
  gone: false,
  memberships: [],
  tags: [],
  ...over,
});

describe('a contact', () => {
  it('is unknown whose memberships or whose tags did not all come: neither is read as none', () => {
    expect(unknownOf(contact({}))).toBeNull();
    expect(unknownOf(contact({ memberships: undefined }))).toContain('memberships');
    expect(unknownOf(contact({ tags: undefined }))).toContain('tags');
  });

  it('of whom no tags came is reported, though nobody has said anything about them in Salesforce', async () => {
    const here = withoutTags();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const ben = here.plant('ben', { contacts: [false], lists: { News: 1 } });
    const report = await here.night();
    expect([decisionOn(report, ann), decisionOn(report, ben)]).toEqual(['unknown: nothing', 'unknown: nothing']);
    expect(here.writes()).toEqual([]);
  });

  it('is told of without the rows that say themselves that they are about text messages, whatever their list', () => {
    const memberships = [row('1'), row('2', 'sms'), row('3', 'email')];
    expect(factOf(contact({ memberships })).memberships.map(({ id }) => id)).toEqual(['1', '3']);
  });
});
