/** Milliseconds; a document that takes longer to be read is not waited for. */
const PATIENCE = 500;

/**
 * Runs `task` in the next frame, and in a page that is still being read in the first one after its scripts have run: the page draws
 * itself then. A frame of ours before that costs it as much as one of its own, and there is nothing in it for the pill to be beside.
 */
export function inFirstFrame(task: () => void): void {
  let begun = false;
  const begin = (): void => {
    if (!begun) requestAnimationFrame(task);
    begun = true;
  };
  // `document.readyState` does not tell: it is "interactive" before those scripts and after them.
  const [reading] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (reading?.domContentLoadedEventStart === 0) {
    document.addEventListener('DOMContentLoaded', begin, { once: true });
    setTimeout(begin, PATIENCE);
  } else begin();
}
