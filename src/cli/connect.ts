import { setTimeout as sleep } from 'node:timers/promises';
import { activeCampaignOver } from '../activecampaign/client.ts';
import { createConnection } from '../activecampaign/connection.ts';
import { createSurvey } from '../activecampaign/survey.ts';
import type { Config } from '../companion/config.ts';
import { ConfigError } from '../companion/config-reader.ts';
import { createJsforce } from '../salesforce/jsforce.ts';

/**
 * The two services of a configuration, over the network. Nothing is sent before the first call.
 * @throws ConfigError for a key that cannot be one
 */
export function connect(config: Pick<Config, 'salesforce' | 'activecampaign'>) {
  const { url, key, requestsPerSecond } = config.activecampaign;
  const shared = { fetch, sleep, random: Math.random, now: Date.now };
  try {
    const connection = createConnection({ ...shared, url, key, requestsPerSecond });
    return {
      salesforce: createJsforce({ ...shared, url: config.salesforce.url, auth: config.salesforce.auth }),
      activecampaign: activeCampaignOver(connection),
      survey: createSurvey(connection),
      now: Date.now,
      random: Math.random,
      sleep: (ms: number) => sleep(ms),
    };
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}
