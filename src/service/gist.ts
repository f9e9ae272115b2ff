import type { Reply } from './http.ts';

/** What a reply that is no JSON says to a reader: the title of a web page, the first words, or just the status. */
export function gist(reply: Reply): string {
  const title = /<title[^>]*>([^<]*)</i.exec(reply.text)?.[1]?.trim();
  if (title !== undefined)
    return `HTTP ${reply.status} and a web page${title === '' ? '' : `: ${title.slice(0, 120)}`}`;
  if (/^\s*<(!doctype|html)/i.test(reply.text)) return `HTTP ${reply.status} and a web page`;
  const words = reply.text.trim();
  return words === '' ? `HTTP ${reply.status} and nothing else` : `HTTP ${reply.status}: ${words.slice(0, 200)}`;
}
