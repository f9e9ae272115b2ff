import { describe, expect, it } from 'vitest';
import { callsTo, emptyAccount } from './calls.ts';

/** A world standing still, whose limit is measured by a clock in the test's hand. */
function limited(rateLimit: number | 'off' = 5) {
  let now = 0;
  const world = emptyAccount({ rateLimit, monotonic: () => now });
  return {
    ...world,
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('the limit of requests', () => {
  it('lets five pass in a second and tells how many are left', async () => {
    const world = limited();
    for (const remaining of ['4', '3', '2', '1', '0']) {
      const reply = await world.get('users/me');
      expect([reply.status, reply.headers.get('RateLimit-Limit'), reply.headers.get('RateLimit-Remaining')]).toEqual([
        200,
        '5',
        remaining,
      ]);
    }
    const refused = await world.get('users/me');
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '1']);
  });

  it('opens again within a second, although the world stands still', async () => {
    const world = limited();
    for (let request = 0; request < 6; request++) await world.get('users/me');
    world.wait(999);
    expect((await world.get('users/me')).status).toBe(429);
    world.wait(1);
    expect((await world.get('users/me')).status).toBe(200);
  });

  it('is shared by all keys of the account', async () => {
    const world = limited(1);
    world.account.addUser({ username: 'other', email: '', firstName: '', lastName: '', key: 'other-key' });
    expect((await world.get('users/me')).status).toBe(200);
    expect((await callsTo(world.sandbox, 'other-key').get('users/me')).status).toBe(429);
  });

  it('does no work for who is refused', async () => {
    const world = limited(0);
    expect((await world.post('contacts', { contact: { email: 'ann@example.com' } })).status).toBe(429);
    expect(world.account.contacts).toEqual([]);
  });

  it('can be switched off', async () => {
    const world = limited('off');
    for (let request = 0; request < 20; request++) expect((await world.get('users/me')).status).toBe(200);
    expect((await world.get('users/me')).headers.get('RateLimit-Limit')).toBeNull();
  });
});
