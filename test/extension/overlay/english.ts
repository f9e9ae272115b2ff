import type { Words } from '../../../src/extension/overlay/words.ts';
import { wordsIn } from '../locales.ts';

/** The English texts, with the dates and numbers of somebody who reads this. */
export function english(locale = 'en-US'): Words {
  return wordsIn('en', [locale]);
}
