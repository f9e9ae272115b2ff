import { describe, expect, it } from 'vitest';
import { notLetIn } from '../../src/companion/not-let-in.ts';
import { ServiceFailure } from '../../src/service/failure.ts';

const said = (call: string, words: string, status = 403) =>
  notLetIn(
    'ActiveCampaign',
    'activecampaign.key',
    new ServiceFailure({ service: 'activecampaign', kind: 'forbidden', call, words, status }),
  );

describe('what is said where a service does not let us in', () => {
  it('takes a right that is missing for no refused sign-in, and says who has it', () => {
    const lists = said('GET /api/3/lists', 'Forbidden: You do not have permission to view lists.');
    expect(lists).not.toContain('sign-in');
    expect(lists).toContain('You do not have permission to view lists.');
    expect(lists).toContain('Admin group');
  });

  it('sends whose key itself is refused to the key', () => {
    for (const words of ['Forbidden', 'You don’t have permission to access this resource'])
      expect(said('GET /api/3/users/me', words)).toMatch(/refused the sign-in.*Check activecampaign\.key/);
  });

  it('sends whose account is unpaid to the account', () => {
    expect(said('GET /api/3/lists', 'Payment Required', 402)).toContain('where no key helps');
  });
});
