import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';

/** Agreements are timed by the services' own clocks, so that without one nothing is ever newer than an agreement. */
export function undated(salesforce: Salesforce, ac: ActiveCampaign): string[] {
  const silent = [
    ...(salesforce.serverTime === undefined ? ['Salesforce'] : []),
    ...(ac.serverTime === undefined ? ['ActiveCampaign'] : []),
  ];
  return silent.map(
    (service) =>
      `${service} does not say the time: its replies come without a Date header. Whoever subscribes again is not recognised, and stays opted out. Look for a proxy that takes the header off.`,
  );
}
