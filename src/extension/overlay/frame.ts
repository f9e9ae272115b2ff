import { make, tell } from './element.ts';
import { dress } from './host.ts';
import css from './panel.css?inline';
import { createPanel } from './panel.ts';
import { createPill } from './pill.ts';
import { refusal } from './refusal.ts';
import type { Parts, View } from './view.ts';

/**
 * Draws the whole overlay. The pill and the frame of the panel are drawn by hand, because every record page waits for
 * them and a library for it costs the page more than they do; what is in the panel is Preact's (overlay-more.js).
 */
export function createFrame(root: ShadowRoot, mount: HTMLElement, parts: Parts): (view: View) => void {
  const pill = createPill(parts);
  // There before anything is said, or it would not be read out.
  const region = make('div', { className: 'unseen', role: 'status' });
  mount.append(pill.pill, region);
  let opened: ReturnType<typeof createPanel> | undefined;
  let dressed = false;

  return (view) => {
    pill.draw(view);
    if (view.model.open) {
      opened ??= createPanel(parts);
      // Not before: few records are opened. Under the second script's sheet, which may have come first.
      if (!dressed) dress(root, css, 1);
      dressed = true;
      opened.draw(view);
      view.fill?.(opened.body, view.model.gone ? null : view);
      if (!opened.panel.isConnected) region.before(opened.panel);
    } else if (opened) {
      view.fill?.(opened.body, null);
      opened.panel.remove();
      opened = undefined;
    }
    tell(region, spoken(view));
  };
}

/** What a screen reader says of a change: never the seconds, and nothing while it is only reading. */
function spoken(view: View): string {
  const { model, face, words } = view;
  if (!model.record || face.state === 'loading') return '';
  const name = model.status?.name;
  return refusal(view) || words.join(words.say('with_detail', name ?? words.say('label'), face.label), face.detail);
}
