import { accountOrigin } from '../../activecampaign/client.ts';

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

export const CATALOGUE: Readonly<Record<SettingName, Setting>> = {
  salesforceClientId: {
    secret: false,
    canonical: (typed) => {
      if (!/^[A-Za-z0-9._]{8,256}$/.test(typed)) throw new Error('settings_salesforceClientId_wrong');
      return typed;
    },
  },
  activeCampaignUrl: {
    secret: false,
    canonical: (typed) => {
      let origin: string;
      try {
        origin = accountOrigin(typed);
      } catch {
        throw new Error('settings_activeCampaignUrl_wrong');
      }
      const url = new URL(origin);
      if (url.protocol !== 'https:' || url.port !== '') throw new Error('settings_activeCampaignUrl_wrong');
      if (!ACTIVECAMPAIGN_HOST.test(url.hostname)) throw new Error('settings_activeCampaignUrl_host');
      return origin;
    },
  },
  activeCampaignKey: {
    secret: true,
    canonical: (typed) => {
      if (!/^[\x21-\x7e]{8,256}$/.test(typed)) throw new Error('settings_activeCampaignKey_wrong');
      return typed;
    },
  },
  optOutField: {
    secret: false,
    canonical: (typed) => {
      if (!/^[A-Za-z]\w{0,79}$/.test(typed)) throw new Error('settings_optOutField_wrong');
      return typed;
    },
  },
  lists: {
    secret: false,
    canonical: (typed) => {
      if (typed.toLowerCase() === 'all') return 'all';
      const ids = typed.split(/[\s,;]+/).filter((id) => id !== '');
      if (ids.length === 0 || !ids.every((id) => /^\d{1,10}$/.test(id))) throw new Error('settings_lists_wrong');
      return [...new Set(ids)].join(', ');
    },
  },
  allowOptIn: {
    secret: false,
    canonical: (typed) => {
      const word = typed.toLowerCase();
      if (word !== 'yes' && word !== 'no') throw new Error('settings_allowOptIn_wrong');
      return word;
    },
  },
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
  };
}

function listsOf(text: string): 'all' | readonly string[] {
  return text === 'all' ? 'all' : text.split(', ');
}
