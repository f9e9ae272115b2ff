/** The settings as the rest of the extension uses them; null is "not given". */
export interface Settings {
  /** Consumer key of the customer's own External Client App. Not a secret. */
  readonly salesforceClientId: string | null;
  /** Origin of the account's API, such as `https://acme.api-us1.com`. */
  readonly activeCampaignUrl: string | null;
  readonly activeCampaignKey: string | null;
  /** API name of the checkbox in use on Contact and Lead. */
  readonly optOutField: string;
  /** Null while a custom field is in use and nobody said which lists belong to it. */
  readonly lists: 'all' | readonly string[] | null;
  /** Whether a rep may opt somebody in, which asks for a reason. */
  readonly allowOptIn: boolean;
  /** A page where people choose their lists themselves; what ActiveCampaign has for that it tells by no API. */
  readonly preferenceLink: string | null;
  /** Whether each change is logged on the record as a completed Salesforce task. */
  readonly logChanges: boolean;
  /** Salesforce username by which the nightly run writes. */
  readonly nightlyUser: string | null;
  /** Whether list views and related lists show a mark beside every address. */
  readonly listMarks: boolean;
}

export type SettingName = keyof Settings;

/** One setting: what storage, the policy schema and the options form all go by. */
export interface Setting {
  /** Kept off the page once it is saved. */
  readonly secret: boolean;
  /** The canonical text of what somebody typed; throws an Error whose message says what is wrong. Never called with ''. */
  readonly canonical: (typed: string) => string;
}

export const STANDARD_FIELD = 'HasOptedOutOfEmail';

/** The hosts of the manifest: a key is sent nowhere else. */
const ACTIVECAMPAIGN_HOST = /^[a-z0-9-]+\.(?:api-us1|activehosted)\.com$/;

/** What is wrong with a text, by the name of a message. */
const wrong = (what: string) => new Error(`settings_${what}`);

const matching = (name: SettingName, pattern: RegExp) => (typed: string) => {
  if (!pattern.test(typed)) throw wrong(`${name}_wrong`);
  return typed;
};

function yesOrNo(name: SettingName) {
  const plain = (typed: string) => typed.toLowerCase().replace('true', 'yes').replace('false', 'no');
  return (typed: string) => matching(name, /^(?:yes|no)$/)(plain(typed));
}

/**
 * The origin of an account's address as people copy it: from Settings, Developer, or out of the address bar of any of its pages,
 * with or without `https://`.
 */
function accountOrigin(typed: string): string {
  const url = URL.parse(/^[\w-]+\./.test(typed) ? `https://${typed}` : typed);
  if (!url || !/^https:\/\/[^/@]+\//.test(url.href) || url.port !== '') throw wrong('activeCampaignUrl_wrong');
  if (!ACTIVECAMPAIGN_HOST.test(url.hostname)) throw wrong('activeCampaignUrl_host');
  return url.origin;
}

export const CATALOGUE: Readonly<Record<SettingName, Setting>> = {
  salesforceClientId: { secret: false, canonical: matching('salesforceClientId', /^[A-Za-z0-9._]{8,256}$/) },
  activeCampaignUrl: { secret: false, canonical: accountOrigin },
  activeCampaignKey: { secret: true, canonical: matching('activeCampaignKey', /^[\x21-\x7e]{8,256}$/) },
  optOutField: { secret: false, canonical: matching('optOutField', /^[A-Za-z]\w{0,79}$/) },
  lists: {
    secret: false,
    canonical: (typed) => {
      if (typed.toLowerCase() === 'all') return 'all';
      const ids = typed.split(/[\s,;]+/).filter((id) => id !== '');
      if (ids.length === 0 || !ids.every((id) => /^\d{1,10}$/.test(id))) throw wrong('lists_wrong');
      return [...new Set(ids)].join(', ');
    },
  },
  allowOptIn: { secret: false, canonical: yesOrNo('allowOptIn') },
  preferenceLink: {
    secret: false,
    canonical: (typed) => {
      const url = URL.parse(typed);
      if (url?.protocol !== 'https:' || url.username !== '') throw wrong('preferenceLink_wrong');
      return url.href;
    },
  },
  logChanges: { secret: false, canonical: yesOrNo('logChanges') },
  nightlyUser: { secret: false, canonical: matching('nightlyUser', /^[^\s@]+@[^\s@]+$/) },
  listMarks: { secret: false, canonical: yesOrNo('listMarks') },
};

export const SETTING_NAMES = Object.keys(CATALOGUE) as SettingName[];

/** Texts by setting, as storage and policies hold them. */
export type Texts = { readonly [K in SettingName]?: string };

/** The settings that canonical texts stand for, with their defaults. */
export function settingsOf(texts: Texts): Settings {
  const optOutField = texts.optOutField ?? STANDARD_FIELD;
  const standard = optOutField === STANDARD_FIELD;
  return {
    salesforceClientId: texts.salesforceClientId ?? null,
    activeCampaignUrl: texts.activeCampaignUrl ?? null,
    activeCampaignKey: texts.activeCampaignKey ?? null,
    optOutField,
    lists: texts.lists === undefined ? (standard ? 'all' : null) : listsOf(texts.lists),
    allowOptIn: texts.allowOptIn !== 'no',
    preferenceLink: texts.preferenceLink ?? null,
    logChanges: texts.logChanges === 'yes',
    nightlyUser: texts.nightlyUser ?? null,
    listMarks: texts.listMarks === 'yes',
  };
}

/** The lists of a text in canonical form. */
export function listsOf(text: string): 'all' | readonly string[] {
  return text === 'all' ? 'all' : text.split(', ');
}
