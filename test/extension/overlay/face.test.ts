import { describe, expect, test } from 'vitest';
import type { ListLine, Problem, Status } from '../../../src/extension/messages.ts';
import { faceOf } from '../../../src/extension/overlay/face.ts';
import { meaningOf } from '../../../src/extension/overlay/more/meaning.ts';
import type { Model } from '../../../src/extension/overlay/overlay.ts';
import { PILL_TEXTS } from '../../../src/extension/overlay/pill-texts.ts';
import { createWords } from '../../../src/extension/overlay/words.ts';
import { NOW, RECORD, STATUSES } from '../../e2e/statuses.ts';
import { textsOf } from '../locales.ts';
import { english } from './english.ts';

const model = (status: Status | null, part: Partial<Model> = {}): Model => ({
  record: RECORD,
  status,
  gone: false,
  about: null,
  names: {},
  open: false,
  busy: null,
  refused: null,
  now: NOW,
  ...part,
});
const pill = (status: Status | null, part: Partial<Model> = {}) => {
  const { label, detail, countdown } = faceOf(model(status, part), english());
  return [label, detail, countdown].filter(Boolean).join(' | ');
};

describe('the pill says', () => {
  test.each([
    ['loading', 'Reading…'],
    ['subscribed', 'Subscribed | 2 of 3 lists'],
    ['opted-out', 'Opted out | since Nov 21'],
    ['differs', 'Systems differ | Salesforce out, AC on 2 lists'],
    ['differs-part', 'Systems differ | Salesforce out on 1 of 2 records, AC on 2 lists'],
    ['differs-activecampaign', 'Systems differ | Salesforce in, AC out'],
    ['pending', 'Opting out | queued, try 2 | trying again in 40 sec'],
    ['not-in-activecampaign', 'Not in ActiveCampaign | Salesforce in'],
    ['not-in-activecampaign-out', 'Opted out | Salesforce out'],
    ['no-email', 'No email address'],
    ['signed-out', 'Sign in to see email status'],
    ['unavailable', 'Unavailable | ActiveCampaign is busy | trying again in 8 sec'],
    ['not-configured', 'Unavailable | ActiveCampaign is not set up yet'],
  ] as const)('%s: %s', (name, words) => {
    expect(pill(STATUSES[name])).toBe(words);
  });

  test('reading, while nothing is known', () => {
    expect(pill(null)).toBe('Reading…');
  });

  test('on no list, when somebody may be emailed but is on none', () => {
    const lists = STATUSES.subscribed.lists.map((line) => ({ ...line, status: 'unconfirmed' as const }));
    expect(pill({ ...STATUSES.subscribed, lists })).toBe('Subscribed | on no list');
  });

  test('of ActiveCampaign what is so: somebody unconfirmed is not out there, and somebody bounced off no list is not unknown', () => {
    const part = STATUSES['differs-part'];
    const all = (status: ListLine['status']) => part.lists.map((line) => ({ ...line, status }));
    const SALESFORCE = 'Systems differ | Salesforce out on 1 of 2 records, ';
    expect(pill({ ...part, lists: all('unconfirmed') })).toBe(`${SALESFORCE}AC on 0 lists`);
    expect(pill({ ...part, lists: all('unsubscribed') })).toBe(`${SALESFORCE}AC out`);
    expect(pill({ ...part, lists: [], activeCampaignUrl: null })).toBe(`${SALESFORCE}not in AC`);
    expect(pill({ ...STATUSES['differs-activecampaign'], lists: [] })).toBe('Systems differ | Salesforce in, AC out');
  });

  test('trying again any moment, when the time has come: nobody may be there to do it just then', () => {
    expect(pill(STATUSES.unavailable, { now: NOW + 8_000 })).toBe(
      'Unavailable | ActiveCampaign is busy | trying again any moment',
    );
  });

  test('to refresh the tab when the extension is gone, whatever was known', () => {
    const face = faceOf(model(STATUSES.subscribed, { gone: true }), english());
    expect(face).toMatchObject({
      state: 'unavailable',
      tone: 'warn',
      label: 'Refresh this tab',
      detail: '',
      countdown: '',
    });
  });
});

