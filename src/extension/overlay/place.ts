const STEP = 48;
const HIGHEST = 5;

/**
 * Moves the pill up from the page's lower right corner while it would cover something pressable that does not scroll
 * away, such as the utility bar of a console app or a docked composer.
 */
export function keepClear(host: HTMLElement, pill: HTMLElement | null): void {
  const look = (): void => {
    if (!pill) return;
    for (let step = 0; step <= HIGHEST; step++) {
      host.style.setProperty('--lift', `-${step * STEP}px`);
      if (!covers(pill.getBoundingClientRect(), host)) return;
    }
    host.style.removeProperty('--lift');
  };
  // The page comes first: Lightning is still drawing when the record is known.
  requestIdleCallback(look, { timeout: 2_000 });
}

/** Whether a control of the page that stays put lies under a corner or the middle of the rectangle. */
function covers({ left, right, top, bottom }: DOMRect, host: Element): boolean {
  return [left + 2, (left + right) / 2, right - 2].some((x) =>
    [top + 2, bottom - 2].some((y) =>
      document
        .elementsFromPoint(x, y)
        .some((element) => element !== host && element.closest('a,button,input,select,textarea') && staysPut(element)),
    ),
  );
}

function staysPut(element: Element | null): boolean {
  return !!element && (/fixed|sticky/.test(getComputedStyle(element).position) || staysPut(element.parentElement));
}
