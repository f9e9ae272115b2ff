import { ago } from '../times.ts';
import type { View } from '../view.ts';
import { Link } from './link.tsx';
import { press } from './press.ts';

/** The last click can be taken back as long as nobody has changed the person since; or why it was not taken back, or never done. */
export function Undo(view: View) {
  const { model, words } = view;
  const { status, about, now } = model;
  if (!about?.act || status?.pending) return null;
  const { act, undo } = about;
  if (act.ended === 'changed') {
    const said = words.say(act.wish === 'undo' ? 'not_undone_changed' : 'not_done_changed');
    return <p class="note warn">{said}</p>;
  }
  if (act.discarded) {
    const missing = words.join(...act.discarded.missing.map((service) => words.say(`service_${service}`)));
    return <p class="note warn">{words.say('discarded', ago(act.discarded.at, now, words), missing)}</p>;
  }
  if (undo === null || !act.stands) return null;
  const list = status?.lists.find((line) => line.list === act.list);
  const when = ago(act.at, now, words);
  return (
    <div class="note undo wait">
      <span>{act.list ? words.say('did_leave', list?.name ?? act.list, when) : words.say('did_opt_out', when)}</span>
      <Link onClick={(event) => press(view, event, { kind: 'undo', act: undo })}>{words.say('undo')}</Link>
    </div>
  );
}
