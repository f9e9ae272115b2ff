import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import { malformed, type Outbound } from './line.ts';
import { describedBy, type Page, pageOf, rowOf } from './replies.ts';
import { longId, type Salesforce } from './salesforce.ts';
import { collectionCall, fatesOf, sharedFate, updateAll } from './update.ts';

/**
 * Sends one signed-in request, again as the retry policy allows. `read` takes out what was asked for, or returns
 * undefined when it is not there: the reply then counts as malformed.
 */
export type Ask = <T extends object>(outbound: Outbound, read: (body: unknown) => T | undefined) => Promise<T>;

/** What is asked of Salesforce over either adapter: the paths, the paging, the chunks. */
export function createProtocol(options: {
  readonly ask: Ask;
  readonly version: () => Promise<string>;
  /** Who signed in, by the token's own reply, where there was one that said so. */
  readonly signedInAs?: () =>
    | { readonly organization: string | undefined; readonly user: string | undefined }
    | undefined;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}): Pick<Salesforce, 'identity' | 'describe' | 'query' | 'update'> {
  const { ask, version, sleep, random } = options;
  const query: Salesforce['query'] = async function* query(soql, { deleted = false } = {}) {
    let path = `${await base()}/${deleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
    for (let read = 0; ; ) {
      const page: Page = await ask({ method: 'GET', path }, (body) => pageOf(body, read, path));
      read += page.records.length;
      yield page.records.map(rowOf);
      if (page.next === undefined) return;
      path = page.next;
    }
  };
  const base = async (): Promise<string> => `/services/data/v${await version()}`;

  return {
    async identity() {
      const info = await ask({ method: 'GET', path: '/services/oauth2/userinfo' }, (body) =>
        isObject(body) ? body : {},
      ).catch(unlessAbsent);
      const [, subOrganization, subUser] = typeof info.sub === 'string' ? (ID_URL.exec(info.sub) ?? []) : [];
      const known = options.signedInAs?.();
      const organization =
        idIn(info.organization_id) ?? subOrganization ?? known?.organization ?? (await organizationOf(query));
      return { organization: longId(organization), user: longId(idIn(info.user_id) ?? subUser ?? known?.user ?? '') };
    },

    async describe(object) {
      return ask({ method: 'GET', path: `${await base()}/sobjects/${object}/describe` }, describedBy);
    },

    query,

    update(updates) {
      return updateAll({
        updates,
        sleep,
        random,
        async send(chunk) {
          try {
            const call = collectionCall(await base(), chunk);
            return await ask(call, (body) => fatesOf(`${call.method} ${call.path}`, chunk, body));
          } catch (error) {
            return sharedFate(chunk, error);
          }
        },
      });
    },
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
