import { isLoopback } from '../service/origin.ts';

/** Requests a second for a whole account, all keys and integrations together (facts/activecampaign.md section 10). */
export const ACCOUNT_LIMIT = 5;

/** What is to be said of a pace that ActiveCampaign does not allow; null for any other, and of a stand-in on this machine. */
export function tooFast(account: {
  readonly url: string;
  readonly requestsPerSecond: number;
}): { readonly words: string; readonly remedy: string } | null {
  const { url, requestsPerSecond } = account;
  if (requestsPerSecond <= ACCOUNT_LIMIT || isLoopback(new URL(url).hostname)) return null;
  return {
    words: `activecampaign.requestsPerSecond is ${requestsPerSecond}; ActiveCampaign allows a whole account ${ACCOUNT_LIMIT}, all integrations together. What is above is refused and asked again, and theirs with it.`,
    remedy: `Set activecampaign.requestsPerSecond to 4 or less.`,
  };
}
