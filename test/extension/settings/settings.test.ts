import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, SETTING_NAMES, type SettingName } from '../../../src/extension/settings/catalogue.ts';
import { managedSchema } from '../../../src/extension/settings/schema.ts';
import { readSettings } from '../../../src/extension/settings/settings.ts';

type Given = Readonly<Record<string, unknown>>;
const read = (policy: Given | undefined, saved: Given = {}) =>
  readSettings({
    policy: async () => policy ?? Promise.reject(new Error('Managed storage manifest not found')),
    saved: async () => saved,
  });

describe('settings', () => {
  test('that nobody gave are the defaults', async () => {
    expect((await read({})).settings).toEqual({
      salesforceClientId: null,
      activeCampaignUrl: null,
      activeCampaignKey: null,
      optOutField: 'HasOptedOutOfEmail',
      lists: 'all',
      allowOptIn: true,
      listMarks: false,
      preferenceLink: null,
      logChanges: false,
      nightlyUser: null,
    });
  });

  test('come from the options page where there is no policy, also where asking for one fails', async () => {
    const { settings, from } = await read(undefined, { activeCampaignUrl: 'https://acme.api-us1.com' });
    expect(settings.activeCampaignUrl).toBe('https://acme.api-us1.com');
    expect(from).toEqual({ activeCampaignUrl: 'options' });
  });

  test('of a policy win over the options page', async () => {
    const { settings, from } = await read({ optOutField: 'A__c', lists: '1' }, { optOutField: 'B__c', lists: '2' });
    expect(settings).toMatchObject({ optOutField: 'A__c', lists: ['1'] });
    expect(from).toEqual({ optOutField: 'policy', lists: 'policy' });
  });

  test('of a policy win also when they cannot be used, and say so', async () => {
    const state = await read(
      { activeCampaignUrl: 'http://acme.api-us1.com' },
      { activeCampaignUrl: 'https://b.api-us1.com' },
    );
    expect(state.settings.activeCampaignUrl).toBeNull();
    expect(state.wrong).toEqual({ activeCampaignUrl: 'settings_activeCampaignUrl_wrong' });
  });

  test('that cannot be used are all named at once, whoever gave them', async () => {
    const { wrong } = await read(
      { activeCampaignUrl: 'acme', lists: 'News' },
      { allowOptIn: 'perhaps', logChanges: 'yes' },
    );
    expect(wrong).toEqual({
      activeCampaignUrl: 'settings_activeCampaignUrl_wrong',
      lists: 'settings_lists_wrong',
      allowOptIn: 'settings_allowOptIn_wrong',
    });
  });

  test('that are blank in a policy count as not given', async () => {
    const { settings, from } = await read({ optOutField: ' ', lists: null }, { optOutField: 'B__c', lists: 'all' });
    expect(settings).toMatchObject({ optOutField: 'B__c', lists: 'all' });
    expect(from).toEqual({ optOutField: 'options', lists: 'options' });
  });

  test('that are no text in a policy hold all the same where they can be read, and never fall back to the options page', async () => {
    const { texts, wrong, from, settings } = await read(
      { lists: ['1', 2], logChanges: true, optOutField: 5, activeCampaignUrl: {}, allowOptIn: [] },
      { optOutField: 'B__c', activeCampaignUrl: 'https://b.api-us1.com', lists: 'all' },
    );
    expect(texts).toEqual({ lists: '1, 2', logChanges: 'yes' });
    expect(wrong).toEqual({
      optOutField: 'settings_optOutField_wrong',
      activeCampaignUrl: 'settings_activeCampaignUrl_wrong',
    });
    expect(Object.values(from)).toEqual(Array(4).fill('policy'));
    expect(settings.activeCampaignUrl).toBeNull();
  });

  test.each([
    [{ allowOptIn: 'no' }, {}, false],
    [{ allowOptIn: 'No' }, { allowOptIn: 'yes' }, false],
    [{ allowOptIn: 'perhaps' }, {}, false],
    [{ allowOptIn: false }, { allowOptIn: 'yes' }, false],
    [{ allowOptIn: 0 }, { allowOptIn: 'yes' }, false],
    [{ allowOptIn: true }, { allowOptIn: 'no' }, true],
    [{}, { allowOptIn: 'yes' }, true],
  ])(
    'forbid opting in by %o over %o, also where the policy cannot be read: %s is allowed',
    async (policy, saved, may) => {
      expect((await read(policy, saved)).settings.allowOptIn).toBe(may);
    },
  );

  test('name no lists by themselves when the field is a custom one', async () => {
    expect((await read({ optOutField: 'Sales_Opt_Out__c' })).settings.lists).toBeNull();
  });
});

