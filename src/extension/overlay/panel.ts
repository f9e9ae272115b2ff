import { make, makeIcon, tell } from './element.ts';
import { CROSS } from './signs.ts';
import type { Parts, View } from './view.ts';

/**
 * The open overlay: who it is, and what is in the panel as soon as that is there (overlay-more.js). Until then, and
 * while nothing is known, it says what the pill says over the shape of what is to come.
 */
export function createPanel({ overlay, words }: Parts): {
  readonly panel: HTMLElement;
  /** What the second script draws into. */
  readonly body: HTMLElement;
  draw(view: View): void;
} {
  const name = make('h2', {});
  const address = make('span', {});
  const cross = makeIcon();
  cross.draw(CROSS);
  const x = make('button', { type: 'button', className: 'x', ariaLabel: words.say('close') }, cross.icon);
  x.addEventListener('click', () => overlay.turn(false));
  const head = make('div', { className: 'head' }, make('div', {}, name, address), x);
  const bones = make('div', { className: 'bones' });
  const body = make('div', { className: 'body' });
  const panel = make('div', { className: 'panel', role: 'dialog', tabIndex: -1 }, head, body);
  let shown = '';

  return {
    panel,
    body,
    draw({ face, model: { status, gone }, fill }) {
      const who = status?.name ?? status?.address ?? '';
      panel.ariaLabel = words.say('with_detail', words.say('label'), who || face.label);
      tell(name, who || words.say('label'));
      tell(address, (status?.name && status.address) || '');
      const bare = gone || !fill || face.state === 'loading';
      if (!bare) bones.remove();
      else if (shown !== face.title || !bones.isConnected) {
        bones.replaceChildren(...(gone ? refresh(face) : shape(face)));
        head.after(bones);
      }
      shown = face.title;
    },
  };
}

function refresh({ title, words }: View['face']): Node[] {
  const button = make('button', { type: 'button', className: 'button' }, title);
  button.addEventListener('click', (event) => event.isTrusted && location.reload());
  return [make('span', {}, words), button];
}

function shape({ title, words }: View['face']): Node[] {
  const bars = [58, 14, 14, 14].map((height) => {
    const bar = make('i', { className: 'bone' });
    bar.style.height = `${height}px`;
    return bar;
  });
  return [make('b', {}, title), make('span', {}, words), ...bars];
}
