import type { Problem } from '../messages.ts';
import { againIn, problemSays } from './face.ts';
import { Icon } from './icon.tsx';
import { KEYS } from './overlay.ts';
import type { View } from './view.ts';
import type { Words } from './words.ts';

/** A click on its way: which side has it, which has not, and why not. */
export function Steps({ model: { status, now }, words }: View) {
  const way = status?.pending;
  if (!way) return null;
  const attempt = way.attempt > 1 ? words.say('try', way.attempt) : '';
  return (
    <ul class="note wait">
      {(['salesforce', 'activecampaign'] as const).map((service) => {
        const done = way[service] === 'done';
        const problem = !done && way.problem?.service === service ? way.problem : null;
        const again = problem && againIn(way.retryAt ?? problem.retryAt, now, words);
        return (
          <li key={service} class={`steps ${done && 'done'}`}>
            <Icon name={done ? 'done' : 'pending'} />
            <b>{words.say(`service_${service}`)}</b>
            <i>{words.say(`step_${way[service]}`)}</i>
            {problem && (
              <div class="full">
                {[problemSays(problem, words), attempt, again].filter(Boolean).join(', ')}
                <Own problem={problem} words={words} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Why nothing (more) is known, when it is tried again, and whether what is shown is old. */
export function Trouble({ model: { status, now }, words, face }: View) {
  const problem = status?.problem;
  if (!problem) return null;
  const again = againIn(problem.retryAt, now, words);
  const admin = !again && (problem.kind === 'not-configured' || problem.kind === 'forbidden');
  return (
    <div class="note warn">
      <b>{problemSays(problem, words)}</b>
      {again && `, ${again}`}. {admin && words.say('ask_admin')}{' '}
      {face.state !== 'unavailable' && status.readAt && words.say('stale')}
      <Own problem={problem} words={words} />
    </div>
  );
}

/** Why the last act was not taken, or nothing: an act is never dropped in silence. */
export function refusal({ model: { refused }, words }: View): string {
  if (refused === null) return '';
  return refused === KEYS ? words.say('refused_keys') : words.say('refused', refused);
}

function Own({ problem, words }: { problem: Problem; words: Words }) {
  return problem.words ? <span class="own">{words.say('service_words', problem.words)}</span> : null;
}
