import { Icon } from '../overlay/icon.tsx';
import { CROSS, SIGNS } from '../overlay/signs.ts';
import { ago, moment } from '../overlay/times.ts';
import type { Change } from '../page-messages.ts';
import { say } from '../say.ts';
import type { View } from './view.ts';
import { Whom } from './whom.tsx';

const DAY = 24 * 60 * 60_000;
const BACK = 'M6 3L3 6l3 3M3 6h6a4 4 0 0 1 0 8H7';

/** What was done, and its sign. */
const DONE = {
  'opt-out': ['popup_opted_out', SIGNS['opted-out']],
  unsubscribe: ['popup_left', SIGNS['opted-out']],
  undo: ['popup_undone', BACK],
  'opt-in': ['popup_opted_in', SIGNS.subscribed],
} as const satisfies Readonly<Record<Change['wish'], readonly [string, string]>>;

/** Why nothing came of it. */
const ENDED: Readonly<Record<NonNullable<Change['ended']>, string>> = {
  changed: 'popup_ended_changed',
  overtaken: 'popup_ended_overtaken',
  discarded: 'popup_ended_discarded',
};

/** How it ended; a word for what was done, and a sentence for why nothing came of it. */
function endSays({ ended, discarded }: Change, { words, now }: View): string {
  if (!ended) return words.say('joined', '', say('popup_done'));
  const missing = discarded?.missing.map((service) => words.say(`service_${service}`)) ?? [];
  return ` · ${say(ENDED[ended], discarded ? when(discarded.at, { words, now }) : '', words.join(...missing))}`;
}

function when(at: string, { words, now }: Pick<View, 'words' | 'now'>): string {
  return now - Date.parse(at) < DAY ? ago(at, now, words) : words.day(at, now);
}

/** The last changes made in this browser: what, whom, when, and how it ended. */
export function Changes(view: View) {
  const { words } = view;
  const { changes } = view.overview;
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">{say('popup_changes')}</h2>
      {changes.length === 0 ? (
        <p class="empty">{say('popup_changes_empty')}</p>
      ) : (
        <ul>
          {changes.map((act) => {
            const [what, sign] = DONE[act.wish];
            return (
              <li key={act.id}>
                <Icon path={act.ended ? CROSS : sign} />
                <div>
                  <p>
                    <b class={act.ended ? 'not-done' : ''}>{say(what, act.listName ?? '')}</b> <Whom {...act} />
                  </p>
                  <p class="weak">
                    <time dateTime={act.at} title={moment(act.at, words)}>
                      {when(act.at, view)}
                    </time>
                    {endSays(act, view)}
                  </p>
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
