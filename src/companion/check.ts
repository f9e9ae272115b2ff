import type { AcList, ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { FieldDescription, ObjectDescription, Questions, Salesforce } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { allOf } from './all-of.ts';
import type { Config } from './config.ts';
import { fieldRemedy, missingFieldRemedy } from './field-remedy.ts';
import { changesOf, type Identity, isAnotherWorld } from './identity.ts';
import { keyMark, ownerOf } from './key-owner.ts';
import { notLetIn } from './not-let-in.ts';
import { Refused } from './refused.ts';
import type { Store } from './store.ts';
import { theirWords } from './their-words.ts';
import { remedyForUnseen } from './unseen.ts';

/** What the checks found. */
export interface Checked {
  readonly identity: Identity;
  /** By which the key is known again; see key-owner.ts. */
  readonly keyMark: string;
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

/** Who and what this run works on, before anything is read or written. Throws `Refused` naming the remedy. */
export async function check(
  config: Config,
  salesforce: Salesforce,
  ac: ActiveCampaign,
  store: Store,
  acceptChange: boolean,
): Promise<Checked> {
  const inAc = <T>(ask: () => Promise<T>) => signedIn('ActiveCampaign', 'activecampaign.key', ask);
  const mark = keyMark(store, config.activecampaign);
  const [{ organization, user }, owner, lists] = await allOf([
    signedIn('Salesforce', 'salesforce.auth', () => salesforce.identity()),
    inAc(async () => ownerOf(store, mark) ?? (await ac.me()).id),
    inAc(() => ac.lists()),
  ]);
  const email = lists.filter((list) => list.channel !== 'sms');
  const identity: Identity = {
    organization,
    salesforceUser: user,
    account: config.activecampaign.url,
    activecampaignUser: owner,
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
  return { identity, keyMark: mark, active, scope, startAfresh, changed: changes.length > 0, warnings };
}

/** A refused key or login is a matter for an admin; a service that cannot be reached is not. */
export async function signedIn<T>(service: string, setting: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceFailure && (error.kind === 'unauthorised' || error.kind === 'forbidden'))
      throw new Refused('sign-in', notLetIn(service, setting, error));
    throw error;
  }
}

/** Whether one object may be read and written; gives its opt-out field. Throws `Refused` naming the remedy. */
export async function checkObject(
  config: Config,
  salesforce: Questions,
  object: 'Contact' | 'Lead',
): Promise<FieldDescription> {
  const field = config.salesforce.optOutField;
  let description: ObjectDescription;
  try {
    description = await salesforce.describe(object);
  } catch (error) {
    if (error instanceof ServiceFailure && ['unauthorised', 'forbidden', 'not-found', 'rejected'].includes(error.kind))
      throw new Refused(
        'sign-in',
        `Salesforce does not let this user see ${object}: ${theirWords(error)}. ${remedyForUnseen(object, { code: error.detail.code ?? null, words: error.message })}`,
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
      `Salesforce shows no field ${object}.${field}: it is not there, or hidden from this user. ${missingFieldRemedy(object, field, description.fields.keys())}`,
    );
  if (box.type !== '' && box.type !== 'boolean')
    throw new Refused(
      'field-hidden',
      `${object}.${field} is no checkbox but of type ${box.type}. Set salesforce.optOutField to a checkbox.`,
    );
  if (!box.updateable || !description.updateable)
    throw new Refused(
      'field-read-only',
      `${object}.${field} is read-only for this user. ${fieldRemedy(object, field)}`,
    );
  return box;
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

/** So few may well be gone in one day. */
const FEW = 9;

/**
 * A side that is empty where it was full at the last reading is not read as "everybody left".
 * @param known how many were there then; asked only where nobody is found
 * @param accept told instead of refusing, where the admin accepts it
 */
export function checkNotEmptied(
  side: 'Salesforce' | 'ActiveCampaign',
  found: number,
  known: () => number,
  accept?: (words: string) => void,
): void {
  if (found > 0) return;
  const before = known();
  if (before <= FEW) return;
  const what = side === 'Salesforce' ? 'no records with an address' : 'no contacts';
  const emptied = `${side} shows ${what}, where ${before} were known at the last reading`;
  if (!accept)
    throw new Refused(
      'emptied',
      `${emptied}. Nothing was written. Check the rights of the API user. If they are gone indeed, run once with --accept-change.`,
    );
  accept(`Accepted: ${emptied}.`);
}
