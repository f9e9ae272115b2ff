import { checkedConnection } from '../../../src/activecampaign/checked-connection.ts';
import { activeCampaignOver } from '../../../src/activecampaign/client.ts';
import { createSurvey } from '../../../src/activecampaign/survey.ts';
import { examine } from '../../../src/companion/doctor/examine.ts';
import type { Finding } from '../../../src/companion/doctor/finding.ts';
import { createJsforce } from '../../../src/salesforce/jsforce.ts';
import { standstill } from '../../service/standstill.ts';
import type { Town } from '../town.ts';

/** Somebody is told, so that nothing is amiss with that: test/companion/doctor/told.test.ts is about it. */
const ALERTS = { webhook: null, command: ['true'] };

/** Has a town examined, in its own time but for the minutes that this machine's clock is off. */
export async function examined(
  town: Town,
  options: { readonly ahead?: number; readonly pace?: number } = {},
): Promise<readonly Finding[]> {
  const { config, sandbox, clock } = town;
  const patience = standstill();
  const now = () => clock.now() + (options.ahead ?? 0) * 60_000;
  const shared = { fetch: sandbox.fetch, sleep: patience.sleep, random: patience.random };
  const { url, key, requestsPerSecond } = config.activecampaign;
  const connection = checkedConnection({ ...shared, url, key, requestsPerSecond, now: patience.now });
  const { salesforce } = config;
  return examine({
    config: {
      ...config,
      alerts: ALERTS,
      activecampaign: { ...config.activecampaign, requestsPerSecond: options.pace ?? 4 },
    },
    salesforce: createJsforce({ ...shared, url: salesforce.url, auth: salesforce.auth, now }),
    activecampaign: activeCampaignOver(connection),
    survey: createSurvey(connection),
    now,
  });
}

/** The finding of one check, as a line: `problem: what was found -> what to do`. */
export function line(findings: readonly Finding[], check: string): string {
  const found = findings.filter((finding) => finding.check === check);
  if (found.length !== 1) throw new Error(`${found.length} findings of "${check}"`);
  return found.map(({ status, words, remedy }) => `${status}: ${words}${remedy ? ` -> ${remedy}` : ''}`).join();
}

/** What nobody can know, or no sandbox has by itself: tests of their own are about it. */
const APART = /^(right to unsubscribe|history of .*)$/;

/** The checks that are not as they should be. */
export function amiss(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ status, check }) => status !== 'ok' && !APART.test(check))
    .map(({ status, check }) => `${status}: ${check}`);
}
