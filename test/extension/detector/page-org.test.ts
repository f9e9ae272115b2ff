import { afterEach, expect, test, vi } from 'vitest';
import { askPageOrg, pageOrg } from '../../../src/extension/detector/page-org.ts';

const ORG = '00D000000000001';

test.each([
  ['oid', `BrowserId=x; oid=${ORG}; inst=APP`, { org: ORG }],
  ['the part of sid before its secret, and nothing of that', `sid=${ORG}!AQsecret; a=b`, { org: ORG }],
  ['both, when they agree', `oid=${ORG}; sid=${ORG}!AQsecret`, { org: ORG }],
  ['neither, when they do not', 'oid=00D000000000002; sid=00D000000000001!AQsecret', {}],
  ['nothing, where no script may read them', 'BrowserId=x', {}],
  ['nothing by another cookie', `void=${ORG}; my_sid=${ORG}`, {}],
])('the page’s org is told by %s', (_name, cookies, org) => {
  expect(pageOrg(cookies)).toEqual(org);
});

afterEach(() => vi.unstubAllGlobals());

test('it is told without holding up the page, and by the document where nothing else will tell', async () => {
  const cookies = [
    { name: 'BrowserId', value: 'x' },
    { name: 'oid', value: ORG },
  ];
  vi.stubGlobal('cookieStore', { getAll: async () => cookies });
  expect(await askPageOrg()).toEqual({ org: ORG });
  vi.stubGlobal('document', { cookie: 'oid=00D000000000002' });
  vi.stubGlobal('cookieStore', { getAll: () => Promise.reject(new DOMException('no', 'SecurityError')) });
  expect(await askPageOrg()).toEqual({ org: '00D000000000002' });
  vi.stubGlobal('cookieStore', undefined);
  expect(await askPageOrg()).toEqual({ org: '00D000000000002' });
});
