import { ServiceFailure } from '../../service/failure.ts';

export const NOBODY = 'Nobody is signed in to Salesforce';

/** The sign-in to an org as it is kept. Rejects with `unauthorised` when there is none. */
export async function currentSession<Session>(
  store: { get(host: string): Promise<Session | undefined> },
  host: string,
): Promise<Session> {
  const session = await store.get(host);
  if (!session) throw signInFailure('unauthorised', NOBODY);
  return session;
}

export function signInFailure(kind: 'unauthorised' | 'rejected', words: string): ServiceFailure {
  return new ServiceFailure({ service: 'salesforce', kind, call: 'sign in', words });
}
