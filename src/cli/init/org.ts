import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { STANDARD_FIELD } from '../../companion/config.ts';
import { fieldFindings } from '../../companion/doctor/fields.ts';
import { answered, asked } from '../../companion/doctor/finding.ts';
import { signInFindings } from '../../companion/doctor/sign-in.ts';
import { impatient } from '../../companion/impatient.ts';
import type { Auth } from '../../salesforce/auth.ts';
import { orgOrigin } from '../../salesforce/host.ts';
import type { JsforceSalesforce } from '../../salesforce/jsforce.ts';
import { connectSalesforce } from '../connect.ts';
import {
  ACCESS_TOKEN,
  AUTH_KIND,
  CLIENT_ID,
  CLIENT_SECRET,
  FIELD,
  FIELD_WRITABLE,
  GOOD,
  KEY_FILE,
  KINDS,
  NO_FIELD_NAME,
  NO_KEY_FILE,
  ORG_ANSWERS,
  ORG_URL,
  SALESFORCE_PART,
  SIGNED_IN,
  UNKNOWN_KIND,
  USERNAME,
} from '../texts/init.ts';
import type { Asking } from './asking.ts';
import { askSecret, type Variable, variablesOf } from './secret.ts';
import { Failed, orFailed, passed, untilGood } from './trial.ts';

/** The `salesforce` part of a configuration file. */
export interface OrgPart {
  readonly value: { readonly url: string; readonly optOutField: string; readonly auth: unknown };
  readonly variables: readonly Variable[];
}

/** Asks about Salesforce: the address, how to sign in, the opt-out field. */
export async function askOrg(asking: Asking): Promise<OrgPart> {
  const { out } = asking;
  out(SALESFORCE_PART);
  const url = await untilGood(out, () => askUrl(asking));
  const before: Before = {};
  const login = await untilGood(out, () => askLogin(asking, url, before));
  const optOutField = await untilGood(out, () => askField(asking, login.salesforce));
  return { value: { url, optOutField, auth: login.stored }, variables: login.variables };
}

const NOT_ASKED = { skipped: 'it was not asked' };

async function askUrl({ questions, out }: Asking): Promise<string> {
  const answer = await questions.ask(ORG_URL);
  const url = orFailed(() => orgOrigin(answer, 'the address'));
  // The list of versions is open to everybody: no sign-in is needed to see that an org answers.
  const salesforce = connectSalesforce({ url, auth: { kind: 'access-token', accessToken: '' } }, impatient);
  const version = await asked(() => salesforce.version());
  passed(signInFindings({ version, token: NOT_ASKED, identity: NOT_ASKED, kind: 'access-token' }));
  out(GOOD(ORG_ANSWERS(url, answered(version))));
  return url;
}

interface Login {
  readonly salesforce: JsforceSalesforce;
  readonly stored: unknown;
  readonly variables: readonly Variable[];
}

/** What was answered before a sign-in failed: Enter keeps it, so that only what is wrong is typed again. */
interface Before {
  kind?: Auth['kind'];
  clientId?: string;
  username?: string;
  keyFile?: string;
}

async function askLogin(asking: Asking, url: string, before: Before): Promise<Login> {
  const kind = await untilGood(asking.out, async () => {
    const answer = await asking.questions.ask(AUTH_KIND, { fallback: before.kind ?? KINDS[0] });
    const known = KINDS.find((candidate) => candidate === answer.toLowerCase());
    if (known === undefined) throw new Failed(UNKNOWN_KIND(answer));
    return known;
  });
  before.kind = kind;
  const { auth, stored, variables } = await askAuth(asking, kind, before);
  const salesforce = orFailed(() => connectSalesforce({ url, auth }, impatient));
  const token = await asked(async () => {
    await salesforce.connection();
    return true as const;
  });
  const identity = 'value' in token ? await asked(() => salesforce.identity()) : NOT_ASKED;
  passed(signInFindings({ version: NOT_ASKED, token, identity, kind }));
  const who = answered(identity);
  asking.out(GOOD(SIGNED_IN(who?.organization, who?.user)));
  return { salesforce, stored, variables };
}

async function askAuth(
  asking: Asking,
  kind: Auth['kind'],
  before: Before,
): Promise<{ auth: Auth; stored: unknown; variables: readonly Variable[] }> {
  const { questions } = asking;
  if (kind === 'access-token') {
    const secret = await askSecret(asking, ACCESS_TOKEN, 'SF_TOKEN');
    return {
      auth: { kind, accessToken: secret.value },
      stored: { kind, accessToken: secret.stored },
      variables: variablesOf(asking, ACCESS_TOKEN, secret),
    };
  }
  const clientId = await questions.ask(CLIENT_ID, kept(before.clientId));
  before.clientId = clientId;
  if (kind === 'client-credentials') {
    const secret = await askSecret(asking, CLIENT_SECRET, 'SF_SECRET');
    return {
      auth: { kind, clientId, clientSecret: secret.value },
      stored: { kind, clientId, clientSecret: secret.stored },
      variables: variablesOf(asking, CLIENT_SECRET, secret),
    };
  }
  const username = await questions.ask(USERNAME, kept(before.username));
  before.username = username;
  const file = await untilGood(asking.out, async () => {
    const path = resolve(await questions.ask(KEY_FILE, kept(before.keyFile)));
    before.keyFile = path;
    return { path, pem: readKey(path) };
  });
  return {
    auth: { kind, clientId, username, privateKey: file.pem },
    stored: { kind, clientId, username, privateKeyFile: file.path },
    variables: [],
  };
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failed(NO_KEY_FILE(path, error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'));
  }
}

function kept(answer: string | undefined): { fallback?: string } {
  return answer === undefined ? {} : { fallback: answer };
}

async function askField({ questions, out }: Asking, salesforce: JsforceSalesforce): Promise<string> {
  const field = await questions.ask(FIELD, { fallback: STANDARD_FIELD });
  if (!/^[A-Za-z]\w*$/.test(field)) throw new Failed(NO_FIELD_NAME(field, STANDARD_FIELD));
  for (const object of ['Contact', 'Lead'] as const) {
    const description = await asked(() => salesforce.describe(object));
    passed(fieldFindings({ object, description, counts: NOT_ASKED }, field));
  }
  out(GOOD(FIELD_WRITABLE(field)));
  return field;
}
