import { isObject } from '../service/http.ts';
import type { Outbound } from './line.ts';
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
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}): Pick<Salesforce, 'identity' | 'describe' | 'query' | 'update'> {
  const { ask, version, sleep, random } = options;
  const base = async (): Promise<string> => `/services/data/v${await version()}`;

  return {
    identity() {
      return ask({ method: 'GET', path: '/services/oauth2/userinfo' }, (body) => {
        if (!isObject(body)) return undefined;
        const { organization_id: organization, user_id: user } = body;
        if (typeof organization !== 'string' || typeof user !== 'string') return undefined;
        return { organization: longId(organization), user: longId(user) };
      });
    },

    async describe(object) {
      return ask({ method: 'GET', path: `${await base()}/sobjects/${object}/describe` }, describedBy);
    },

    async *query(soql, { deleted = false } = {}) {
      let path = `${await base()}/${deleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
      for (let read = 0; ; ) {
        const page: Page = await ask({ method: 'GET', path }, (body) => pageOf(body, read, path));
        read += page.records.length;
        yield page.records.map(rowOf);
        if (page.next === undefined) return;
        path = page.next;
      }
    },

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
