import { describe, expect, it } from 'vitest';
import { remedyFor, sameFailures } from '../../src/companion/remedies.ts';

describe('a remedy', () => {
  it('is there for every failure, also one that nobody knows', () => {
    expect(remedyFor('POST /api/3/contactLists: HTTP 503: {}')).toContain('trouble of its own');
    expect(remedyFor('GET /x: no connection: ECONNREFUSED')).toContain('could not be reached');
    expect(remedyFor('PATCH /x: … (FIELD_CUSTOM_VALIDATION_EXCEPTION)')).toContain('validation rule');
    for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_HAS_EXPIRED'])
      expect(remedyFor(`POST /services/oauth2/token: no connection: ${code}`)).toContain('NODE_EXTRA_CA_CERTS');
    expect(remedyFor('something else')).toContain('The next run tries again');
  });

  it('says of each refusal of Salesforce what is in the way: an approval, a flow, a right, a field of the record', () => {
    const wayOut: [string, RegExp][] = [
      ['ENTITY_IS_LOCKED', /approval/],
      ['CANNOT_EXECUTE_FLOW_TRIGGER', /flow or trigger/],
      ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', /flow or trigger/],
      ['INVALID_FIELD_FOR_INSERT_UPDATE', /edit access/],
      ['INSUFFICIENT_ACCESS_OR_READONLY', /may not edit the record/],
      ['REQUIRED_FIELD_MISSING', /mend that field/],
      ['API_CURRENTLY_DISABLED', /API Enabled/],
    ];
    for (const [code, remedy] of wayOut)
      expect(remedyFor(`PATCH /services/data/v67.0/composite/sobjects: … (${code})`)).toMatch(remedy);
  });

  it('names the service that it is about', () => {
    expect(remedyFor('GET /api/3/users/me: no connection: ECONNREFUSED')).toMatch(/^ActiveCampaign could not/);
    expect(remedyFor('POST /services/oauth2/token: no answer within 30 s')).toMatch(/^Salesforce could not/);
    for (const words of ['HTTP 403', 'You are not authorized to access this resource. Check your API key.'])
      expect(remedyFor(`POST /api/3/contactLists: ${words}`)).toMatch(/^ActiveCampaign does not accept the key/);
    for (const words of [
      'answered with a redirect: check the address in the settings',
      'a reply that is cut or no JSON',
    ]) {
      expect(remedyFor(`GET /api/3/users/me: ${words}`)).toContain('activecampaign.url');
      expect(remedyFor(`GET /services/data: ${words}`)).toContain('salesforce.url');
    }
    expect(remedyFor('PATCH /services/data/v67.0/composite/sobjects: Session expired (INVALID_SESSION_ID)')).toMatch(
      /^The sign-in to Salesforce ended/,
    );
  });
});

describe('failures', () => {
  it('are told together where only an id tells them apart, the most first; those about nobody are not among them', () => {
    const failures = [
      { person: null, words: 'general' },
      { person: 'a', words: 'PATCH /x: locked (UNABLE_TO_LOCK_ROW)' },
      { person: 'b', words: 'PUT /api/3/contactLists/17: Forbidden' },
      { person: 'c', words: 'PUT /api/3/contactLists/230: Forbidden' },
      { person: 'd', words: 'GET /Contact/003Qy0000004C9JIAU: gone' },
      { person: 'e', words: 'GET /Contact/003Qy0000004C9QIAU: gone' },
    ];
    expect(sameFailures(failures).map(({ words, people }) => [words, people])).toEqual([
      ['PUT /api/3/contactLists/17: Forbidden', ['b', 'c']],
      ['GET /Contact/003Qy0000004C9JIAU: gone', ['d', 'e']],
      ['PATCH /x: locked (UNABLE_TO_LOCK_ROW)', ['a']],
    ]);
  });
});
