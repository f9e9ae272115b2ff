import { KEYS } from './overlay.ts';
import type { View } from './view.ts';

/** Why the last act was not taken, or nothing: an act is never dropped in silence. */
export function refusal({ model: { refused }, words }: View): string {
  if (refused === null) return '';
  return refused === KEYS ? words.say('refused_keys') : words.say('refused', refused);
}
