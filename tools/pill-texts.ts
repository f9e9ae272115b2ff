import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { PILL_TEXTS } from '../src/extension/overlay/pill-texts.ts';

const LOCALES = 'public/_locales';

/**
 * Writes `texts/<language>.js` for each of `_locales`, named by the language's BCP 47 tag: what hands the pill its texts
 * (overlay/pill-texts.ts), by the names that they have for `chrome.i18n`.
 */
export function pillTexts(): Plugin {
  return {
    name: 'optbridge-pill-texts',
    generateBundle() {
      for (const locale of readdirSync(LOCALES)) {
        const all: Readonly<Record<string, { readonly message: string }>> = JSON.parse(
          readFileSync(`${LOCALES}/${locale}/messages.json`, 'utf8'),
        );
        const names = ['language', ...PILL_TEXTS.map((key) => `overlay_${key}`)];
        const texts = Object.fromEntries(names.map((name) => [name, all[name]?.message]));
        this.emitFile({
          type: 'asset',
          fileName: `texts/${texts.language}.js`,
          // A page's element with this id would answer for the name.
          source: `Object.hasOwn(globalThis,"optbridge")&&(optbridge.texts=${JSON.stringify(texts)});\n`,
        });
      }
    },
  };
}
