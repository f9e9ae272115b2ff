import { Icon, SIGNS } from './icon.tsx';
import type { View } from './view.ts';

/** The closed overlay: one button whose name begins "Email status". */
export function Pill({ face, model, overlay, placing, trust, words }: View) {
  const loading = face.state === 'loading';
  return (
    <button
      type="button"
      class={`pill ${loading ? 'bone' : face.tone}`}
      aria-haspopup="dialog"
      aria-expanded={model.open}
      onPointerEnter={overlay.look}
      onFocus={overlay.look}
      onPointerDown={(event) => placing.grab?.(event)}
      onClick={(event) => {
        if (!event.isTrusted) return;
        trust.opens(event.timeStamp);
        overlay.turn(!model.open);
      }}
    >
      {!loading && <Icon path={SIGNS[face.tone === 'out' ? 'opted-out' : face.state]} />}
      <span class="text">
        <span class="unseen">{words.say('with_detail', words.say('label'))}</span>
        <b class={loading ? 'unseen' : ''}>{face.label}</b>
        {face.detail && <small> {face.detail}</small>}
        {/* Seconds that run down are for the eye: read aloud they would never end. */}
        {face.countdown && (
          <small aria-hidden="true">
            {face.detail ? words.say('joined', '', face.countdown) : ` ${face.countdown}`}
          </small>
        )}
      </span>
    </button>
  );
}
