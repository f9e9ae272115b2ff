import type { Problem } from '../../messages.ts';
import { againIn, problemSays } from '../face.ts';
import { Icon } from '../icon.tsx';
import { CLOCK, TICK } from '../signs.ts';
import { ago } from '../times.ts';
import type { View } from '../view.ts';
import { Link } from './link.tsx';
import { detailsOf } from './own.ts';

/** What is wrong, when it is tried again and for the how manieth time, and the service's own words. */
function Told({ problem, attempt = 0, retryAt, view }: Telling) {
  const { model, words } = view;
  const again = againIn(retryAt, model.now, words);
  const need = needOf(problem);
  const there = attempt > 0 && /^other/.test(problem.kind);
  const lines = [need && words.say(need), detailsOf(problem, words), there && words.say('discard_there')];
  const ask = !again && !need && /not-configured|forbidden/.test(problem.kind) && words.say('ask_admin');
  const mend = problem.kind === 'withdrawn' ? 'allow' : problem.kind === 'not-configured' && 'open_settings';
  return (
    <div>
      <b>{problemSays(problem, words)}</b>
      {[attempt > 1 && words.say('try', attempt), again, ask].map((said) => said && words.say('joined', '', said))}
      {lines.map(
        (said) =>
          said && (
            <span key={said} class="own">
              {said}
            </span>
          ),
      )}
      {mend && (
        <Link onClick={(event) => event.isTrusted && void view.overlay.act({ kind: 'options' })}>
          {words.say(mend)}
        </Link>
      )}
    </div>
  );
}

/** Which right is missing and who can grant it, where the service's code says so (facts/salesforce.md section 2). */
function needOf({ service, kind, code = '' }: Problem): Need | undefined {
  if (kind === 'other-org') return 'need_org';
  if (service === 'activecampaign') return kind === 'forbidden' || kind === 'unauthorised' ? 'need_key' : undefined;
  return NEEDS.find(([pattern]) => pattern.test(code))?.[1];
}

type Need = 'need_org' | 'need_key' | (typeof NEEDS)[number][1];

const NEEDS = [
  [/^INVALID_FIELD_FOR_INSERT_UPDATE$/, 'need_edit'],
  [/^INVALID_FIELD$/, 'need_read'],
  [/^INVALID_TYPE$/, 'need_object'],
  [/^API_(CURRENTLY_)?DISABLED/, 'need_api'],
  [/^INSUFFICIENT_ACCESS/, 'need_record'],
] as const;

interface Telling {
  readonly problem: Problem;
  readonly attempt?: number;
  readonly retryAt: string | null;
  readonly view: View;
}

/** A click on its way: which side has it, which has not, and why not. */
export function Steps(view: View) {
  const { model, words } = view;
  const way = model.status?.pending;
  if (!way) return null;
  const { problem, attempt } = way;
  return (
    <ul class="note wait">
      <li>{words.say('clicked', ago(way.since, model.now, words))}</li>
      {(['salesforce', 'activecampaign'] as const).map((service) => {
        const done = way[service] === 'done';
        return (
          <li key={service} class={`steps ${done && 'done'}`}>
            <Icon path={done ? TICK : CLOCK} />
            <b>{words.say(`service_${service}`)}</b>
            <i>{words.say(`step_${way[service]}`)}</i>
            {!done && problem?.service === service && (
              <Told problem={problem} attempt={attempt} retryAt={way.retryAt} view={view} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The latest change is done, and the task that logs it is not made: nothing hangs on it, but somebody may look for it. */
export function Unlogged(view: View) {
  const { about, status } = view.model;
  const problem = about?.act?.unlogged;
  return problem && !status?.pending ? (
    <div class="note warn">
      <span>{view.words.say('unlogged')}</span>
      <Told problem={problem} retryAt={problem.retryAt} view={view} />
    </div>
  ) : null;
}

/** Why nothing (more) is known, and whether what is shown is old. */
export function Trouble(view: View) {
  const { status } = view.model;
  const problem = status?.problem;
  if (!problem) return null;
  const way = status.pending?.problem;
  // Signed out says it all, and so does the click on its way that meets with the same.
  const isSaid = status.state === 'signed-out' || (way?.service === problem.service && way.kind === problem.kind);
  return !isSaid || status.readAt ? (
    <div class="note warn">
      {!isSaid && <Told problem={problem} retryAt={problem.retryAt} view={view} />}
      {status.readAt && <span>{view.words.say('stale')}</span>}
    </div>
  ) : null;
}
