import { describe, expect, test } from 'vitest';
import type { About, Names, Status } from '../../../src/extension/messages.ts';
import { whySays } from '../../../src/extension/overlay/more/why.ts';
import type { Model } from '../../../src/extension/overlay/overlay.ts';
import { ABOUT, NOW, RECORD, STATUSES } from '../../e2e/statuses.ts';
import { english } from './english.ts';

const why = (status: Status, about: About, names: Names = {}): string => {
  const model: Model = {
    record: RECORD,
    status,
    about,
    names,
    gone: false,
    open: true,
    busy: null,
    refused: null,
    now: NOW,
  };
  return whySays({ model, words: english() });
};
const out: Status = STATUSES['opted-out'];
const inAcOnly: Status = STATUSES['differs-activecampaign'];

describe('why is she opted out?', () => {
  test('by your own click, while it stands', () => {
    expect(why(out, ABOUT.clicked)).toMatch(/^Opted out by you on this page, .*2026.*\.$/);
  });

  test('by the last list that she left, and by whom the box was set', () => {
    const left = { ...out, lists: STATUSES.subscribed.lists.slice(2) };
    const box = 'Salesforce set by Sam Roe on Mar 3, 2025.';
    expect(why(left, ABOUT.changed)).toBe(
      `Unsubscribed from Events on Mar 3 by the link in campaign 7: “too many”; ${box}`,
    );
    expect(why(left, ABOUT.changed, { 'campaign 7': 'Spring offer' })).toBe(
      `Unsubscribed from Events on Mar 3 by the link in campaign “Spring offer”: “too many”; ${box}`,
    );
  });

  test('and by the nightly run', () => {
    const boxes = [{ record: RECORD, by: null, at: '2026-03-04T04:00:00Z' }];
    const left = { ...out, lists: STATUSES.subscribed.lists.slice(2) };
    expect(why(left, { ...ABOUT.changed, boxes }, { 'campaign 7': 'Spring offer' })).toMatch(
      /“Spring offer”: “too many”; Salesforce set by the nightly sync on Mar 4\.$/,
    );
  });

  test('by the last list that you ended yourself, which no campaign is the cause of', () => {
    const [newsletter] = STATUSES['opted-out'].lists;
    const alone = { ...inAcOnly, lists: newsletter ? [newsletter] : [] };
    expect(why(alone, ABOUT.left)).toBe('Unsubscribed from Newsletter on Nov 21 by you on this page.');
  });

  test('by a bounce, in the words of the mail server', () => {
    expect(why(inAcOnly, ABOUT.bounced)).toBe('Mail came back for good on May 12: “550 5.1.1 User unknown”.');
  });

  test('by the box alone, while ActiveCampaign still mails: a list left long ago is no reason', () => {
    expect(why(STATUSES.differs, ABOUT.changed)).toBe('Salesforce set by Sam Roe on Mar 3, 2025.');
  });

  test('by the box alone, of which no history says more', () => {
    expect(why(STATUSES.differs, ABOUT.nothing)).toBe('Set in Salesforce, which shows neither by whom nor when.');
  });

  test('by one of two contacts that left a list, while the other is still mailed', () => {
    const twins = [{ email: 'Ann.Lee@example.com', url: '' }];
    const status = { ...STATUSES.subscribed, twins, optedOut: true };
    expect(why(status, ABOUT.nothing)).toMatch(/^Unsubscribed from Events on Mar 3 by the link in campaign 7/);
  });

  test('nothing says why, and that is said', () => {
    expect(why({ ...inAcOnly, lists: [] }, ABOUT.nothing)).toBe('Nothing on either side says why.');
  });

  test.each(['subscribed', 'pending'] as const)('%s: nothing is said', (name) => {
    expect(why(STATUSES[name], ABOUT.clicked)).toBe('');
  });
});
