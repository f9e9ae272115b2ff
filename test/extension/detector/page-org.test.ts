import { expect, test } from 'vitest';
import { pageOrg } from '../../../src/extension/detector/page-org.ts';

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
