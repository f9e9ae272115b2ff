import { Icon } from '../icon.tsx';
import type { Words } from '../words.ts';

const ARROW = 'M6 3H3v10h10v-3M9 2.5h4.5V7M13 3L7.5 8.5';

/** A link that leaves for a new tab, and says so. `about` names its aim where several links read the same. */
export function Away({ href, text, about, words }: { href: string; text: string; about?: string; words: Words }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {text}
      <Icon path={ARROW} />
      <span class="unseen">
        {' '}
        {about} {words.say('new_tab')}
      </span>
    </a>
  );
}
