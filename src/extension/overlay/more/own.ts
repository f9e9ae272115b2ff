import type { Problem } from '../../messages.ts';
import type { Words } from '../words.ts';

/** What OptBridge or the service itself has to say on a problem, beyond what it is; empty where neither does. */
export function detailsOf({ words: said, own, of = '' }: Problem, words: Words): string {
  return own ? words.say(`own_${own}`, of) : said && words.say('service_words', said);
}
