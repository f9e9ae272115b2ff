import { counts } from '../face.ts';
import type { View } from '../view.ts';
import { Link } from './link.tsx';
import { meaningOf } from './meaning.ts';
import { press } from './press.ts';

/** The status in words and the switch that opts the person out everywhere. It is never turned off here. */
export function Say(view: View) {
  const { face, model, words } = view;
  const { status, busy } = model;
  if (face.state === 'loading') return null;
  const on = status?.optedOut === true;
  // With an address the click can be written down, even while nothing can be read.
  const usable = !!status?.address && face.state !== 'signed-out';
  return (
    <div class="say">
      <div class="t" id="say">
        <b>{face.title}</b>
        <span>{meaningOf(view)}</span>
        {on && usable && <span>{words.say('only_out')}</span>}
      </div>
      {usable && (
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={on}
          aria-disabled={on}
          aria-busy={busy === 'opt-out'}
          aria-label={words.say('switch')}
          aria-describedby="say"
          onClick={(event) => !on && press(view, event, { kind: 'opt-out' })}
        />
      )}
    </div>
  );
}

/**
 * The systems differ, or did when both could last be read: the same act as the switch, offered in words. A no can be written
 * down at any time, and the switch is on already.
 */
export function SettleNow(view: View) {
  const {
    model: { status, about },
    words,
  } = view;
  if (!status?.optedOut || !status.address) return null;
  const { active, out, all } = counts(status);
  const unread = status.state === 'unavailable' && (active > 0 || out < all);
  if (status.state !== 'differs' && !unread) return null;
  // Whoever is out in ActiveCampaign alone crosses by a tag, and of two contacts the run takes neither.
  const stays = status.twins || (about?.tags?.length === 0 && !out);
  return (
    <p class="note">
      {words.say(unread ? 'unread_settle' : stays ? 'differs_stays' : 'differs_settle')}{' '}
      <Link onClick={(event) => press(view, event, { kind: 'opt-out' })}>{words.say('settle_now')}</Link>
    </p>
  );
}
