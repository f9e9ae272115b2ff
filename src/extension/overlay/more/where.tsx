import type { Place } from '../../messages.ts';
import type { Overlay } from '../overlay.ts';
import type { Placing } from '../place.ts';
import type { View } from '../view.ts';
import { Link } from './link.tsx';
import { drag, steer } from './move.ts';

/** The suggested key of the command in the manifest, which the browser's settings may change. */
const KEYS = 'Alt+Shift+O';

type Held = Pick<View, 'overlay' | 'placing'>;

/** Has it kept by the background, which then tells the org's open pages, this one too. */
function keep({ overlay }: Held, place: Place): void {
  void overlay.act({ kind: 'place', place });
}

/** Goes there at once, as the hand does that put it there, and has it kept. */
function put(held: Held, place: Place): void {
  held.placing.set(place);
  keep(held, place);
}

/** What a press on the pill may begin. */
export function dragged(overlay: Overlay, placing: Placing, host: Element): (down: PointerEvent) => void {
  return (down) =>
    drag(placing, host, down, (corner) => {
      if (!overlay.model.open) placing.hold(false);
      if (corner) put({ overlay, placing }, { ...placing.place, at: corner });
      else placing.set(placing.place);
    });
}

/** Where the pill is in this org: moving it, back to the header, and hiding it. None of it touches the person. */
export function Where(view: View) {
  const { overlay, placing, words } = view;
  const { place } = placing;
  const moving = !!placing.steer;
  const button = (text: string, pressed: () => void) => (
    <Link onClick={(event) => event.isTrusted && pressed()}>{text}</Link>
  );
  const move = (event: MouseEvent): void => {
    if (!event.isTrusted || moving) return;
    steer(placing, view.host, (corner) => {
      if (corner) put(view, { ...place, at: corner });
      else placing.set(place);
      overlay.tick();
    });
    overlay.tick();
  };
  return (
    <section class="where">
      {!place.hidden && (
        <Link aria-pressed={moving} aria-describedby="moving" onClick={move}>
          {words.say('place_move')}
        </Link>
      )}
      {!place.hidden && place.at && button(words.say('place_auto'), () => put(view, { ...place, at: null }))}
      {!place.hidden && button(words.say('place_hide'), () => keep(view, { ...place, hidden: true }))}
      {/* There before anything is said in it, or it would not be read out. */}
      <span id="moving" role="status">
        {moving && words.say('place_moving')}
        {place.hidden && words.say('place_hidden', KEYS)}
      </span>
      {place.hidden && button(words.say('place_show'), () => keep(view, { ...place, hidden: false }))}
    </section>
  );
}
