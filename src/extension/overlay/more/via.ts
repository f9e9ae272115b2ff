import type { Names, Via } from '../../messages.ts';
import type { Words } from '../words.ts';

/** What a campaign, an automation or a form is called in a sentence: its name in quotes, or its id. */
export function called({ kind, id }: Via, names: Names, { say }: Words): string {
  const name = names[`${kind} ${id}`];
  return name ? say('quoted', name) : id;
}
