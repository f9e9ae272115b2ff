import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkedConnection } from '../activecampaign/checked-connection.ts';
import { activeCampaignOver } from '../activecampaign/client.ts';
import { readByNight, readOf } from '../activecampaign/read-of-page.ts';
import { createSurvey } from '../activecampaign/survey.ts';
import type { Config } from '../companion/config.ts';
import { ConfigError } from '../companion/config-reader.ts';
import { type Manner, patient, type Way } from '../companion/impatient.ts';
import { createTransport } from '../companion/transport.ts';
import { createJsforce } from '../salesforce/jsforce.ts';

const SURROUNDINGS = {
  random: Math.random,
  now: Date.now,
};
const WAY: Way = { fetch: createTransport(process.env, readOf), sleep: (ms) => sleep(ms) };
const WAY_BY_NIGHT: Way = { ...WAY, fetch: createTransport(process.env, readByNight) };

/** For a run: of a page no more is read than decides. */
export function byNight(manner: Manner = patient): Manner {
  return (service) => manner(service, WAY_BY_NIGHT);
}

/**
 * The two services of a configuration, over the network. Nothing is sent before the first call.
 * @param manner `byNight` for a run, or `impatient` for a command that somebody waits for
 * @throws ConfigError for a key that cannot be one
 */
export function connect(config: Config, manner: Manner) {
  return {
    salesforce: connectSalesforce(config.salesforce, manner),
    ...connectActiveCampaign(config.activecampaign, manner),
    ...SURROUNDINGS,
    sleep: WAY.sleep,
    machine: hostname(),
    storeTouchedAt: statSync(config.store, { throwIfNoEntry: false })?.ctimeMs,
  };
}

export function connectSalesforce({ url, auth }: Pick<Config['salesforce'], 'url' | 'auth'>, manner: Manner) {
  const way = manner('salesforce', WAY);
  return orConfigError(() => createJsforce({ ...SURROUNDINGS, ...way, url, auth }));
}

/** Enough to keep four a second up where a reply takes two seconds. */
const ABREAST = 10;

export function connectActiveCampaign(
  account: Pick<Config['activecampaign'], 'url' | 'key' | 'requestsPerSecond'>,
  manner: Manner,
) {
  const way = manner('activecampaign', WAY);
  const { url, key, requestsPerSecond } = account;
  const connection = orConfigError(() =>
    checkedConnection({ ...SURROUNDINGS, ...way, url, key, requestsPerSecond, abreast: ABREAST }),
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
