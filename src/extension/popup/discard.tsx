import { useEffect, useRef } from 'preact/hooks';
import type { Waiting } from '../page-messages.ts';
import { say } from '../say.ts';
import type { View } from './view.ts';
import { whomSays } from './whom.tsx';

/** What it means when an act is never done. */
const MEANS: Readonly<Record<Waiting['wish'], string>> = {
  'opt-out': 'popup_discard_out',
  unsubscribe: 'popup_discard_leave',
  undo: 'popup_discard_in',
  'opt-in': 'popup_discard_in',
};

/** The second press of a double click was meant for the button that asked, wherever in the question it lands. */
const once = (answer: () => void) => (event: MouseEvent) => {
  if (event.detail < 2) answer();
};

/**
 * Asks before an act that can never be sent as things stand is discarded: a no that is given up is a serious thing. The
 * focus is on what keeps it, so that pressing twice discards nothing.
 */
export function Discard({ act, view, close }: { readonly act: Waiting; readonly view: View; close(): void }) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const discard = async () => {
    const answer = await view.ask({ kind: 'discard', act: act.id });
    close();
    if (answer.ok) return view.tell(say('popup_discarded'));
    view.tell(say(answer.refused === 'sendable' ? 'popup_sendable' : 'popup_no_answer'));
  };
  const id = `discard-${act.id}`;
  return (
    <fieldset class="discard" aria-label={say('popup_discard_of', whomSays(act))} aria-describedby={id}>
      <div id={id}>
        <p>{say(MEANS[act.wish], whomSays(act))}</p>
        <p class="weak">{say('popup_discard_or')}</p>
      </div>
      <button type="button" class="main" ref={keep} aria-describedby={id} onClick={once(close)}>
        {say('popup_keep')}
      </button>
      <button type="button" class="bad" onClick={once(() => void discard())}>
        {say('popup_discard_now')}
      </button>
    </fieldset>
  );
}
