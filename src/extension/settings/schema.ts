import { SETTING_NAMES, type SettingName, STANDARD_FIELD } from './catalogue.ts';

/** Title and description of each setting for those who write browser policies; not part of the bundle. */
const WORDS: Readonly<Record<SettingName, readonly [title: string, description: string]>> = {
  salesforceClientId: [
    'Salesforce consumer key',
    'Consumer key of your External Client App in Salesforce (PKCE, no client secret).',
  ],
  activeCampaignUrl: [
    'ActiveCampaign API URL',
    'From ActiveCampaign, Settings, Developer: https://<account>.api-us1.com.',
  ],
  activeCampaignKey: ['ActiveCampaign API key', 'API key of an ActiveCampaign user who may see every list. A secret.'],
  optOutField: ['Opt-out field', `API name of the checkbox on Contact and Lead. Default: ${STANDARD_FIELD}.`],
  lists: [
    'ActiveCampaign lists',
    'Lists that count: "all" or list ids with commas between. Must be given with a custom opt-out field.',
  ],
  preferenceLink: [
    'Preference page',
    'https address of a page where people choose their lists, for the text that asks somebody whether they want email again.',
  ],
  nightlyUser: [
    'User of the nightly sync',
    'Salesforce username by which the nightly run writes: what it set is said to be its doing.',
  ],
  logChanges: [
    'Log changes as tasks',
    'Whether each change is logged on the record as a completed Salesforce task: "yes" or "no". Default: no.',
  ],
  allowOptIn: ['Allow opting in', 'Whether reps may opt somebody in, with a reason: "yes" or "no". Default: yes.'],
  listMarks: [
    'Marks in lists',
    'Whether list views and related lists show beside every address if it may be emailed: "yes" or "no". Default: no.',
  ],
};

/** The schema of `storage.managed`, made from the catalogue; `public/managed_schema.json` is this and a test says so. */
export function managedSchema() {
  const properties = SETTING_NAMES.map((name) => {
    const [title, description] = WORDS[name];
    return [name, { title, description: `${description} A text, in quotes.`, type: 'string' }] as const;
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}
