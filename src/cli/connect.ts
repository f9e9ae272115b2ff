import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkedConnection } from '../activecampaign/checked-connection.ts';
import { activeCampaignOver } from '../activecampaign/client.ts';
import { readOf } from '../activecampaign/read-of-page.ts';
import { createSurvey } from '../activecampaign/survey.ts';
import type { Config } from '../companion/config.ts';
import { ConfigError } from '../companion/config-reader.ts';
import { createTransport } from '../companion/transport.ts';
import { createJsforce } from '../salesforce/jsforce.ts';

const SURROUNDINGS = {
  fetch: createTransport(process.env, readOf),
  sleep: (ms: number) => sleep(ms),
  random: Math.random,
  now: Date.now,
};

/**
 * The two services of a configuration, over the network. Nothing is sent before the first call.
 * @throws ConfigError for a key that cannot be one
 */
export function connect(config: Config) {
  const { now, random, sleep } = SURROUNDINGS;
  return {
    salesforce: connectSalesforce(config.salesforce),
    ...connectActiveCampaign(config.activecampaign),
    now,
    random,
    sleep,
    machine: hostname(),
    storeTouchedAt: statSync(config.store, { throwIfNoEntry: false })?.ctimeMs,
  };
}

export function connectSalesforce({ url, auth }: Pick<Config['salesforce'], 'url' | 'auth'>) {
  return orConfigError(() => createJsforce({ ...SURROUNDINGS, url, auth }));
}

/** Enough to keep four a second up where a reply takes two seconds. */
const ABREAST = 10;

export function connectActiveCampaign(account: Pick<Config['activecampaign'], 'url' | 'key' | 'requestsPerSecond'>) {
  const { url, key, requestsPerSecond } = account;
  const connection = orConfigError(() =>
    checkedConnection({ ...SURROUNDINGS, url, key, requestsPerSecond, abreast: ABREAST }),
  );
  return { activecampaign: activeCampaignOver(connection), survey: createSurvey(connection) };
}

/** The clients refuse at once what cannot be right, with the setting's name and the remedy. */
function orConfigError<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}
