import { createHmac } from 'node:crypto';
import { Hono } from 'hono';
import type { Org } from '../org.ts';
import { randomText } from '../randomtext.ts';
import { OAuthError } from './grants.ts';
import { identityWire, userinfoWire } from './identity.ts';
import { jwtUser } from './jwtbearer.ts';
import { challengeOf } from './pkce.ts';

export interface OAuthOptions {
  readonly random: () => number;
  /** The origin that clients see, for `instance_url` and `id`. */
  readonly origin: (request: Request) => string;
}

type Form = Readonly<Record<string, string>>;

interface Granted {
  readonly user: string;
  readonly scope: string;
  readonly access: string;
  readonly refresh?: string;
}

function checkClient(org: Org, form: Form): string {
  const app = org.grants.apps.get(form.client_id ?? '');
  if (app === undefined) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  // An app that has a secret has to show it: "Require Secret" is on unless an admin turns it off (facts/salesforce.md section 4).
  if (app.secret !== form.client_secret) {
    throw new OAuthError('invalid_client', 'invalid client credentials');
  }
  return app.clientId;
}

function byCode(org: Org, form: Form): Granted {
  const clientId = checkClient(org, form);
  const code = org.grants.spendCode(form.code ?? '');
  if (code.clientId !== clientId) throw new OAuthError('invalid_grant', 'invalid authorization code');
  if (code.redirectUri !== form.redirect_uri) {
    throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  if (code.challenge !== undefined) {
    if (form.code_verifier === undefined) throw new OAuthError('invalid_grant', 'invalid code verifier');
    if (challengeOf(form.code_verifier) !== code.challenge)
      throw new OAuthError('invalid_request', 'invalid code verifier');
  }
  const { user, scope } = code;
  if (!/(^| )(refresh_token|offline_access|full)( |$)/.test(scope)) {
    return { user, scope, access: org.grants.openSession(user, clientId, scope) };
  }
  return { user, scope, ...org.grants.openFamily(user, clientId, scope, form.code) };
}

function byRefresh(org: Org, form: Form): Granted {
  const { session, access, refresh } = org.grants.refresh(form.refresh_token ?? '', checkClient(org, form));
  return { user: session.user, scope: session.scope, access, ...(refresh === undefined ? {} : { refresh }) };
}

function byClientCredentials(org: Org, form: Form): Granted {
  const app = org.grants.apps.get(checkClient(org, form));
  if (app?.secret === undefined || app.secret !== form.client_secret) {
    throw new OAuthError('invalid_client', 'invalid client credentials');
  }
  if (app.runAs === undefined) throw new OAuthError('invalid_grant', 'no client credentials user enabled');
  const scope = 'api id';
  return { user: app.runAs, scope, access: org.grants.openSession(app.runAs, app.clientId, scope) };
}

async function byJwt(org: Org, form: Form, audience: string): Promise<Granted> {
  const { user, clientId } = await jwtUser(org, form.assertion ?? '', audience);
  const scope = 'api id';
  return { user, scope, access: org.grants.openSession(user, clientId, scope) };
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** `client_id` and `client_secret` also in a Basic header. */
function basic(header: string | undefined): Form {
  const encoded = /^Basic\s+(.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return {};
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  return { client_id: decodeURIComponent(id), client_secret: decodeURIComponent(secret) };
}

/** `/services/oauth2` but for the Allow page: tokens, revocation and who somebody is (facts/salesforce.md section 4). */
export function oauthRoutes(org: Org, options: OAuthOptions): Hono {
  const app = new Hono();
  const form = async (request: Request): Promise<Form> => {
    const pairs = [...new URLSearchParams(await request.text())];
    return { ...basic(request.headers.get('authorization') ?? undefined), ...Object.fromEntries(pairs) };
  };
  const bearer = (request: Request) => {
    const header = /^(?:Bearer|OAuth)\s+(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    // jsforce puts it into the address of the identity URL.
    const token = header ?? new URL(request.url).searchParams.get('oauth_token') ?? undefined;
    return token === undefined ? undefined : org.grants.session(token);
  };

  app.onError((error, c) => {
    if (!(error instanceof OAuthError))
      return c.json({ error: 'unknown_error', error_description: error.message }, 500);
    return c.json({ error: error.error, error_description: error.message }, 400);
  });

  app.post('/services/oauth2/token', async (c) => {
    const fields = await form(c.req.raw);
    const origin = options.origin(c.req.raw);
    const kinds: Record<string, () => Granted | Promise<Granted>> = {
      authorization_code: () => byCode(org, fields),
      refresh_token: () => byRefresh(org, fields),
      client_credentials: () => byClientCredentials(org, fields),
      [JWT_BEARER]: () => byJwt(org, fields, origin),
    };
    const grant = kinds[fields.grant_type ?? ''];
    if (grant === undefined) throw new OAuthError('unsupported_grant_type', 'grant type not supported');
    const granted = await grant();
    const id = `${origin}/id/${org.id}/${granted.user}`;
    const issuedAt = String(org.clock());
    c.header('Cache-Control', 'no-store');
    // There is no expires_in: only a 401 tells that a token has died.
    return c.json({
      access_token: granted.access,
      ...(granted.refresh === undefined ? {} : { refresh_token: granted.refresh }),
      signature: createHmac('sha256', org.id)
        .update(id + issuedAt)
        .digest('base64'),
      scope: granted.scope,
      instance_url: origin,
      id,
      token_type: 'Bearer',
      issued_at: issuedAt,
      api_instance_url: origin,
    });
  });

  const revoke = (token: string | undefined): void => {
    if (token === undefined || !org.grants.revoke(token))
      throw new OAuthError('unsupported_token_type', 'this token type is not supported');
  };
  app.post('/services/oauth2/revoke', async (c) => {
    revoke((await form(c.req.raw)).token);
    return c.body(null, 200);
  });
  app.get('/services/oauth2/revoke', (c) => {
    revoke(c.req.query('token'));
    return c.body(null, 200);
  });

  app.post('/services/oauth2/introspect', async (c) => {
    const fields = await form(c.req.raw);
    checkClient(org, fields);
    const session = org.grants.session(fields.token ?? '');
    if (session === undefined) return c.json({ active: false });
    const user = org.get('User', session.user);
    const { clientId, scope, issuedAt } = session;
    const exp = Math.floor((issuedAt + org.grants.tokenLifetime) / 1000);
    return c.json({
      active: true,
      scope,
      client_id: clientId,
      username: user?.Username,
      sub: session.user,
      token_type: 'access_token',
      exp,
      iat: Math.floor(issuedAt / 1000),
    });
  });

  const userinfo = (request: Request): Response => {
    const session = bearer(request);
    if (session === undefined) return new Response('Bad_OAuth_Token', { status: 403 });
    return Response.json(userinfoWire(org, session.user, options.origin(request)));
  };
  app.get('/services/oauth2/userinfo', (c) => userinfo(c.req.raw));
  app.post('/services/oauth2/userinfo', (c) => userinfo(c.req.raw));

  app.get('/id/:org/:user', (c) => {
    const session = bearer(c.req.raw);
    if (session === undefined) return c.text('Bad_OAuth_Token', 403);
    return c.json(identityWire(org, session.user, options.origin(c.req.raw)));
  });

  app.get('/services/oauth2/pkce/generator', (c) => {
    const verifier = randomText(options.random, 86);
    return c.json({ code_verifier: verifier, code_challenge: challengeOf(verifier) });
  });
  return app;
}
