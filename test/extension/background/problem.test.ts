import { expect, test } from 'vitest';
import { NotConfigured, OwnFailure } from '../../../src/extension/background/problem.ts';
import { problemOf } from '../../../src/extension/background/problem-of.ts';
import { type FailureDetail, ServiceFailure } from '../../../src/service/failure.ts';

const failed = (detail: Partial<FailureDetail>) =>
  problemOf(new ServiceFailure({ service: 'salesforce', kind: 'rejected', call: 'GET /x', words: 'words', ...detail }));

test('what a service answered is told in its own words, with its code', () => {
  expect(failed({ status: 400, code: 'X_RULE', words: 'Ask legal first.' })).toMatchObject({
    kind: 'rejected',
    words: 'Ask legal first.',
    code: 'X_RULE',
  });
  expect(failed({ status: 404, kind: 'not-found' })).toMatchObject({ words: 'words' });
});

test.each([
  ['HTTP 503 and a web page: Down for maintenance', 'HTTP 503: Down for maintenance'],
  ['HTTP 503 and a web page', 'HTTP 503'],
  ['HTTP 502 and nothing else', 'HTTP 502'],
  ['HTTP 500: Internal', 'HTTP 500: Internal'],
])('%j is said without words of ours: %j', (words, told) => {
  expect(failed({ status: 503, kind: 'unreachable', words }).words).toBe(told);
});

test.each([
  { kind: 'unreachable', words: 'no connection: ECONNREFUSED' },
  { kind: 'malformed', status: 200, words: 'a reply that is cut or no JSON' },
  { kind: 'rejected', words: 'answered with a redirect: check the address in the settings' },
] satisfies Partial<FailureDetail>[])('what our clients say of $kind is no word of the service’s', (detail) => {
  expect(failed(detail).words).toBe('');
});

test('an answer that is nothing known has a text of ours', () => {
  expect(failed({ words: 'the reply is about another membership' })).toMatchObject({ words: '', own: 'odd' });
});

test('what OptBridge finds itself is the name of a text, and what it is about', () => {
  expect(problemOf(new OwnFailure('activecampaign', 'not-found', 'hidden_list', '7'))).toEqual({
    service: 'activecampaign',
    kind: 'not-found',
    words: '',
    own: 'hidden_list',
    of: '7',
  });
  expect(problemOf(new NotConfigured('salesforce', 'client'))).toEqual({
    service: 'salesforce',
    kind: 'not-configured',
    words: '',
    own: 'client',
  });
  expect(problemOf(new NotConfigured('salesforce', undefined, 'withdrawn'))).toMatchObject({ kind: 'withdrawn' });
  expect(problemOf(new TypeError('Api-Token: secret'))).toMatchObject({
    service: 'optbridge',
    words: '',
    own: 'error',
  });
});
