import { expect, test } from 'vitest';
import { createJsforce } from '../../src/salesforce/jsforce.ts';
import { ServiceFailure } from '../../src/service/failure.ts';
import { standstill } from '../service/standstill.ts';

/** Some gateways quote a request's headers and body in their error pages. */
const quoting = async (_: string, init: RequestInit): Promise<Response> => {
  const said = `bad request: ${JSON.stringify([...new Headers(init.headers)])} ${String(init.body ?? '')}`;
  return Response.json([{ message: said, errorCode: 'ECHO' }], { status: 400 });
};

const SECRET = 'a secret/with+signs&more';
const TOKEN = '00D000000000001!AQtokenthatnobodymaysee';

async function failureOf(auth: Parameters<typeof createJsforce>[0]['auth']): Promise<ServiceFailure> {
  const salesforce = createJsforce({
    url: 'https://acme.my.salesforce.com',
    auth,
    version: '66.0',
    fetch: quoting,
    ...standstill(),
  });
  const failure: unknown = await salesforce.describe('Contact').catch((error: unknown) => error);
  if (!(failure instanceof ServiceFailure)) throw new Error('expected a failure');
  return failure;
}

test('a token that an error quotes is not handed on', async () => {
  const failure = await failureOf({ kind: 'access-token', accessToken: TOKEN });
  expect(failure.detail.words).toContain('bad request');
  expect(JSON.stringify(failure.detail) + failure.stack).not.toContain(TOKEN);
});

test('a client secret that an error quotes is not handed on, in whatever form it was sent', async () => {
  const failure = await failureOf({ kind: 'client-credentials', clientId: '3MVG9', clientSecret: SECRET });
  expect(failure.detail.words).toContain('bad request');
  for (const form of [SECRET, encodeURIComponent(SECRET), new URLSearchParams({ s: SECRET }).toString().slice(2)])
    expect(JSON.stringify(failure.detail)).not.toContain(form);
});
