import { describe, expect, test } from 'vitest';
import { accountIn, checked, draftsOf, isUnsaved, unknownNames } from '../../../src/extension/options/drafts.ts';
import { readSettings } from '../../../src/extension/settings/settings.ts';

const state = (policy: Readonly<Record<string, string>>, saved: Readonly<Record<string, string>> = {}) =>
  readSettings({ policy: async () => policy, saved: async () => saved });

describe('the form', () => {
  test('opens with what is in force, and never with a secret', async () => {
    const drafts = draftsOf(
      await state({ optOutField: 'A__c' }, { activeCampaignKey: 'a-secret-key', lists: '1, 2', optOutField: 'B__c' }),
    );
    expect(drafts).toEqual({
      salesforceClientId: '',
      activeCampaignUrl: '',
      activeCampaignKey: '',
      optOutField: 'A__c',
      lists: '1, 2',
      allowOptIn: '',
      preferenceLink: '',
      logChanges: '',
      nightlyUser: '',
      listMarks: '',
    });
  });

  test('keeps a saved key when its field is left empty, and forgets other settings that are emptied', async () => {
    const from = await state({}, { activeCampaignKey: 'a-secret-key', activeCampaignUrl: 'https://a.api-us1.com' });
    const { texts, wrong } = checked({ ...draftsOf(from), activeCampaignUrl: '' }, from);
    expect(wrong).toEqual({});
    expect(texts).not.toHaveProperty('activeCampaignKey');
    expect(texts).toMatchObject({ activeCampaignUrl: '' });
  });

  test('saves nothing that a policy has set', async () => {
    const from = await state({ activeCampaignUrl: 'https://a.api-us1.com' });
    const { texts } = checked({ ...draftsOf(from), activeCampaignUrl: 'https://b.api-us1.com' }, from);
    expect(texts).not.toHaveProperty('activeCampaignUrl');
  });

  test('says for each value what is wrong with it', async () => {
    const from = await state({});
    const { wrong } = checked({ ...draftsOf(from), activeCampaignUrl: 'http://a.api-us1.com', lists: 'x' }, from);
    expect(wrong).toEqual({
      activeCampaignUrl: 'settings_activeCampaignUrl_wrong',
      lists: 'settings_lists_wrong',
    });
  });

  test('is unsaved as soon as anything in it is another, and a secret when it is typed', async () => {
    const from = await state({}, { activeCampaignKey: 'a-secret-key', lists: '1, 2' });
    const drafts = draftsOf(from);
    expect(isUnsaved(drafts, from)).toBe(false);
    expect(isUnsaved({ ...drafts, lists: ' 1, 2 ' }, from)).toBe(false);
    expect(isUnsaved({ ...drafts, lists: '1' }, from)).toBe(true);
    expect(isUnsaved({ ...drafts, activeCampaignKey: 'another-key' }, from)).toBe(true);
  });

  test('tests the account that it names, saved or not, and says what is wrong with what was given', async () => {
    const from = await state({}, { activeCampaignKey: 'a-secret-key' });
    const drafts = draftsOf(from);
    expect(accountIn(drafts, from)).toEqual({ wrong: 'options_test_missing' });
    expect(accountIn({ ...drafts, activeCampaignUrl: 'http://a.api-us1.com' }, from)).toEqual({
      wrong: 'settings_activeCampaignUrl_wrong',
    });
    expect(accountIn({ ...drafts, activeCampaignUrl: 'a.api-us1.com', lists: '1' }, from)).toEqual({
      url: 'https://a.api-us1.com',
      key: 'a-secret-key',
      lists: '1',
    });
    const fixed = await state({ activeCampaignUrl: 'https://acme.example' }, { activeCampaignKey: 'a-secret-key' });
    expect(accountIn(draftsOf(fixed), fixed)).toEqual({ wrong: 'settings_activeCampaignUrl_host' });
    // A custom field wants lists to be said with it; that is no reason to leave the account untested.
    const custom = await state({}, { activeCampaignKey: 'a-secret-key', optOutField: 'A__c' });
    expect(accountIn({ ...draftsOf(custom), activeCampaignUrl: 'a.api-us1.com' }, custom)).toHaveProperty('url');
  });

  test('asks for the lists when the field is a custom one, whoever set the field', async () => {
    const typed = await state({});
    expect(checked({ ...draftsOf(typed), optOutField: 'Own__c' }, typed).wrong).toEqual({
      lists: 'settings_lists_needed',
    });
    const policy = await state({ optOutField: 'Own__c' });
    expect(checked(draftsOf(policy), policy).wrong).toEqual({ lists: 'settings_lists_needed' });
    expect(checked({ ...draftsOf(policy), lists: 'all' }, policy).wrong).toEqual({});
  });
});

test('a name in a policy that no setting has is told of', async () => {
  expect(await unknownNames(async () => ({ allowOptin: 'no', lists: 'all' }))).toEqual(['allowOptin']);
  expect(await unknownNames(() => Promise.reject(new Error('no policy')))).toEqual([]);
});
