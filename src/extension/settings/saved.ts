import { browser } from '../browser.ts';
import type { Database } from '../database.ts';
import { SETTING_NAMES, type SettingName, type Texts } from './catalogue.ts';
import type { SettingsPorts } from './settings.ts';

/** Settings from the policy and from this extension's IndexedDB. */
export function savedSettings(database: () => Promise<Database>): SettingsPorts {
  return {
    policy: async () => browser.storage.managed.get(null),
    saved: async () => {
      const db = await database();
      const values = await Promise.all(SETTING_NAMES.map((name) => db.get('settings', name)));
      return Object.fromEntries(SETTING_NAMES.map((name, index) => [name, values[index]]));
    },
  };
}

/** Keeps these texts and forgets the settings that are empty in `texts`; others stay as they are. */
export async function saveSettings(database: () => Promise<Database>, texts: Texts): Promise<void> {
  const transaction = (await database()).transaction('settings', 'readwrite', { durability: 'strict' });
  for (const [name, text] of Object.entries(texts) as [SettingName, string][])
    await (text === '' ? transaction.store.delete(name) : transaction.store.put(text, name));
  await transaction.done;
}
