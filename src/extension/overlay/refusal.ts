import { KEYS, UNSEEN } from './overlay.ts';
import type { View } from './view.ts';

/** Why the last act was not taken, or nothing: an act is never dropped in silence. */
export function refusal({ model: { refused }, words }: View): string {
  if (refused === null) return '';
  return refused === KEYS || refused === UNSEEN ? words.say(refused) : words.say('refused', refused);
}
