import { Icon } from './icon.tsx';
import type { Words } from './words.ts';

/** A link that leaves for a new tab, and says so. `about` names its aim where several links read the same. */
export function Away({ href, text, about, words }: { href: string; text: string; about?: string; words: Words }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {text}
      <Icon name="away" />
      <span class="unseen">
        {' '}
        {about} {words.say('new_tab')}
      </span>
    </a>
  );
}
