import { type Answer, type Finding, found } from './finding.ts';

export interface SignInFacts {
  /** The API version that the org and OptBridge share. */
  readonly version: Answer<string>;
  /** Whether a token was given. */
  readonly token: Answer<true>;
  readonly identity: Answer<{ readonly organization: string; readonly user: string }>;
  readonly kind: 'client-credentials' | 'jwt' | 'access-token';
}

const REMEDY: Readonly<Record<SignInFacts['kind'], string>> = {
  'client-credentials':
    'Check salesforce.auth: the consumer key and secret of the External Client App, that its client credentials flow is on, and that a Run As user is set.',
  jwt: 'Check salesforce.auth: the consumer key, that the app holds the certificate of this private key, that the user name is right and that the user is pre-authorised.',
  'access-token': 'Get a new access token for salesforce.auth: this kind cannot be renewed.',
};

/** Whether Salesforce speaks a version that we know, and lets us in. */
export function signInFindings(facts: SignInFacts): Finding[] {
  const group = 'salesforce';
  const version = found(
    {
      group,
      check: 'API version',
      needed: true,
      remedy: 'Check salesforce.url. It is the address of the org, https://<MyDomain>.my.salesforce.com.',
    },
    facts.version,
    (spoken) => [{ group, check: 'API version', status: 'ok', words: `${spoken}.`, remedy: null }],
  );
  const subject = { group, check: 'sign-in', needed: true, remedy: REMEDY[facts.kind] } as const;
  const signIn = found(subject, facts.token, () =>
    found(subject, facts.identity, ({ organization, user }) => [
      {
        group,
        check: 'sign-in',
        status: 'ok',
        words: `Signed in by ${facts.kind} to org ${organization} as user ${user}.`,
        remedy: null,
      },
    ]),
  );
  return [...version, ...signIn];
}
