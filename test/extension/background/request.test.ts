import { describe, expect, test } from 'vitest';
import { parsePage } from '../../../src/extension/background/page-request.ts';
import { parsePanel } from '../../../src/extension/background/panel-request.ts';
import { parseFirst } from '../../../src/extension/background/request.ts';

/** What a content script says, in whichever of the two scripts it is answered. */
const parseMessage = (message: unknown) => parseFirst(message) ?? parsePanel(message);

const record = '003000000000001AAA';

describe('a well-formed message is taken', () => {
  test.each([
    { kind: 'seen', record },
    { kind: 'status', record, fresh: false },
    { kind: 'status', record: record.slice(0, 15), fresh: true },
    { kind: 'opt-out', record: '00Q000000000001' },
    { kind: 'sign-in', record },
    { kind: 'about', record },
    { kind: 'unsubscribe', record, list: '12' },
    { kind: 'undo', record, act: '0b9e6c1e-6a57-4c5c-8f0e-0d6f2f6f5a11' },
    { kind: 'opt-in', record, reason: 'phone', words: '', lists: [] },
    { kind: 'opt-in', record, reason: 'other', words: 'at the fair', lists: ['1', '4'] },
    { kind: 'session-changed', host: 'acme--uat.sandbox.my.salesforce.com' },
    { kind: 'left' },
    { kind: 'list' },
    { kind: 'marks', addresses: ['ann@example.com', ''] },
    { kind: 'settings-changed' },
    { kind: 'overview', tab: 7, read: false },
    { kind: 'account' },
    { kind: 'retry', act: '0b9e6c1e-6a57-4c5c-8f0e-0d6f2f6f5a11' },
    { kind: 'discard', act: '0b9e6c1e-6a57-4c5c-8f0e-0d6f2f6f5a11' },
    { kind: 'open-panel', tab: -1 },
  ])('%o', (message) => {
    expect(parseMessage(message) ?? parsePage(message)).toEqual(message);
  });
});

describe('anything else is refused unread', () => {
  test.each([
    undefined,
    null,
    'opt-out',
    [],
    {},
    { kind: 7 },
    { kind: 'constructor' },
    { kind: 'toString', record },
    { kind: 'opt-in', record },
    { kind: 'opt-in', record, reason: 'because', words: '', lists: [] },
    { kind: 'opt-in', record, reason: 'other', words: '  ', lists: [] },
    { kind: 'opt-in', record, reason: 'phone', words: 'x'.repeat(501), lists: [] },
    { kind: 'opt-in', record, reason: 'phone', words: '', lists: 'all' },
    { kind: 'opt-in', record, reason: 'phone', words: '', lists: [1] },
    { kind: 'unsubscribe', record },
    { kind: 'unsubscribe', record, list: 'all' },
    { kind: 'undo', record },
    { kind: 'undo', record, act: '../x' },
    { kind: 'about' },
    { kind: 'seen' },
    { kind: 'seen', record: 3 },
    { kind: 'seen', record: '003' },
    { kind: 'seen', record: '001000000000001AAA' },
    { kind: 'opt-out', record: "003000000000001'--" },
    { kind: 'opt-out', record: [record] },
    { kind: 'status', record },
    { kind: 'status', record, fresh: 'yes' },
    { kind: 'marks' },
    { kind: 'marks', addresses: 'ann@example.com' },
    { kind: 'marks', addresses: [7] },
    { kind: 'marks', addresses: ['a'.repeat(101)] },
    { kind: 'marks', addresses: Array.from({ length: 201 }, (_, n) => `a${n}@example.com`) },
    { kind: 'overview' },
    { kind: 'overview', tab: '7', read: false },
    { kind: 'overview', tab: 7 },
    { kind: 'retry' },
    { kind: 'retry', act: "'" },
    { kind: 'discard' },
    { kind: 'discard', act: 7 },
    { kind: 'open-panel', tab: 1.5 },
    { kind: 'session-changed' },
    { kind: 'session-changed', host: 'evil.com' },
    { kind: 'session-changed', host: 'acme.my.salesforce.com.evil.com' },
    { kind: 'session-changed', host: 'acme.my.salesforce.com/evil' },
  ])('%o', (message) => {
    expect(parseMessage(message) ?? parsePage(message)).toBeUndefined();
  });
});

test('what pages say and what content scripts say are told apart', () => {
  expect(parseMessage({ kind: 'settings-changed' })).toBeUndefined();
  expect(parseMessage({ kind: 'overview', tab: 7, read: false })).toBeUndefined();
  expect(parsePage({ kind: 'opt-out', record })).toBeUndefined();
});
