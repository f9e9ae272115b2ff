/** Milliseconds; a document that takes longer to be read is not waited for: the pill is promised soon. Nor is a frame in a tab that shows none. */
const PATIENCE = 150;

/**
 * Runs `task` once: in the next frame, and in a page that is still being read in the first one after its scripts have run. The page
 * draws itself then. A frame of ours before that costs it as much as one of its own, and there is nothing in it for the pill to be beside.
 */
export function inFirstFrame(task: () => void): void {
  let begun = false;
  const begin = (): void => {
    if (!begun) task();
    begun = true;
  };
  const ask = (): void => void requestAnimationFrame(begin);
  // `document.readyState` does not tell: it is "interactive" before those scripts and after them.
  const [reading] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (reading?.domContentLoadedEventStart === 0) document.addEventListener('DOMContentLoaded', ask, { once: true });
  else ask();
  setTimeout(begin, PATIENCE);
}
