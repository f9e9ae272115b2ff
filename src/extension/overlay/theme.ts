/**
 * Keeps the overlay light or dark with the page. Where the page has Salesforce's own colour tokens (SLDS 2), its
 * surface decides, because Lightning can be dark in a light browser; anywhere else the browser's preference does.
 * The style sheet gives the host the token as a colour that is never painted, so that the browser makes it numbers.
 */
export function followTheme(host: HTMLElement, mount: HTMLElement): () => void {
  const preference = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (
      getComputedStyle(host).columnRuleColor.match(/[\d.]+/g) ?? []
    ).map(Number);
    const lightness = (0.21 * red + 0.72 * green + 0.07 * blue) / 255;
    const next = (alpha === 0 ? preference.matches : lightness < 0.4) ? 'dark' : 'light';
    // Said once more, it would be styled once more.
    if (mount.dataset.theme !== next) mount.style.colorScheme = mount.dataset.theme = next;
  };
  // With the next frame, for which the page's styles are worked out anyway.
  const soon = (): void => void requestAnimationFrame(apply);
  preference.addEventListener('change', soon);
  addEventListener('load', soon);
  return soon;
}
