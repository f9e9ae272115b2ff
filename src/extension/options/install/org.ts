import { createIdentity } from '../../../salesforce/identity.ts';
import { createLine } from '../../../salesforce/line.ts';
import { createProtocol } from '../../../salesforce/protocol.ts';
import { createQuery } from '../../../salesforce/records.ts';
import { refusalOf } from '../../../salesforce/refusal.ts';
import { restReach } from '../../../salesforce/rest.ts';
import type { Salesforce } from '../../../salesforce/salesforce.ts';
import { createMetadata, type Metadata } from '../../../salesforce/setup/metadata.ts';
import { createSetup, type Setup } from '../../../salesforce/setup/setup.ts';
import type { Fetch } from '../../../service/http.ts';
import type { Patience } from '../../../service/retry.ts';
import { API_VERSION } from '../../api-version.ts';
import type { Sessions } from '../../background/session.ts';

/** One org, as far as its opt-out field is concerned. */
export interface OrgSetup {
  readonly setup: Setup;
  readonly layouts: Metadata;
  readonly describe: Salesforce['describe'];
  /** 18-character id of who is signed in. */
  user(): Promise<string>;
}

export interface OrgSetupPorts extends Patience {
  readonly sessions: Sessions;
  readonly fetch: Fetch;
}

/** Setup may take its time over a layout. */
const TIMEOUT_MS = 60_000;

/** The org at an API host, as whoever is signed in to it there. */
export function orgSetup(host: string, { sessions, fetch, sleep, random }: OrgSetupPorts): OrgSetup {
  const line = createLine({ url: `https://${host}`, fetch, timeoutMs: TIMEOUT_MS, refusalOf });
  const signedIn = {
    sleep,
    random,
    token: async () => (await sessions.current(host)).accessToken,
    refused: async (token: string) => (await sessions.renewed(host, token)).accessToken,
  };
  const reach = restReach(signedIn, async () => API_VERSION, line);
  const { describe } = createProtocol(reach);
  const identity = createIdentity(reach.ask, createQuery(reach));
  return {
    setup: createSetup(reach),
    layouts: createMetadata(line, API_VERSION, signedIn),
    describe,
    user: async () => (await sessions.current(host)).user ?? (await identity()).user,
  };
}
