import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import { malformed } from './line.ts';
import type { Ask } from './records.ts';
import { longId, type Salesforce } from './salesforce.ts';

/** Who signed in, by the token's own reply, where there was one that said so. */
export type SignedInAs = () =>
  | { readonly organization: string | undefined; readonly user: string | undefined }
  | undefined;

/** See `Salesforce.identity`. */
export function createIdentity(
  ask: Ask,
  query: Salesforce['query'],
  signedInAs: SignedInAs = () => undefined,
): Salesforce['identity'] {
  return async () => {
    const info = await ask({ method: 'GET', path: '/services/oauth2/userinfo' }, (body) =>
      isObject(body) ? body : {},
    ).catch(unlessAbsent);
    const [, subOrganization, subUser] = typeof info.sub === 'string' ? (ID_URL.exec(info.sub) ?? []) : [];
    const known = signedInAs();
    const organization =
      idIn(info.organization_id) ?? subOrganization ?? known?.organization ?? (await organizationOf(query));
    return { organization: longId(organization), user: longId(idIn(info.user_id) ?? subUser ?? known?.user ?? '') };
  };
}

/** `https://login.salesforce.com/id/<org>/<user>`. */
const ID_URL = /\/id\/(00D\w{12,15})\/(005\w{12,15})/;

function idIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `/services/oauth2/userinfo` needs a scope of its own; without it the token's reply or the org says who it is. */
function unlessAbsent(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ServiceFailure && ['not-found', 'rejected', 'malformed', 'forbidden'].includes(error.kind))
    return {};
  throw error;
}

async function organizationOf(query: Salesforce['query']): Promise<string> {
  for await (const page of query('SELECT Id FROM Organization')) {
    const id = idIn(page[0]?.Id);
    if (id !== undefined) return id;
  }
  throw malformed('GET /services/oauth2/userinfo', 'the org does not say which one it is');
}
