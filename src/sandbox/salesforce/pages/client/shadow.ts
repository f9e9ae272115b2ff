/** The pages' own style sheets for native roots, into which a document's styles do not reach. */
const sheet = new CSSStyleSheet();

/** To be waited for before anything is put into a shadow. */
export async function loadStyles(): Promise<void> {
  const names = ['lightning.css', 'record.css'];
  const texts = await Promise.all(names.map(async (name) => (await fetch(`/lightning/assets/${name}`)).text()));
  sheet.replaceSync(texts.join('\n'));
}

/**
 * Puts what a component draws into a native, open shadow root, and so on inwards, as in LWC's mixed shadow mode. What
 * stands in a named slot stays the component's child.
 */
export function intoShadow(element: Element): void {
  for (const child of [...element.children]) intoShadow(child);
  if (!/^(?:records?|runtime)[-_]/.test(element.localName)) return;
  const slotted = [...element.querySelectorAll('[slot]')].filter((child) => child.assignedSlot === null);
  const root = element.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  for (const child of slotted) {
    const slot = document.createElement('slot');
    slot.name = child.slot;
    child.replaceWith(slot);
  }
  root.append(...element.childNodes);
  element.append(...slotted);
}