describe('a value is brought into one form', () => {
  const rows: readonly [SettingName, string, string][] = [
    ['activeCampaignUrl', 'https://acme.api-us1.com', 'https://acme.api-us1.com'],
    ['activeCampaignUrl', 'https://acme.api-us1.com/api/3/', 'https://acme.api-us1.com'],
    ['activeCampaignUrl', 'acme.api-us1.com', 'https://acme.api-us1.com'],
    ['activeCampaignUrl', 'https://acme.activehosted.com/app/settings/developer?x=1', 'https://acme.activehosted.com'],
    ['allowOptIn', 'No', 'no'],
    ['activeCampaignUrl', 'https://ACME.activehosted.com/', 'https://acme.activehosted.com'],
    ['lists', 'ALL', 'all'],
    ['lists', '4,1 7;1', '4, 1, 7'],
    ['optOutField', 'Sales_Opt_Out__c', 'Sales_Opt_Out__c'],
  ];
  test.each(rows)('%s: %s -> %s', (name, typed, canonical) => {
    expect(CATALOGUE[name].canonical(typed)).toBe(canonical);
  });
});

describe('a value that cannot be right is refused', () => {
  const rows: readonly [SettingName, string, string][] = [
    ['activeCampaignUrl', 'http://acme.api-us1.com', 'settings_activeCampaignUrl_wrong'],
    ['activeCampaignUrl', 'http://localhost:8080', 'settings_activeCampaignUrl_wrong'],
    ['activeCampaignUrl', 'acme', 'settings_activeCampaignUrl_wrong'],
    ['activeCampaignUrl', 'https://acme.api-us1.com:8443', 'settings_activeCampaignUrl_wrong'],
    ['activeCampaignUrl', 'https://user:pass@acme.api-us1.com', 'settings_activeCampaignUrl_wrong'],
    ['activeCampaignUrl', 'https://acme.api-us1.com.evil.com', 'settings_activeCampaignUrl_host'],
    ['activeCampaignUrl', 'https://evil.com', 'settings_activeCampaignUrl_host'],
    ['activeCampaignUrl', 'acme.api-us1.com@evil.com', 'settings_activeCampaignUrl_wrong'],
    ['activeCampaignUrl', 'https://evil.com/acme.api-us1.com', 'settings_activeCampaignUrl_host'],
    ['activeCampaignUrl', 'acme.api-us1.com:8443', 'settings_activeCampaignUrl_wrong'],
    ['activeCampaignKey', 'with blanks in it', 'settings_activeCampaignKey_wrong'],
    ['activeCampaignKey', 'short', 'settings_activeCampaignKey_wrong'],
    ['salesforceClientId', 'https://acme', 'settings_salesforceClientId_wrong'],
    ['optOutField', 'Email Opt Out', 'settings_optOutField_wrong'],
    ['optOutField', "x' OR Id != '", 'settings_optOutField_wrong'],
    ['lists', 'Newsletter', 'settings_lists_wrong'],
    ['lists', ',', 'settings_lists_wrong'],
    ['preferenceLink', 'http://acme.example/preferences', 'settings_preferenceLink_wrong'],
    ['preferenceLink', 'javascript:alert(1)', 'settings_preferenceLink_wrong'],
    ['preferenceLink', 'https://user:pass@acme.example', 'settings_preferenceLink_wrong'],
    ['nightlyUser', 'optbridge', 'settings_nightlyUser_wrong'],
    ['logChanges', 'perhaps', 'settings_logChanges_wrong'],
  ];
  test.each(rows)('%s: %s', (name, typed, message) => {
    expect(() => CATALOGUE[name].canonical(typed)).toThrow(message);
  });
});

test('the policy schema in the extension is the one that the catalogue makes', () => {
  expect(JSON.parse(readFileSync('public/managed_schema.json', 'utf8'))).toEqual(managedSchema());
  expect(Object.keys(managedSchema().properties)).toEqual(SETTING_NAMES);
});
