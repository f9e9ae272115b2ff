import type { View } from './view.ts';
import type { Key } from './words.ts';

/** Why the last act was not taken, or nothing: an act is never dropped in silence. Not every reason has a text of its own. */
export function refusal({ model: { refused }, words }: View): string {
  return refused === null ? '' : words.say(refused as Key) || words.say('refused');
}
