import { useState } from 'preact/hooks';
import { againIn, problemSays } from '../overlay/face.ts';
import { Icon } from '../overlay/icon.tsx';
import { detailsOf } from '../overlay/more/own.ts';
import { CLOCK } from '../overlay/signs.ts';
import { ago } from '../overlay/times.ts';
import type { Waiting } from '../page-messages.ts';
import { say } from '../say.ts';
import { Discard } from './discard.tsx';
import type { View } from './view.ts';
import { Whom, whomSays } from './whom.tsx';

/** What a click on its way is for. */
const WANTED: Readonly<Record<Waiting['wish'], string>> = {
  'opt-out': 'popup_opting_out',
  unsubscribe: 'popup_leaving',
  undo: 'popup_undoing',
  'opt-in': 'popup_opting_in',
};

/** What has not reached both systems yet: how old, how often tried, why, "Try again", and "Discard" where that is no use. */
export function Queue(view: View) {
  const { queue } = view.overview;
  return (
    <section aria-labelledby="queue">
      <h2 id="queue">
        {say('popup_queue')} {queue.length > 0 && <span class="count">{queue.length}</span>}
      </h2>
      {queue.length === 0 ? (
        <p class="empty">{say('popup_queue_empty')}</p>
      ) : (
        <ul>
          {queue.map((act) => (
            <li key={act.id}>
              <Act act={act} view={view} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Act({ act, view }: { readonly act: Waiting; readonly view: View }) {
  const { words, now, ask, tell } = view;
  const [asking, setAsking] = useState(false);
  const again = async () => {
    const answer = await ask({ kind: 'retry', act: act.id });
    tell(say(answer.ok ? 'popup_trying' : 'popup_no_answer'));
  };
  return (
    <>
      <Icon path={CLOCK} />
      <div>
        <p>
          <b>{say(WANTED[act.wish], act.listName ?? '')}</b> <Whom {...act} />
        </p>
        <p class="weak">{words.join(ago(act.since, now, words), act.attempt > 1 && words.say('try', act.attempt))}</p>
        {act.problems.map((problem) => (
          <p key={problem.service} class="problem">
            {words.join(problemSays(problem, words), againIn(problem.retryAt, now, words))}
            <Details text={detailsOf(problem, words)} />
          </p>
        ))}
        {asking && act.misdirected && <Discard act={act} view={view} close={() => setAsking(false)} />}
      </div>
      {act.problems.length > 0 && !asking && (
        <span class="acts">
          <button type="button" aria-label={say('popup_retry_of', whomSays(act))} onClick={() => void again()}>
            {say('popup_retry')}
          </button>
          {act.misdirected && (
            <button type="button" aria-label={say('popup_discard_of', whomSays(act))} onClick={() => setAsking(true)}>
              {say('popup_discard')}
            </button>
          )}
        </span>
      )}
    </>
  );
}

function Details({ text }: { readonly text: string }) {
  return text ? <span class="weak">{text}</span> : null;
}
