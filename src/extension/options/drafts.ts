import { CATALOGUE, SETTING_NAMES, type SettingName, STANDARD_FIELD, type Texts } from '../settings/catalogue.ts';
import type { SettingsPorts, SettingsState } from '../settings/settings.ts';

/** What is in the form, by setting; an empty secret means "as it is". */
export type Drafts = Readonly<Record<SettingName, string>>;

export type Wrong = { readonly [K in SettingName]?: string };

/** The form as it opens: what is in force, secrets not shown. */
export function draftsOf({ texts }: SettingsState): Drafts {
  const drafts = SETTING_NAMES.map((name) => [name, CATALOGUE[name].secret ? '' : (texts[name] ?? '')] as const);
  return Object.fromEntries(drafts) as Drafts;
}

/**
 * What to keep of the form, in canonical form, or what is wrong with it. Settings from a policy are left out; an empty
 * text stands for "not given".
 */
export function checked(drafts: Drafts, state: SettingsState): { readonly texts: Texts; readonly wrong: Wrong } {
  const texts: { [K in SettingName]?: string } = {};
  const wrong: { [K in SettingName]?: string } = {};
  for (const name of SETTING_NAMES) {
    const draft = drafts[name].trim();
    if (state.from[name] === 'policy' || (CATALOGUE[name].secret && draft === '')) continue;
    try {
      texts[name] = draft === '' ? '' : CATALOGUE[name].canonical(draft);
    } catch (problem) {
      wrong[name] = problem instanceof Error ? problem.message : String(problem);
    }
  }
  const inForce = (name: SettingName) => texts[name] ?? state.texts[name] ?? '';
  const custom = !['', STANDARD_FIELD].includes(inForce('optOutField'));
  if (custom && inForce('lists') === '' && !wrong.lists) wrong.lists = 'settings_lists_needed';
  return { texts, wrong };
}

/** Whether anything in the form is not what was saved. */
export function isUnsaved(drafts: Drafts, state: SettingsState): boolean {
  const saved = draftsOf(state);
  return SETTING_NAMES.some((name) => drafts[name].trim() !== saved[name]);
}

/** The account that the form names, whether it is saved or not; or the name of the message that says why it names none. */
export function accountIn(
  drafts: Drafts,
  state: SettingsState,
): { readonly url: string; readonly key: string; readonly lists: string | undefined } | { readonly wrong: string } {
  const { texts, wrong } = checked(drafts, state);
  const inForce = (name: SettingName) => texts[name] ?? state.texts[name];
  for (const name of ['activeCampaignUrl', 'activeCampaignKey'] as const) {
    const unusable = state.from[name] === 'policy' ? state.wrong[name] : wrong[name];
    if (unusable) return { wrong: unusable };
  }
  const [url, key, lists] = [inForce('activeCampaignUrl'), inForce('activeCampaignKey'), inForce('lists')];
  return url && key ? { url, key, lists } : { wrong: 'options_test_missing' };
}

/**
 * Names in a policy that no setting has: a slip of the pen there changes nothing and would be seen by nobody. Chromium gives
 * only what the schema names.
 */
export async function unknownNames(policy: SettingsPorts['policy']): Promise<readonly string[]> {
  const given = await policy().catch(() => ({}));
  return Object.keys(given).filter((name) => !SETTING_NAMES.some((known) => known === name));
}
