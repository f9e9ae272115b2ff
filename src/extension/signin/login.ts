import { challengeOf, codeOf, createOAuth, type OAuth, revoke, secretOf } from '../../salesforce/oauth.ts';
import type { Token } from '../../salesforce/token.ts';
import { ServiceFailure } from '../../service/failure.ts';
import type { Fetch } from '../../service/http.ts';
import type { Session } from '../background/session.ts';
import { browser, FIREFOX } from '../browser.ts';
import { sessionStore } from './session-store.ts';

/** Enough for redirects made by script, which the browser cannot tell from a page that waits for the person. */
const SILENT_MS = 8_000;

/** Where Salesforce sends people back: `https://<extension id>.chromiumapp.org/`, to be registered with the app. */
export function redirectUri(): string {
  return browser.identity.getRedirectURL();
}

const ownFetch: Fetch = (url, init) => fetch(url, init);

function oauthAt(host: string, clientId: string): OAuth {
  return createOAuth({
    url: `https://${host}`,
    clientId,
    redirectUri: redirectUri(),
    fetch: ownFetch,
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    random: () => Math.random(),
  });
}

/**
 * Signs in by authorization code and PKCE in the browser's own window. Only an extension page may call it with the
 * person watching: when a worker dies, the code that comes back is lost (facts/extension.md).
 *
 * @param watched does the asking, and is told the address that the browser opens for it
 */
export async function authorize(
  host: string,
  clientId: string,
  silent: boolean,
  watched: <T>(address: string, work: () => Promise<T>) => Promise<T> = (_, work) => work(),
): Promise<Token> {
  const oauth = oauthAt(host, clientId);
  const verifier = random();
  const state = random();
  const key = `login ${state}`;
  await browser.storage.session.set({ [key]: verifier });
  try {
    const url = oauth.authorizeUrl({ state, challenge: await challengeOf(verifier), silent });
    const redirected = await watched(url, () =>
      browser.identity.launchWebAuthFlow({
        url,
        interactive: !silent,
        ...(silent && !FIREFOX && { abortOnLoadForNonInteractive: false, timeoutMsForNonInteractive: SILENT_MS }),
      }),
    );
    if (redirected === undefined) throw new Error('the sign-in window was closed');
    return await oauth.exchange(codeOf(redirected, state), verifier);
  } finally {
    await browser.storage.session.remove(key);
  }
}

/** As `authorize`, without asking anybody; undefined when it does not go without. */
export async function authorizeSilently(host: string, clientId: string): Promise<Token | undefined> {
  try {
    return await authorize(host, clientId, true);
  } catch (cause) {
    if (cause instanceof ServiceFailure && cause.kind === 'unreachable') throw cause;
    return undefined;
  }
}

/** A new access token for a session's refresh token. */
export function refreshToken({ host, clientId }: Session, token: string): Promise<Token> {
  return oauthAt(host, clientId).refresh(token);
}

/**
 * Ends the sign-in to an org: here by the time it resolves, at Salesforce a moment later if it can be reached. Rejects where
 * the browser does not forget it.
 */
export async function signOut(host: string): Promise<void> {
  const session = await sessionStore.get(host);
  await sessionStore.delete(host);
  if (session) void revokeSession(session);
}

/** Ends what came with a session at Salesforce, if that can be reached; never rejects. */
export async function revokeSession({ host, refreshToken, accessToken }: Session): Promise<void> {
  const line = { url: `https://${host}`, fetch: ownFetch, timeoutMs: 30_000 };
  await revoke(line, refreshToken ?? accessToken).catch(() => undefined);
}

function random(): string {
  return secretOf(crypto.getRandomValues(new Uint8Array(32)));
}
