import type { Token } from '../../salesforce/token.ts';
import { isApiHost } from '../background/host.ts';
import { type Session, type SessionStore, sessionLock, sessionOf } from '../background/session.ts';
import { fromPage } from './from-page.ts';

export interface SignInPorts {
  /** The consumer key in the settings, or null. Rejects where they cannot be read. */
  clientId(): Promise<string | null>;
  /** Has Salesforce ask the person. */
  authorize(host: string, clientId: string): Promise<Token>;
  readonly store: Pick<SessionStore, 'put'>;
  /** Ends what came with a session at Salesforce; never rejects. */
  revoke(session: Session): Promise<void>;
  /** Runs `work` while nobody else in this browser holds the lock of this name. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Tells the background; answers whether it heard. */
  tell(host: string): Promise<boolean>;
}

/** How a sign-in ended. */
export type Reached =
  | { readonly at: 'done'; readonly told: boolean }
  | { readonly at: 'no-org' | 'unread' | 'no-client' | 'unkept' }
  | { readonly at: 'refused'; readonly cause: unknown };

/**
 * Signs in to one org from start to end. Resolves with what came of it; the session is durable by then. One that was given up
 * leaves nothing behind, however far it had come: the next one would be said to have failed while somebody is signed in.
 *
 * @param org id of the org that the page names, if it names one
 * @param signal aborted when it is given up
 */
export async function signIn(
  ports: SignInPorts,
  host: string,
  org: string | null,
  signal: AbortSignal,
): Promise<Reached> {
  if (!isApiHost(host)) return { at: 'no-org' };
  const clientId = await ports.clientId().catch(() => undefined);
  if (clientId === undefined) return { at: 'unread' };
  if (clientId === null) return { at: 'no-client' };
  let session: Session;
  try {
    session = fromPage(sessionOf(host, clientId, await ports.authorize(host, clientId)), org);
  } catch (cause) {
    return { at: 'refused', cause };
  }
  const kept = await ports
    .lock(sessionLock(host), async () => {
      signal.throwIfAborted();
      await ports.store.put(session);
    })
    .then(
      () => true,
      () => false,
    );
  if (kept) return { at: 'done', told: await ports.tell(host) };
  void ports.revoke(session);
  return { at: 'unkept' };
}
