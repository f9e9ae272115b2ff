import type { AcContact, ActiveCampaign } from '../../src/activecampaign/activecampaign.ts';
import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { ServiceFailure } from '../../src/service/failure.ts';
import type { Fetch } from '../../src/service/http.ts';
import { type Standstill, standstill } from '../service/standstill.ts';

export interface Sandboxed {
  readonly sandbox: Sandbox;
  readonly clock: Standstill;
  readonly client: ActiveCampaign;
}

/** An account without people and a client for it, without a network; time passes only in pauses. */
export function sandboxed(options: { requestsPerSecond?: number; key?: string; timeoutMs?: number } = {}): Sandboxed {
  const clock = standstill();
  const sandbox = createSandbox({ people: 0, activecampaign: { monotonic: clock.now } });
  const { url, key } = CREDENTIALS.activecampaign;
  const client = createActiveCampaign({ url, key, fetch: sandbox.fetch, ...clock, ...options });
  return { sandbox, clock, client };
}

/** A client for a service that answers as this function says; gives the requests that were sent. */
export function answering(answer: (url: URL, init: RequestInit, sent: number) => unknown): {
  client: ActiveCampaign;
  urls: URL[];
  clock: Standstill;
} {
  const urls: URL[] = [];
  const clock = standstill();
  const fetch: Fetch = async (address, init) => {
    const url = new URL(address);
    urls.push(url);
    const body = await answer(url, init, urls.length);
    return body instanceof Response ? body : Response.json(body);
  };
  const client = createActiveCampaign({ url: 'https://acme.api-us1.com', key: 'k3y', fetch, ...clock });
  return { client, urls, clock };
}

export async function everybody(client: ActiveCampaign, after?: string): Promise<AcContact[]> {
  const found: AcContact[] = [];
  for await (const page of client.contacts(after === undefined ? {} : { after })) found.push(...page.contacts);
  return found;
}

/** The failure that something rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<ServiceFailure> {
  const outcome = await work.then(
    () => 'it was done',
    (error: unknown) => error,
  );
  if (!(outcome instanceof ServiceFailure)) throw new Error(`no ServiceFailure: ${outcome}`);
  return outcome;
}
