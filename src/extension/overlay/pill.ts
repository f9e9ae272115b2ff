import { make, makeIcon, tell } from './element.ts';
import { SIGNS } from './signs.ts';
import type { Parts, View } from './view.ts';

/** The closed overlay: one button whose name begins "Email status". */
export function createPill({ overlay, placing, trust, words }: Parts): {
  readonly pill: HTMLElement;
  draw(view: View): void;
} {
  const { icon, draw } = makeIcon();
  const label = make('b', {});
  const detail = make('small', {});
  // Seconds that run down are for the eye: read aloud they would never end.
  const countdown = make('small', { ariaHidden: 'true' });
  const named = make('span', { className: 'unseen' }, words.say('with_detail', words.say('label')));
  const text = make('span', { className: 'text' }, named, label, detail, countdown);
  const pill = make('button', { type: 'button', ariaHasPopup: 'dialog' }, icon, text);

  pill.addEventListener('pointerenter', overlay.look);
  pill.addEventListener('focus', overlay.look);
  pill.addEventListener('pointerdown', (event) => placing.grab?.(event));
  pill.addEventListener('click', (event) => {
    if (!event.isTrusted) return;
    trust.opens(event.timeStamp);
    overlay.turn(!overlay.model.open);
  });

  return {
    pill,
    draw({ face, model }) {
      const loading = face.state === 'loading';
      pill.className = `pill ${loading ? 'bone' : face.tone}`;
      pill.ariaExpanded = `${model.open}`;
      draw(SIGNS[face.tone === 'out' ? 'opted-out' : face.state]);
      label.className = loading ? 'unseen' : '';
      tell(label, face.label);
      tell(detail, face.detail && ` ${face.detail}`);
      tell(countdown, face.countdown && (face.detail ? words.say('joined', '', face.countdown) : ` ${face.countdown}`));
    },
  };
}
