import { expect, test } from 'vitest';
import { withToken } from '../../src/salesforce/with-token.ts';
import { type FailureKind, ServiceFailure } from '../../src/service/failure.ts';
import { standstill } from '../service/standstill.ts';

/** How often a call is signed in anew. */

const failure = (kind: FailureKind) => new ServiceFailure({ service: 'salesforce', kind, call: 'GET /x', words: 'no' });

test('a token is asked for anew once in a call, also where the call is sent again for another reason', async () => {
  const said: FailureKind[] = ['unauthorised', 'unreachable', 'unauthorised', 'unauthorised'];
  const sent: string[] = [];
  let given = 0;
  const signIn = { token: async () => 'first', refused: async () => `other ${++given}`, ...standstill() };
  const call = withToken(signIn, true, async (token) => {
    sent.push(token);
    throw failure(said[sent.length - 1] ?? 'rejected');
  });
  await expect(call).rejects.toMatchObject({ kind: 'unauthorised' });
  expect(sent).toEqual(['first', 'other 1', 'other 1']);
});
