import { browser } from './browser.ts';

/** A text of the extension's own pages by its key in `_locales`; the key itself where a translation is missing. */
export function say(key: string, ...values: string[]): string {
  return browser.i18n.getMessage(key, values) || key;
}
