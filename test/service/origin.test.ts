import { describe, expect, test } from 'vitest';
import { accountOrigin } from '../../src/activecampaign/origin.ts';
import { apiHostOf, orgOrigin } from '../../src/salesforce/host.ts';
import { originOf } from '../../src/service/origin.ts';

describe('the address of a service', () => {
  test.each([
    ['https://acme.api-us1.com', 'https://acme.api-us1.com'],
    ['https://acme.api-us1.com/', 'https://acme.api-us1.com'],
    ['https://acme.api-us1.com/api/3', 'https://acme.api-us1.com'],
    [' https://acme.activehosted.com/api/3/ ', 'https://acme.activehosted.com'],
    ['https://mail.example.de:8443/api/3', 'https://mail.example.de:8443'],
    ['http://localhost:8480', 'http://localhost:8480'],
    ['http://127.0.0.1:8480/api/3', 'http://127.0.0.1:8480'],
    ['http://127.8.9.1', 'http://127.8.9.1'],
    ['http://[::1]:8480', 'http://[::1]:8480'],
  ])('%s is taken as %s', (typed, origin) => {
    expect(accountOrigin(typed)).toBe(origin);
  });

  test.each([
    ['http://acme.api-us1.com', 'Begin the address with https://'],
    ['http://127.0.0.1.example.com', 'Begin the address with https://'],
    ['http://localhost.example.com', 'Begin the address with https://'],
    ['http://0.0.0.0:80', 'Begin the address with https://'],
    ['acme.api-us1.com', 'Give it in full'],
    ['acme', 'Give it in full'],
    ['', 'Give it in full'],
    ['ftp://acme.api-us1.com', 'Give it in full'],
    ['https://ida:secret@acme.api-us1.com', 'Remove what stands before the @'],
    ['https://acme.api-us1.com/api/3/contacts', 'without the part that follows'],
    ['https://acme.api-us1.com/?api_key=secret', 'without the part that follows'],
  ])('%s is refused: %s', (typed, remedy) => {
    expect(() => accountOrigin(typed)).toThrow(remedy);
    expect(() => accountOrigin(typed)).toThrow('activecampaign.url');
  });

  test('a refusal quotes no secret that stood in the address', () => {
    expect(() => originOf('https://ida:s3cr3t@acme.example.com', 'salesforce.url')).toThrow(/^(?!.*s3cr3t)/);
    expect(() => originOf('https://acme.example.com/?key=s3cr3t', 'salesforce.url')).toThrow(/^(?!.*s3cr3t)/);
  });
});

describe('the address of a Salesforce org', () => {
  test.each([
    ['acme.lightning.force.com', 'acme.my.salesforce.com'],
    ['acme--uat.sandbox.lightning.force.com', 'acme--uat.sandbox.my.salesforce.com'],
    ['acme.develop.lightning.force.com', 'acme.develop.my.salesforce.com'],
    ['acme.lightning.force.com.mcas.ms', 'acme.my.salesforce.com'],
    ['acme.lightning.crmforce.mil', 'acme.my.salesforce.mil'],
    ['acme.my.salesforce.com', 'acme.my.salesforce.com'],
  ])('the API of %s is at %s', (host, api) => {
    expect(apiHostOf(host)).toBe(api);
  });

  test('the address of the Lightning pages is taken for the API that belongs to it', () => {
    expect(orgOrigin('https://acme.lightning.force.com/')).toBe('https://acme.my.salesforce.com');
    expect(orgOrigin('http://127.0.0.1:8443')).toBe('http://127.0.0.1:8443');
  });

  test('the login host is refused, since the org has an address of its own', () => {
    expect(() => orgOrigin('https://login.salesforce.com')).toThrow('https://<MyDomain>.my.salesforce.com');
  });
});
