import { createIdentity, type SignedInAs } from './identity.ts';
import { basePath, createQuery, createUpdate, type Reach } from './records.ts';
import { describedBy } from './replies.ts';
import type { PersonObject, Salesforce } from './salesforce.ts';

/** What is asked of Salesforce over either adapter. */
export function createProtocol(
  reach: Reach,
  signedInAs?: SignedInAs,
): Pick<Salesforce, 'identity' | 'describe' | 'query' | 'update'> {
  const { ask, version } = reach;
  const query = createQuery(reach);
  return {
    query,
    update: createUpdate(reach),
    identity: createIdentity(ask, query, signedInAs),
    async describe(object) {
      return ask({ method: 'GET', path: describePath(await basePath(version), object) }, describedBy);
    },
  };
}

export function describePath(base: string, object: PersonObject): string {
  return `${base}/sobjects/${object}/describe`;
}
