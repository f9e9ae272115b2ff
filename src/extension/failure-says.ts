import { problemOf } from './background/problem-of.ts';
import { browser } from './browser.ts';
import { problemSays } from './overlay/face.ts';
import { detailsOf } from './overlay/more/own.ts';
import { createWords } from './overlay/words.ts';

/** A failure in the reader's language, with the service's own words in it where there are some; for our own pages. */
export function failureSays(cause: unknown): string {
  const problem = { ...problemOf(cause), retryAt: null };
  const words = createWords((name, parts) => browser.i18n.getMessage(name, parts), navigator);
  return [`${problemSays(problem, words)}.`, detailsOf(problem, words)].filter(Boolean).join(' ');
}
