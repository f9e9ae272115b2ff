import { randomText } from '../randomtext.ts';

/** An External Client App, as an admin registers it. */
export interface App {
  /** The consumer key. */
  readonly clientId: string;
  readonly name: string;
  /** Exact matches only. */
  readonly redirectUris?: readonly string[];
  /** The consumer secret; a public client has none. */
  readonly secret?: string;
  /** The user of the client-credentials flow. */
  readonly runAs?: string;
  /** PEM certificate or public key of the JWT bearer flow. */
  readonly certificate?: string;
  /** User ids that the admin approved beforehand, for the JWT bearer flow; `'all'` for everybody. */
  readonly preauthorised?: readonly string[] | 'all';
  /** `api refresh_token` unless said. */
  readonly scope?: string;
}

/** What an access token stands for. */
export interface Session {
  readonly user: string;
  readonly clientId: string;
  readonly scope: string;
  readonly issuedAt: number;
}

/** An authorization code on its way. */
export interface Code {
  readonly user: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  /** S256 challenge, absent when the app asked without PKCE. */
  readonly challenge?: string;
}

/** One authorisation of an app by a user, through all rotations of its refresh token. */
interface Family {
  readonly user: string;
  readonly clientId: string;
  readonly scope: string;
  current: string;
  readonly sessions: Set<string>;
}

/** An OAuth endpoint's refusal: HTTP 400 with `error` and `error_description`. */
export class OAuthError extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.name = 'OAuthError';
    this.error = error;
  }
}

const CODE_LIFETIME = 15 * 60_000;
const GRANTS_PER_USER_AND_APP = 5;
const expired = (): OAuthError => new OAuthError('invalid_grant', 'expired access/refresh token');

/** Apps, codes, access tokens and refresh-token families (facts/salesforce.md section 4). */
export class Grants {
  readonly apps = new Map<string, App>();
  /** Milliseconds an access token lives; the session timeout of the org. */
  tokenLifetime = 2 * 3_600_000;
  /** Whether each refresh gives a new refresh token and spends the old. */
  rotation = true;

  readonly #clock: () => number;
  readonly #random: () => number;
  readonly #orgId: string;
  readonly #codes = new Map<string, Code & { readonly issuedAt: number; spent?: Family | true }>();
  readonly #sessions = new Map<string, Session>();
  readonly #families = new Map<string, Family>();
  readonly #approved = new Set<string>();

  constructor(options: { clock: () => number; random: () => number; orgId: string }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#orgId = options.orgId;
  }

  register(app: App): void {
    this.apps.set(app.clientId, app);
  }

  /** The user pressed Allow, or the admin approved the app. */
  approve(user: string, clientId: string): void {
    this.#approved.add(`${user} ${clientId}`);
  }

  isApproved(user: string, clientId: string): boolean {
    return this.#approved.has(`${user} ${clientId}`);
  }

  issueCode(code: Code): string {
    const text = `aPrx${randomText(this.#random, 60)}==`;
    this.#codes.set(text, { ...code, issuedAt: this.#clock() });
    return text;
  }

  /** Spends a code. A second use is refused, and takes back what the first one gave. */
  spendCode(text: string): Code {
    const code = this.#codes.get(text);
    if (code === undefined) throw new OAuthError('invalid_grant', 'invalid authorization code');
    if (code.spent !== undefined) {
      if (code.spent !== true) this.#end(code.spent);
      throw new OAuthError('invalid_grant', 'invalid authorization code');
    }
    code.spent = true;
    if (this.#clock() - code.issuedAt > CODE_LIFETIME)
      throw new OAuthError('invalid_grant', 'expired authorization code');
    return code;
  }

  /** A refresh token and its first access token. The sixth grant of a user and app ends the oldest. */
  openFamily(user: string, clientId: string, scope: string, code?: string): { refresh: string; access: string } {
    const living = [...new Set(this.#families.values())].filter((f) => f.user === user && f.clientId === clientId);
    for (const old of living.slice(0, Math.max(0, living.length - GRANTS_PER_USER_AND_APP + 1))) this.#end(old);
    const family: Family = { user, clientId, scope, current: this.#refreshText(), sessions: new Set() };
    this.#families.set(family.current, family);
    const issued = code === undefined ? undefined : this.#codes.get(code);
    if (issued !== undefined) issued.spent = family;
    return { refresh: family.current, access: this.#openIn(family) };
  }

  /** An access token outside any family: client credentials, JWT bearer, or given by hand to a test. */
  openSession(user: string, clientId = 'sandbox', scope = 'api'): string {
    const text = `${this.#orgId.slice(0, 15)}!AQEA${randomText(this.#random, 92)}`;
    this.#sessions.set(text, { user, clientId, scope, issuedAt: this.#clock() });
    return text;
  }

  /**
   * A new access token, and with rotation a new refresh token. A refresh token used a second time is taken for stolen:
   * the whole family ends.
   */
  refresh(refresh: string, clientId: string): { access: string; refresh?: string; session: Session } {
    const family = this.#families.get(refresh);
    if (family === undefined || family.clientId !== clientId) throw expired();
    if (family.current !== refresh) {
      this.#end(family);
      throw expired();
    }
    const access = this.#openIn(family);
    const session = { user: family.user, clientId, scope: family.scope, issuedAt: this.#clock() };
    if (!this.rotation) return { access, session };
    family.current = this.#refreshText();
    this.#families.set(family.current, family);
    return { access, refresh: family.current, session };
  }

  /** The living session of an access token. */
  session(access: string): Session | undefined {
    const session = this.#sessions.get(access);
    return session !== undefined && this.#clock() - session.issuedAt < this.tokenLifetime ? session : undefined;
  }

  /** Every access token is expired from now on; refresh tokens stay. */
  expireTokens(): void {
    this.#sessions.clear();
  }

  /** Ends every authorisation, as an admin's "revoke all" or a changed policy does. */
  revokeAll(): void {
    for (const family of new Set(this.#families.values())) this.#end(family);
    this.#sessions.clear();
    this.#approved.clear();
  }

  /** Ends what a token belongs to; whether there was anything. */
  revoke(token: string): boolean {
    const family =
      this.#families.get(token) ?? [...new Set(this.#families.values())].find((f) => f.sessions.has(token));
    if (family !== undefined) this.#end(family);
    return this.#sessions.delete(token) || family !== undefined;
  }

  #openIn(family: Family): string {
    const access = this.openSession(family.user, family.clientId, family.scope);
    family.sessions.add(access);
    return access;
  }

  #end(family: Family): void {
    for (const access of family.sessions) this.#sessions.delete(access);
    for (const [text, owner] of this.#families) if (owner === family) this.#families.delete(text);
  }

  #refreshText(): string {
    return `5Aep861${randomText(this.#random, 80)}`;
  }
}
