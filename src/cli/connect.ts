import { setTimeout as sleep } from 'node:timers/promises';
import { createActiveCampaign } from '../activecampaign/client.ts';
import type { Config } from '../companion/config.ts';
import { createJsforce } from '../salesforce/jsforce.ts';

/** The two services of a configuration, over the network. Nothing is sent before the first call. */
export function connect(config: Config) {
  const shared = { fetch, sleep, random: Math.random, now: Date.now };
  const { url, auth } = config.salesforce;
  const { key, requestsPerSecond } = config.activecampaign;
  return {
    salesforce: createJsforce({ ...shared, url, auth }),
    activecampaign: createActiveCampaign({ ...shared, url: config.activecampaign.url, key, requestsPerSecond }),
    now: Date.now,
    random: Math.random,
    sleep: (ms: number) => sleep(ms),
  };
}
