import type { Token } from '../../salesforce/token.ts';
import { ServiceFailure } from '../../service/failure.ts';
import { isApiHost } from './host.ts';
import { OwnFailure } from './problem.ts';
import { currentSession, nobody } from './signed-in.ts';

/** A sign-in to one org. Lives in IndexedDB; nothing of it ever reaches a content script. */
export interface Session {
  /** The org's API host. The tokens are sent to `https://<host>` and nowhere else. */
  readonly host: string;
  /** The consumer key it was issued to: a refresh token is good for that app only. */
  readonly clientId: string;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** 18-character id of the user, where Salesforce said it; kept by versions that ask for it. */
  readonly user?: string | undefined;
  /** 18-character id of the org that the sign-in is for, out of the token's identity URL. */
  readonly organization?: string | undefined;
  /**
   * Signing in at the page's own host led to another org than its cookies name: they are not of this host alone (which no
   * fact says, facts/salesforce.md section 4), and what they say counts for nothing.
   */
  readonly cookiesErr?: boolean | undefined;
}

export interface SessionStore {
  get(host: string): Promise<Session | undefined>;
  /** Durable when it resolves. */
  put(session: Session): Promise<void>;
  /** The same in place of this one, and answers true; where another one is kept, or none, that stays. */
  replace(old: Session, session: Session): Promise<boolean>;
  delete(host: string): Promise<void>;
}

export interface SessionPorts {
  readonly store: Omit<SessionStore, 'put'>;
  /** Exchanges the session's refresh token. */
  refresh(session: Session, refreshToken: string): Promise<Token>;
  /** Ends what came with a session at Salesforce, if that can be reached; never rejects. */
  revoke(session: Session): Promise<void>;
  /** One non-interactive authorize: undefined when Salesforce wants to ask the person something. */
  authorizeSilently(host: string, clientId: string): Promise<Token | undefined>;
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export interface Sessions {
  /** The sign-in to this org. Rejects with `unauthorised` when there is none. */
  current(host: string): Promise<Session>;
  /** A sign-in with another access token than the refused one, however it is to be had. */
  renewed(host: string, refused: string): Promise<Session>;
}

/**
 * The session that a token makes. Refuses one that Salesforce issued for another instance than the org that was asked:
 * it would be sent to a host it is not for.
 */
export function sessionOf(host: string, clientId: string, token: Token, earlier?: Partial<Session>): Session {
  const { instanceUrl = `https://${host}` } = token;
  const origin = URL.canParse(instanceUrl) ? new URL(instanceUrl).origin : instanceUrl;
  if (!isApiHost(host) || origin !== `https://${host}`)
    throw new OwnFailure('salesforce', 'rejected', 'other_instance', origin);
  const refreshToken = token.refreshToken ?? earlier?.refreshToken ?? null;
  const user = token.user ?? earlier?.user;
  const organization = token.organization ?? earlier?.organization;
  const { accessToken } = token;
  return { host, clientId, accessToken, refreshToken, user, organization, cookiesErr: earlier?.cookiesErr };
}

/** In the worker's second script, but for `currentSession`: a sign-in is renewed seldom, and by a request in any case. */
export function createSessions({ store, refresh, revoke, authorizeSilently, lock }: SessionPorts): Sessions {
  /**
   * The new refresh token is durable before anybody uses what came with it: where tokens rotate, the old one is spent,
   * and using it twice ends the whole family (facts/salesforce.md section 4). Whoever signed out meanwhile, and had not to
   * wait for Salesforce, stays signed out.
   */
  async function keep(old: Session, session: Session): Promise<Session> {
    if (await store.replace(old, session)) return session;
    void revoke(session);
    throw nobody();
  }

  async function renew(session: Session): Promise<Session> {
    const { host, clientId, refreshToken } = session;
    if (refreshToken !== null) {
      try {
        return await keep(session, sessionOf(host, clientId, await refresh(session, refreshToken), session));
      } catch (cause) {
        if (!isFinal(cause)) throw cause;
      }
    }
    const token = await authorizeSilently(host, clientId);
    if (token) return keep(session, sessionOf(host, clientId, token, { cookiesErr: session.cookiesErr }));
    await store.delete(host);
    throw nobody();
  }

  return {
    current: (host) => currentSession(store, host),

    renewed: (host, refused) =>
      lock(sessionLock(host), async () => {
        const session = await currentSession(store, host);
        // Somebody else renewed it while we waited for the lock.
        return session.accessToken === refused ? renew(session) : session;
      }),
  };
}

/** The lock that whoever replaces this org's session holds. */
export function sessionLock(host: string): string {
  return `optbridge-session-${host}`;
}

/** Whether the refresh token is spent for good, and Salesforce not just out of reach for now. */
function isFinal(cause: unknown): boolean {
  if (!(cause instanceof ServiceFailure)) return false;
  return cause.kind === 'unauthorised' || cause.kind === 'forbidden' || cause.kind === 'rejected';
}
