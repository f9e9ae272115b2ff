import { readFileSync } from 'node:fs';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Org } from '../org.ts';
import { randomText } from '../randomtext.ts';
import { allowPage, refusedPage } from './allow-page.ts';
import type { App } from './grants.ts';

/** A request that waits for Allow or Deny. */
interface Asked {
  readonly app: App;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
  readonly challenge: string | undefined;
}

const CSS = readFileSync(new URL('./allow.css', import.meta.url), 'utf8');
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * `/services/oauth2/authorize`: the Allow page, codes, and the browser session that remembers who signed in, so that an
 * approved user is sent on at once (facts/salesforce.md section 4). `viewer` is who the page proposes.
 */
export function authorizeRoutes(org: Org, random: () => number, viewer: () => string): Hono {
  const app = new Hono();
  const waiting = new Map<string, Asked>();
  const browsers = new Map<string, string>();

  const back = (c: Context, asked: Asked, said: Record<string, string>): Response => {
    const to = new URL(asked.redirectUri);
    for (const [name, value] of Object.entries(said)) to.searchParams.set(name, value);
    if (asked.state !== undefined) to.searchParams.set('state', asked.state);
    return c.redirect(to.href, 302);
  };

  const sendCode = (c: Context, asked: Asked, user: string): Response => {
    const { redirectUri, scope, challenge } = asked;
    const code = org.grants.issueCode({
      user,
      clientId: asked.app.clientId,
      redirectUri,
      scope,
      ...(challenge === undefined ? {} : { challenge }),
    });
    return back(c, asked, { code });
  };

  const refused = (c: Context, error: string, description: string): Response | Promise<Response> => {
    c.header('Content-Security-Policy', POLICY);
    return c.html(refusedPage(error, description), 400);
  };

  app.get('/oauth-assets/allow.css', (c) => c.body(CSS, 200, { 'Content-Type': 'text/css' }));

  app.get('/services/oauth2/authorize', (c) => {
    // An empty parameter is one that is not there.
    const query = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''));
    const client = org.grants.apps.get(query.client_id ?? '');
    if (client === undefined) return refused(c, 'invalid_client_id', 'client identifier invalid');
    const redirectUri = query.redirect_uri ?? '';
    if (client.redirectUris?.includes(redirectUri) !== true) {
      return refused(c, 'redirect_uri_mismatch', 'redirect_uri must match configuration');
    }
    const asked: Asked = {
      app: client,
      redirectUri,
      scope: query.scope ?? client.scope ?? 'api refresh_token',
      state: query.state,
      challenge: query.code_challenge,
    };
    const wrong = objection(query, client);
    if (wrong !== undefined) return back(c, asked, { error: wrong[0], error_description: wrong[1] });

    const user = browsers.get(getCookie(c, 'sid') ?? '');
    if (user !== undefined && org.grants.isApproved(user, client.clientId) && query.prompt !== 'consent') {
      return sendCode(c, asked, user);
    }
    if (query.prompt === 'none' || query.immediate === 'true') {
      return back(c, asked, { error: 'immediate_unsuccessful', error_description: 'login or approval is needed' });
    }
    const id = randomText(random, 32);
    waiting.set(id, asked);
    const users = org.users.map((row) => ({
      id: row.Id ?? null,
      name: row.Name ?? null,
      username: row.Username ?? null,
    }));
    const chosen = user ?? org.userNamed(query.login_hint ?? '') ?? viewer();
    c.header('Content-Security-Policy', POLICY);
    c.header('Cache-Control', 'no-store');
    return c.html(allowPage(id, client.name, asked.scope, users, chosen));
  });

  app.post('/services/oauth2/authorize', async (c) => {
    const form = await c.req.parseBody();
    const id = String(form.request ?? '');
    const asked = waiting.get(id);
    if (asked === undefined) return refused(c, 'invalid_request', 'this request was answered already');
    waiting.delete(id);
    if (form.decision !== 'allow') {
      return back(c, asked, { error: 'access_denied', error_description: 'end-user denied authorization' });
    }
    const user = String(form.user ?? '');
    if (org.get('User', user)?.IsActive !== true) return refused(c, 'invalid_grant', 'inactive user');
    org.grants.approve(user, asked.app.clientId);
    const browser = randomText(random, 40);
    browsers.set(browser, user);
    const secure = new URL(c.req.url).protocol === 'https:';
    setCookie(c, 'sid', browser, { path: '/', httpOnly: true, sameSite: 'Lax', secure });
    return sendCode(c, asked, user);
  });
  return app;
}

/** What is wrong with a request whose redirect address is right: told to the app, not to the person. */
function objection(query: Readonly<Record<string, string>>, app: App): readonly [string, string] | undefined {
  if (query.response_type !== 'code') return ['unsupported_response_type', 'response type is not supported'];
  if (query.code_challenge !== undefined && query.code_challenge_method !== 'S256') {
    return ['invalid_request', 'code challenge method must be S256'];
  }
  // Public clients must use PKCE; an app with a secret may go without.
  if (query.code_challenge === undefined && app.secret === undefined) {
    return ['invalid_request', 'missing required code challenge'];
  }
  const allowed = (app.scope ?? 'api refresh_token offline_access id openid').split(' ');
  const beyond = (query.scope ?? '').split(' ').filter((word) => word !== '' && !allowed.includes(word));
  if (beyond.length > 0) return ['invalid_scope', `the requested scope is not allowed: ${beyond.join(' ')}`];
  return undefined;
}
