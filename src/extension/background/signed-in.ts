import { OwnFailure } from './problem.ts';

/** Nobody is signed in to the org. */
export const nobody = () => new OwnFailure('salesforce', 'unauthorised', 'nobody');

/** The sign-in to an org as it is kept. Rejects with `unauthorised` when there is none. */
export async function currentSession<Session>(
  store: { get(host: string): Promise<Session | undefined> },
  host: string,
): Promise<Session> {
  const session = await store.get(host);
  if (!session) throw nobody();
  return session;
}
