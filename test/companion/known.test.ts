import { describe, expect, it } from 'vitest';
import type { AcContact, AcMembership } from '../../src/activecampaign/activecampaign.ts';
import { factOf, unknownOf } from '../../src/companion/known.ts';

/** What the rules are told of a contact. */

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

  it('is told of without the rows that say themselves that they are about text messages, whatever their list', () => {
    const memberships = [row('1'), row('2', 'sms'), row('3', 'email')];
    expect(factOf(contact({ memberships })).memberships.map(({ id }) => id)).toEqual(['1', '3']);
  });
});
