import { describe, expect, test } from 'vitest';
import { pageSpeaker } from '../../../src/extension/background/page-sender.ts';
import { recordSpeaker, type Sender, tabSpeaker } from '../../../src/extension/background/sender.ts';

const SELF = { id: 'abcdefghijklmnopabcdefghijklmnop', origin: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop' };
const RECORD = '003Ab00000CdEfGIAV';
const ORIGIN = 'https://acme.lightning.force.com';

/** The overlay on the second record of a tab: `url` still names the first, as in every browser after `pushState`. */
const OVERLAY: Sender = {
  id: SELF.id,
  frameId: 0,
  documentId: 'doc',
  origin: ORIGIN,
  url: `${ORIGIN}/lightning/r/Contact/003000000000001AAA/view`,
  tab: { id: 7, url: `${ORIGIN}/lightning/r/Contact/${RECORD}/view` },
};

const OPTIONS: Sender = {
  id: SELF.id,
  frameId: 0,
  origin: SELF.origin,
  url: `${SELF.origin}/src/extension/options/index.html`,
  tab: { id: 9, url: `${SELF.origin}/src/extension/options/index.html` },
};

describe('a content script on a record page', () => {
  test('may speak about the record that its tab shows', () => {
    expect(recordSpeaker(OVERLAY, SELF, RECORD)).toEqual({
      ok: true,
      speaker: { record: RECORD, host: 'acme.my.salesforce.com', tabId: 7, documentId: 'doc' },
    });
  });

  test('may say the id in its 15-character form', () => {
    expect(recordSpeaker(OVERLAY, SELF, RECORD.slice(0, 15))).toMatchObject({ ok: true, speaker: { record: RECORD } });
  });

  test('may speak from a tab whose address holds the 15-character form', () => {
    const short = { ...OVERLAY, tab: { id: 7, url: `${ORIGIN}/lightning/r/${RECORD.slice(0, 15)}/view` } };
    expect(recordSpeaker(short, SELF, RECORD)).toMatchObject({ ok: true, speaker: { record: RECORD } });
  });

  test('speaks for the sandbox whose page it is on', () => {
    const origin = 'https://acme--uat.sandbox.lightning.force.com';
    const uat = { ...OVERLAY, origin, tab: { id: 7, url: `${origin}/lightning/r/Lead/00QAb00000CdEfGMAV/view` } };
    expect(recordSpeaker(uat, SELF, '00QAb00000CdEfGMAV')).toMatchObject({
      speaker: { host: 'acme--uat.sandbox.my.salesforce.com' },
    });
  });
});

describe('refused', () => {
  const at = (url: string): Partial<Sender> => ({ tab: { id: 7, url } });
  const without = (key: keyof Sender): Partial<Sender> => ({ [key]: undefined });
  const rows: readonly [why: string, change: Partial<Sender>, refused: string][] = [
    ['another extension', { id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }, 'another extension'],
    ['nobody says who', without('id'), 'another extension'],
    ['a frame inside the page', { frameId: 3 }, 'not the top frame'],
    ['a sender without a frame', without('frameId'), 'not the top frame'],
    ['a sender outside any tab', without('tab'), 'not a tab'],
    ['a tab whose address is not known yet', { tab: { id: 7, url: '' } }, 'the tab shows another site'],
    ['a tab without an address', { tab: { id: 7 } }, 'not a tab'],
    ['a sender without an origin', without('origin'), 'not a Salesforce page'],
    ['a page of another site', { origin: 'https://example.com' }, 'not a Salesforce page'],
    ['a site whose name only ends alike', { origin: 'https://evillightning.force.com' }, 'not a Salesforce page'],
    [
      'a site that has Lightning in front',
      { origin: 'https://acme.lightning.force.com.evil.com' },
      'not a Salesforce page',
    ],
    ['the API host, where no detector runs', { origin: 'https://acme.my.salesforce.com' }, 'not a Salesforce page'],
    ['a page without encryption', { origin: 'http://acme.lightning.force.com' }, 'not a Salesforce page'],
    ['a page on a port of its own', { origin: 'https://acme.lightning.force.com:8443' }, 'not a Salesforce page'],
    ['one of our own pages', { origin: SELF.origin }, 'not a Salesforce page'],
    [
      'a tab that went to another org',
      at(`https://other.lightning.force.com/lightning/r/${RECORD}/view`),
      'the tab shows another site',
    ],
    [
      'a tab with another record',
      at(`${ORIGIN}/lightning/r/Contact/003000000000001AAA/view`),
      'the tab shows another record',
    ],
    [
      'a tab whose record differs in case only',
      at(`${ORIGIN}/lightning/r/Contact/003ab00000CdEfG/view`),
      'the tab shows another record',
    ],
    ['a tab with an account', at(`${ORIGIN}/lightning/r/Account/001000000000001AAA/view`), 'the tab shows no record'],
    ['a tab with a list of contacts', at(`${ORIGIN}/lightning/o/Contact/list`), 'the tab shows no record'],
    [
      'a tab that has the id in its query only',
      at(`${ORIGIN}/lightning/page/home?r=/lightning/r/${RECORD}/view`),
      'the tab shows no record',
    ],
  ];
  test('nobody at all', () => {
    expect(recordSpeaker({}, SELF, RECORD)).toEqual({ ok: false, refused: 'another extension' });
    expect(pageSpeaker({}, SELF)).toEqual({ ok: false, refused: 'another extension' });
  });

  test.each(rows)('%s', (_, change, refused) => {
    expect(recordSpeaker({ ...OVERLAY, ...change }, SELF, RECORD)).toEqual({ ok: false, refused });
  });
});

describe('a content script on any Lightning page', () => {
  const LIST: Sender = { ...OVERLAY, tab: { id: 7, url: `${ORIGIN}/lightning/o/Contact/list?filterName=Recent` } };

  test('may speak about its tab, whatever that shows', () => {
    const speaker = { host: 'acme.my.salesforce.com', tabId: 7, documentId: 'doc' };
    for (const sender of [LIST, OVERLAY]) expect(tabSpeaker(sender, SELF)).toEqual({ ok: true, speaker });
  });

  const rows: readonly [why: string, change: Partial<Sender>, refused: string][] = [
    ['of another extension', { id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }, 'another extension'],
    ['that says nothing of itself', { id: undefined }, 'another extension'],
    ['in a frame inside the page', { frameId: 3 }, 'not the top frame'],
    ['outside any tab', { tab: undefined }, 'not a tab'],
    ['on a page of another site', { origin: 'https://example.com' }, 'not a Salesforce page'],
    ['on a site whose name only ends alike', { origin: 'https://evillightning.force.com' }, 'not a Salesforce page'],
    ['without an origin', { origin: undefined }, 'not a Salesforce page'],
    ['that is one of our own pages', { origin: SELF.origin }, 'not a Salesforce page'],
    [
      'whose tab went to another org',
      { tab: { id: 7, url: 'https://other.lightning.force.com/lightning/o/Contact/list' } },
      'the tab shows another site',
    ],
  ];
  test.each(rows)('is not one %s', (_, change, refused) => {
    expect(tabSpeaker({ ...LIST, ...change }, SELF)).toEqual({ ok: false, refused });
  });
});

describe('a page of the extension', () => {
  test('may speak', () => {
    expect(pageSpeaker(OPTIONS, SELF)).toEqual({ ok: true, speaker: null });
  });

  const rows: readonly [why: string, sender: Sender, refused: string][] = [
    ['another extension’s page', { ...OPTIONS, id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }, 'another extension'],
    ['a content script of ours', OVERLAY, 'not a page of ours'],
    ['a content script that has no origin', { ...OVERLAY, origin: undefined }, 'not a page of ours'],
    [
      'a page whose address only begins alike',
      { ...OPTIONS, origin: undefined, url: `${SELF.origin}.evil.com/` },
      'not a page of ours',
    ],
    ['a sender without an address', { ...OPTIONS, url: undefined }, 'not a page of ours'],
  ];
  test.each(rows)('is not %s', (_, sender, refused) => {
    expect(pageSpeaker(sender, SELF)).toEqual({ ok: false, refused });
  });
});
