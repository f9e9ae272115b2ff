/**
 * Keeps the overlay light or dark with the page. Where the page has Salesforce's own colour tokens (SLDS 2), its
 * surface decides, because Lightning can be dark in a light browser; without them (SLDS 1, which is light whatever the
 * browser prefers) the page's background does, and where it has none the browser's preference.
 * The style sheet gives the host the token as a colour that is never painted, so that the browser makes it numbers.
 */
export function followTheme(host: HTMLElement, mount: HTMLElement): () => void {
  const preference = matchMedia('(prefers-color-scheme: dark)');
  const show = (next: 'dark' | 'light'): void => {
    // Said once more, it would be styled once more.
    if (mount.dataset.theme !== next) mount.style.colorScheme = mount.dataset.theme = next;
  };
  const preferred = () => (preference.matches ? 'dark' : 'light');
  // Most likely; where it is not, nothing was painted yet when that is seen.
  show(preferred());
  const apply = (): void => {
    for (const element of [host, document.body, document.documentElement]) {
      const { columnRuleColor, backgroundColor } = getComputedStyle(element ?? host);
      const colour = element === host ? columnRuleColor : backgroundColor;
      const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
      const lightness = (0.21 * red + 0.72 * green + 0.07 * blue) / 255;
      if (alpha > 0.5) {
        show(lightness < 0.4 ? 'dark' : 'light');
        return;
      }
    }
    show(preferred());
  };
  /** Told as it begins to watch, in the next frame, between the page's layout and its painting: all styles are worked out. */
  const laidOut = new ResizeObserver(() => {
    laidOut.disconnect();
    apply();
  });
  const soon = (): void => {
    laidOut.disconnect();
    laidOut.observe(mount);
  };
  preference.addEventListener('change', soon);
  addEventListener('load', soon);
  return soon;
}
