import { objectOf } from '../../salesforce/salesforce.ts';

/** Where people look at what a report names. */
export interface Places {
  /** Origin of the org's API, such as `https://acme.my.salesforce.com`. */
  readonly salesforceUrl: string;
  /** Origin of the account's API, such as `https://acme.api-us1.com`. */
  readonly activecampaignUrl: string;
}

/**
 * The Lightning page of a record. The host is that of the org's own domain (facts/salesforce.md section 6); another one,
 * such as loopback, is left as it is.
 */
export function recordLink({ salesforceUrl }: Places, id: string): string {
  const origin = salesforceUrl
    .replace(/\.my\.salesforce\.(com|mil)$/, '.lightning.force.$1')
    .replace(/\.my\.([\w-]+)\.salesforce\.com$/, '.lightning.$1.force.com');
  const object = objectOf(id);
  return `${origin}/lightning/r/${object === undefined ? '' : `${object}/`}${encodeURIComponent(id)}/view`;
}

/** A contact's page: `acme.api-us1.com` answers requests, people open `acme.activehosted.com`. */
export function contactLink({ activecampaignUrl }: Places, id: string): string {
  return `${activecampaignUrl.replace(/\.api-us1\.com$/, '.activehosted.com')}/app/contacts/${encodeURIComponent(id)}`;
}
