const sheet = new CSSStyleSheet();
let asked = false;

/** The pages' own style sheets, once for all roots: a document's styles do not reach into a native root. */
function styles(): CSSStyleSheet {
  if (!asked) {
    asked = true;
    const names = ['lightning.css', 'record.css'];
    void Promise.all(names.map((name) => fetch(`/lightning/assets/${name}`).then((css) => css.text()))).then((all) =>
      sheet.replaceSync(all.join('\n')),
    );
  }
  return sheet;
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
  root.adoptedStyleSheets = [styles()];
  for (const child of slotted) {
    const slot = document.createElement('slot');
    slot.name = child.slot;
    child.replaceWith(slot);
  }
  root.append(...element.childNodes);
  element.append(...slotted);
}
