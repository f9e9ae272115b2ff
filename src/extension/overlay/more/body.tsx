import { refusal } from '../refusal.ts';
import { ago } from '../times.ts';
import type { View } from '../view.ts';
import { Ask } from './ask.tsx';
import { Away } from './away.tsx';
import { Link } from './link.tsx';
import { Steps, Trouble, Unlogged } from './notices.tsx';
import { OptIn } from './opt-in.tsx';
import { Lists, Records } from './rows.tsx';
import { Say, SettleNow } from './switch.tsx';
import { Undo } from './undo.tsx';
import { Where } from './where.tsx';
import { whySays } from './why.ts';

/**
 * What is in the panel: what holds and the switch, what is wrong, why, what each side says, and the way back in. Called, and
 * not mounted: none of them has a state of its own.
 */
export function Body(view: View) {
  return (
    <>
      {Say(view)}
      {SignIn(view)}
      {Refused(view)}
      {Steps(view)}
      {Trouble(view)}
      {SettleNow(view)}
      {Undo(view)}
      {Unlogged(view)}
      {Why(view)}
      {Lists(view)}
      {Records(view)}
      {Ask(view)}
      {OptIn(view)}
      {Where(view)}
      {Foot(view)}
    </>
  );
}

/** Signed out, or a click is on its way that waits for a login. */
function SignIn({ model: { status }, overlay, words }: View) {
  const problem = status?.pending?.problem ?? status?.problem;
  const needed =
    status?.state === 'signed-out' ||
    problem?.kind === 'other-org' ||
    (problem?.service === 'salesforce' && problem.kind === 'unauthorised');
  return needed ? (
    <button type="button" class="button" onClick={(event) => event.isTrusted && void overlay.act({ kind: 'sign-in' })}>
      {words.say('sign_in')}
    </button>
  ) : null;
}

function Refused(view: View) {
  const refused = refusal(view);
  return refused ? <p class="note warn">{refused}</p> : null;
}

function Why(view: View) {
  const said = whySays(view);
  return said ? (
    <p class="note why">
      <b>{view.words.say('why')}</b> {said}
    </p>
  ) : null;
}

function Foot({ model: { status, busy, now }, overlay, sight, words }: View) {
  return (
    <div class="foot" ref={sight?.watch ?? null}>
      {status?.readAt && <span>{words.say('read', ago(status.readAt, now, words))}</span>}
      <Link onClick={() => void overlay.read(true)}>{words.say(busy === 'status' ? 'loading' : 'refresh')}</Link>
      {status?.activeCampaignUrl && (
        <Away href={status.activeCampaignUrl} text={words.say('open_activecampaign')} words={words} />
      )}
    </div>
  );
}