describe('the panel says', () => {
  const words = (status: Status) => {
    const shown = model(status);
    return meaningOf({ model: shown, face: faceOf(shown, english()), words: english() });
  };

  test.each([
    ['differs', 'Salesforce says no, ActiveCampaign still mails 2 lists.'],
    ['differs-part', 'Salesforce says no on 1 of 2 records with this address; ActiveCampaign still mails 2 lists.'],
    ['differs-activecampaign', 'ActiveCampaign says no, Salesforce still allows email.'],
    ['opted-out', 'Saved in Salesforce and ActiveCampaign.'],
    ['not-in-activecampaign-out', 'Saved in Salesforce. ActiveCampaign does not know this address.'],
  ] as const)('%s: %s', (name, said) => {
    expect(words(STATUSES[name])).toBe(said);
  });

  test.each([
    ['unconfirmed', 'ActiveCampaign has it on no list'],
    ['unsubscribed', 'ActiveCampaign says no'],
  ] as const)('of ActiveCampaign, where the records differ and every list is %s: %s', (status, said) => {
    const lists = STATUSES['differs-part'].lists.map((line) => ({ ...line, status }));
    expect(words({ ...STATUSES['differs-part'], lists })).toMatch(`with this address; ${said}.`);
    expect(words({ ...STATUSES['differs-part'], lists: [], activeCampaignUrl: null })).toMatch(/does not know it/);
  });

  test('saved in Salesforce only, for somebody opted out whom ActiveCampaign does not know', () => {
    expect(words({ ...STATUSES['opted-out'], lists: [], activeCampaignUrl: null })).toMatch(/does not know/);
  });

  test('a title and a sentence in every state', () => {
    for (const status of Object.values(STATUSES)) {
      const face = faceOf(model(status), english());
      expect(face.title).not.toBe('');
      expect(face.words).not.toBe('');
    }
  });
});

describe('what the pill says', () => {
  const PROBLEMS: readonly Problem['kind'][] = [
    'unauthorised',
    'forbidden',
    'not-found',
    'rate-limited',
    'rejected',
    'unreachable',
    'malformed',
    'not-configured',
    'withdrawn',
    'other-org',
    'other-account',
  ];
  const problems = PROBLEMS.flatMap((kind) =>
    (['salesforce', 'activecampaign', 'optbridge'] as const).map(
      (service): Status => ({ ...STATUSES.unavailable, problem: { service, kind, words: '', retryAt: null } }),
    ),
  );
  const plain = Object.values<Status>(STATUSES);

  test('is among the texts that come with it, in every state and with every problem', () => {
    const asked = new Set<string>();
    const words = createWords(
      (name) => {
        asked.add(name.replace(/^overlay_/, ''));
        return textsOf('en')[name] ?? '';
      },
      { languages: ['en'] },
    );
    const undone = plain.flatMap((status) =>
      status.pending ? [{ ...status, pending: { ...status.pending, wish: 'undo' as const } }] : [],
    );
    const fewer = plain.flatMap((status) => [
      { ...status, lists: [], activeCampaignUrl: null },
      { ...status, lists: status.lists.slice(0, 1) },
    ]);
    for (const status of [null, ...plain, ...problems, ...undone, ...fewer])
      for (const part of [{}, { gone: true }, { now: NOW + 3_600_000 }]) faceOf(model(status, part), words);
    expect([...asked].filter((key) => key !== 'language' && !PILL_TEXTS.some((known) => known === key))).toEqual([]);
    // The name of the button, and what is read out, are put together from these (pill.ts, frame.ts).
    const unasked = PILL_TEXTS.filter((key) => !asked.has(key));
    expect(unasked).toEqual([]);
  });
});
