import { readdirSync, readFileSync } from 'node:fs';
import { createWords, type Words } from '../../src/extension/overlay/words.ts';

const FOLDER = new URL('../../public/_locales/', import.meta.url);

/** The names of the folders, in the form that `chrome.i18n` wants: `en`, `pt_BR`. */
export const LOCALES: readonly string[] = readdirSync(FOLDER);

/** The texts of a locale by key. */
export function textsOf(locale: string): Readonly<Record<string, string>> {
  const file: Record<string, { readonly message: string }> = JSON.parse(
    readFileSync(new URL(`${locale}/messages.json`, FOLDER), 'utf8'),
  );
  return Object.fromEntries(Object.entries(file).map(([key, { message }]) => [key, message]));
}

/** The words of a locale as `chrome.i18n` would give them, for somebody who reads these languages. */
export function wordsIn(locale: string, languages: readonly string[] = [locale.replace('_', '-')]): Words {
  const texts = textsOf(locale);
  return createWords((name, parts) => (texts[name] ?? '').replace(/\$(\d)/g, (_, n) => parts[Number(n) - 1] ?? ''), {
    languages,
  });
}
