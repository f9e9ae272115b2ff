import messages from '../../../public/_locales/en/messages.json' with { type: 'json' };
import { createWords, type Words } from '../../../src/extension/overlay/words.ts';

const texts: Readonly<Record<string, { readonly message: string }>> = messages;

/** The English texts as `chrome.i18n` would give them, with the dates and numbers of a locale. */
export function english(locale = 'en-US'): Words {
  return createWords(
    (name, parts) => (texts[name]?.message ?? '').replace(/\$(\d)/g, (_, n) => parts[Number(n) - 1] ?? ''),
    locale,
  );
}
