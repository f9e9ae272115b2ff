import { browser } from '../browser.ts';
import { changing, reading, result } from '../database.ts';
import { SETTING_NAMES, type Texts } from './catalogue.ts';
import type { SettingsPorts } from './settings.ts';

/** Settings from the policy and from this extension's IndexedDB. */
export const settingsPorts: SettingsPorts = {
  policy: async () => browser.storage.managed.get(null),
  saved: () =>
    reading('settings', async (store) => {
      const values = await Promise.all(SETTING_NAMES.map((name) => result<unknown>(store.get(name))));
      return Object.fromEntries(SETTING_NAMES.map((name, index) => [name, values[index]]));
    }),
};

/** Keeps these texts and forgets the settings that are empty in `texts`; others stay as they are. */
export async function saveSettings(texts: Texts): Promise<void> {
  await changing('settings', async (store) => {
    for (const [name, text] of Object.entries(texts))
      await (text === '' ? result(store.delete(name)) : result(store.put(text, name)));
  });
}
