import type { AcList, ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { ObjectDescription, Salesforce } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import type { Config } from './config.ts';
import { OBJECTS } from './query.ts';
import { Refused } from './refused.ts';
import type { Store } from './store.ts';
import { theirWords } from './their-words.ts';

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

/** What the checks found. */
export interface Checked {
  readonly identity: Identity;
  /** How many are active on each e-mail list, where the account says so. */
  readonly active: ReadonlyMap<string, number>;
  /** Ids of the lists in scope. */
  readonly scope: ReadonlySet<string>;
  /** The agreements are about another org, account or field, and say nothing about this one. */
  readonly startAfresh: boolean;
  /** Something is another than at the last run, and that was accepted. */
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/** Every prerequisite, before anything is read or written. Throws `Refused` naming the remedy. */
export async function check(
  config: Config,
  salesforce: Salesforce,
  ac: ActiveCampaign,
  store: Store,
  acceptChange: boolean,
): Promise<Checked> {
  const { organization, user } = await signedIn('Salesforce', 'salesforce.auth', () => salesforce.identity());
  for (const object of OBJECTS) await checkObject(config, salesforce, object);
  const me = await signedIn('ActiveCampaign', 'activecampaign.key', () => ac.me());
  const lists = await signedIn('ActiveCampaign', 'activecampaign.key', () => ac.lists());
  const email = lists.filter((list) => list.channel !== 'sms');
  const identity: Identity = {
    organization,
    salesforceUser: user,
    account: config.activecampaign.url,
    activecampaignUser: me.id,
    optOutField: config.salesforce.optOutField,
    scope: config.activecampaign.lists,
    qualifyingTags: [...config.activecampaign.qualifyingTags].sort(),
    lists: Object.fromEntries(email.map((list) => [list.id, list.name])),
  };
  const scope = scopeOf(config, email, lists);
  const before = store.meta<Identity>('identity');
  const changes = before ? changesOf(before, identity) : [];
  if (changes.length > 0 && !acceptChange)
    throw new Refused(
      'changed',
      `Since the last run: ${changes.join('; ')}. Nothing was written. If this is meant, run once with --accept-change.`,
    );
  const startAfresh = before !== undefined && isAnotherWorld(before, identity);
  const warnings = changes.map((change) => `Accepted: ${change}.`);
  if (startAfresh)
    warnings.push(
      'What was remembered was about another org, account or field and is forgotten: this run starts afresh, and clears nothing.',
    );
  const active = new Map(email.flatMap((list) => (list.active === undefined ? [] : [[list.id, list.active] as const])));
  return { identity, active, scope, startAfresh, changed: changes.length > 0, warnings };
}

/** A refused key or login is a matter for an admin; a service that cannot be reached is not. */
export async function signedIn<T>(service: string, setting: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceFailure && (error.kind === 'unauthorised' || error.kind === 'forbidden'))
      throw new Refused(
        'sign-in',
        `${service} refused the sign-in: ${theirWords(error)}. Check ${setting} and the rights of its user.`,
      );
    throw error;
  }
}

async function checkObject(config: Config, salesforce: Salesforce, object: 'Contact' | 'Lead'): Promise<void> {
  const field = config.salesforce.optOutField;
  const remedy = `Give the API user read and edit access to ${object}.${field} (field-level security), for example by a permission set.`;
  let description: ObjectDescription;
  try {
    description = await salesforce.describe(object);
  } catch (error) {
    if (error instanceof ServiceFailure && ['unauthorised', 'forbidden', 'not-found', 'rejected'].includes(error.kind))
      throw new Refused(
        'sign-in',
        `Salesforce does not let this user see ${object}: ${theirWords(error)}. Give the API user read and edit access to Contacts and Leads.`,
      );
    throw error;
  }
  if (!description.fields.has('Email'))
    throw new Refused(
      'field-hidden',
      `Salesforce hides ${object}.Email from this user. Give the API user read access to it.`,
    );
  const box = description.fields.get(field);
  if (!box)
    throw new Refused(
      'field-hidden',
      `Salesforce shows no field ${object}.${field}: it is not there, or hidden from this user. ${remedy}`,
    );
  if (box.type !== '' && box.type !== 'boolean')
    throw new Refused(
      'field-hidden',
      `${object}.${field} is no checkbox but of type ${box.type}. Set salesforce.optOutField to a checkbox.`,
    );
  if (!box.updateable || !description.updateable)
    throw new Refused('field-read-only', `${object}.${field} is read-only for this user. ${remedy}`);
}

function scopeOf(config: Config, email: readonly AcList[], all: readonly AcList[]): ReadonlySet<string> {
  const shown = new Set(email.map((list) => list.id));
  if (config.activecampaign.lists === 'all') {
    if (shown.size === 0)
      throw new Refused(
        'lists',
        'ActiveCampaign shows this key no e-mail list at all. Use the key of a user whose group may see the lists.',
      );
    return shown;
  }
  for (const id of config.activecampaign.lists) {
    if (shown.has(id)) continue;
    const sms = all.some((list) => list.id === id);
    throw new Refused(
      'lists',
      `activecampaign.lists: list ${id} ${sms ? 'is an SMS list' : 'is not shown by ActiveCampaign'}. Shown: ${email.map((list) => `${list.id} ${list.name}`).join(', ') || 'none'}.`,
    );
  }
  return new Set(config.activecampaign.lists);
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

function isAnotherWorld(before: Identity, now: Identity): boolean {
  return (
    before.organization !== now.organization || before.account !== now.account || before.optOutField !== now.optOutField
  );
}

/** Fewer than this many people may well be gone in one day. */
const MANY = 20;

/** A side that is empty where many people are known to be is not read as "everybody left". */
export function checkNotEmptied(side: 'Salesforce' | 'ActiveCampaign', found: number, known: number): void {
  if (found === 0 && known > MANY)
    throw new Refused(
      'emptied',
      `${side} shows nobody, where ${known} people were known at the last run. Nothing was written. Check the rights of the API user.`,
    );
}
