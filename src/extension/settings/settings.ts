import { CATALOGUE, SETTING_NAMES, type SettingName, type Settings, settingsOf, type Texts } from './catalogue.ts';

/** Where settings come from and go to. */
export interface SettingsPorts {
  /** `storage.managed`: rejects in Firefox when there is no policy. */
  policy(): Promise<Readonly<Record<string, unknown>>>;
  /** What the options page saved; kept in IndexedDB, out of every content script's reach. */
  saved(): Promise<Readonly<Record<string, unknown>>>;
}

export interface SettingsState {
  readonly settings: Settings;
  /** Canonical texts in force, and who gave them; a setting that nobody gave is absent. */
  readonly texts: Texts;
  readonly from: { readonly [K in SettingName]?: 'policy' | 'options' };
  /** Names of messages about values that cannot be used, such as a URL without https in a policy. */
  readonly wrong: { readonly [K in SettingName]?: string };
}

/**
 * Settings in force. A policy's value wins over the options page even when it is wrong: what an administrator meant to
 * fix must not fall back to what somebody typed.
 */
export async function readSettings(ports: SettingsPorts): Promise<SettingsState> {
  const [policy, saved] = await Promise.all([ports.policy().catch(() => ({})), ports.saved()]);
  const texts: { -readonly [K in keyof Texts]: Texts[K] } = {};
  const from: { [K in SettingName]?: 'policy' | 'options' } = {};
  const wrong: { [K in SettingName]?: string } = {};
  for (const name of SETTING_NAMES) {
    const given = textIn(policy, name);
    const text = given ?? textIn(saved, name);
    if (text === undefined) continue;
    from[name] = given === undefined ? 'options' : 'policy';
    try {
      texts[name] = CATALOGUE[name].canonical(text);
    } catch (problem) {
      wrong[name] = problem instanceof Error ? problem.message : String(problem);
    }
  }
  const settings = settingsOf(texts);
  // What cannot be read may have been meant to forbid.
  return { settings: { ...settings, allowOptIn: settings.allowOptIn && !wrong.allowOptIn }, texts, from, wrong };
}

/**
 * A text that was given; blank is "not given". Anything else that a policy gives was meant to hold too, and is refused where
 * it cannot: Firefox hands on values of any type, of which Chromium drops those that the schema does not name.
 */
function textIn(source: Readonly<Record<string, unknown>>, name: SettingName): string | undefined {
  const text = `${(Object.hasOwn(source, name) ? source[name] : undefined) ?? ''}`.trim();
  return text === '' ? undefined : text;
}
