import { CROSS, Icon } from './icon.tsx';
import type { View } from './view.ts';

/**
 * The open overlay: who it is, and what is in the panel as soon as that is there (overlay-more.js). Until then, and
 * while nothing is known, it says what the pill says over the shape of what is to come.
 */
export function Panel(view: View) {
  const { Body, face, model, overlay, words } = view;
  const { status, gone } = model;
  const name = status?.name ?? status?.address ?? '';
  return (
    <div
      class="panel"
      role="dialog"
      tabIndex={-1}
      aria-label={words.say('with_detail', words.say('label'), name || face.label)}
    >
      <div class="head">
        <div>
          <h2>{name || words.say('label')}</h2>
          {status?.name && <span>{status.address}</span>}
        </div>
        <button type="button" class="x" aria-label={words.say('close')} onClick={() => overlay.turn(false)}>
          <Icon path={CROSS} />
        </button>
      </div>
      {(gone || !Body || face.state === 'loading') && (
        <div class="bones">
          {!gone && <b>{face.title}</b>}
          <span>{face.words}</span>
          {gone && (
            <button type="button" class="button" onClick={(event) => event.isTrusted && location.reload()}>
              {face.title}
            </button>
          )}
          {!gone && [58, 14, 14, 14].map((height) => <i class="bone" style={{ height }} />)}
        </div>
      )}
      {!gone && Body && <Body {...view} />}
    </div>
  );
}
