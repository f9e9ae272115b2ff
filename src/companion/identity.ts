/** Who and what this run works on; compared with the run before. */
export interface Identity {
  readonly organization: string;
  readonly salesforceUser: string;
  readonly account: string;
  readonly activecampaignUser: string;
  readonly optOutField: string;
  readonly scope: 'all' | readonly string[];
  readonly qualifyingTags: readonly string[];
  /** Ids and names of the e-mail lists that `/lists` showed. */
  readonly lists: Readonly<Record<string, string>>;
}

/** What an admin must have meant, in words. A list that is new is everyday life; one that is gone is not. */
export function changesOf(before: Identity, now: Identity): string[] {
  const changes: string[] = [];
  const differ = (what: string, was: string, is: string) => {
    if (was !== is) changes.push(`${what} changed from ${was} to ${is}`);
  };
  differ('the Salesforce org', before.organization, now.organization);
  differ('the Salesforce API user', before.salesforceUser, now.salesforceUser);
  differ('the ActiveCampaign account', before.account, now.account);
  differ('the ActiveCampaign API user', before.activecampaignUser, now.activecampaignUser);
  differ('the opt-out field', before.optOutField, now.optOutField);
  differ('the list scope', scopeInWords(before.scope), scopeInWords(now.scope));
  differ('the set of qualifying tags', before.qualifyingTags.join(', '), now.qualifyingTags.join(', '));
  if (before.account === now.account)
    for (const [id, name] of Object.entries(before.lists))
      if (!(id in now.lists)) changes.push(`list ${id} (${name}) is no longer shown`);
  return changes;
}

function scopeInWords(scope: Identity['scope']): string {
  return scope === 'all' ? 'all lists' : `lists ${[...scope].sort().join(', ')}`;
}

/** Whether what was remembered says nothing about what this run works on. */
export function isAnotherWorld(before: Identity, now: Identity): boolean {
  return (
    before.organization !== now.organization || before.account !== now.account || before.optOutField !== now.optOutField
  );
}
