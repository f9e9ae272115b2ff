import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import type { Town } from '../companion/town.ts';

/** What a command printed, and how it ended. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process. */
export async function tell(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Told> {
  let out = '';
  let err = '';
  const code = await main({
    arguments: args,
    env,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
  });
  return { code, out, err };
}

/**
 * A configuration file in the town's folder, for the town's store. Without `running` no service answers there.
 * Further settings go over its own.
 */
export function configFile(
  town: Town,
  running?: Running,
  { activecampaign, ...rest }: Readonly<Record<string, unknown>> & { readonly activecampaign?: object } = {},
): string {
  const { clientId } = CREDENTIALS.salesforce;
  const file = join(town.folder, 'config.json');
  const value = {
    salesforce: {
      url: running?.salesforceUrl ?? 'http://127.0.0.1:9',
      auth: { kind: 'client-credentials', clientId, clientSecret: { env: 'SF_SECRET' } },
    },
    activecampaign: {
      url: running?.activecampaignUrl ?? 'http://127.0.0.1:9',
      key: { env: 'AC_KEY' },
      requestsPerSecond: 10_000,
      ...activecampaign,
    },
    ...rest,
  };
  writeFileSync(file, JSON.stringify(value));
  return file;
}

/** The secrets that a configuration of `configFile` asks for. */
export const SECRETS = {
  SF_SECRET: CREDENTIALS.salesforce.clientSecret,
  AC_KEY: CREDENTIALS.activecampaign.key,
} as const;
