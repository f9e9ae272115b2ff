import { Away } from './away.tsx';
import { Icon } from './icon.tsx';
import { refusal, Steps, Trouble } from './notices.tsx';
import { Say, SettleNow } from './switch.tsx';
import type { View } from './view.ts';

/** The open overlay: who it is, what holds, the switch, and what each side says. */
export function Panel(view: View) {
  const { face, model, overlay, words } = view;
  const { status, gone } = model;
  const name = status?.name ?? status?.address ?? '';
  const refused = refusal(view);
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
          <Icon name="close" />
        </button>
      </div>
      {face.state === 'loading' ? <Skeleton label={face.label} /> : <Say {...view} />}
      {!gone && needsLogin(view) && (
        <button
          type="button"
          class="button"
          onClick={(event) => event.isTrusted && void overlay.act({ kind: 'sign-in' })}
        >
          {words.say('sign_in')}
        </button>
      )}
      {refused && <p class="note warn">{refused}</p>}
      {!gone && (
        <>
          <Steps {...view} />
          <Trouble {...view} />
          <SettleNow {...view} />
          {view.Below && <view.Below {...view} />}
          <Foot {...view} />
        </>
      )}
    </div>
  );
}

/** Signed out, or a click is on its way that waits for a login. */
function needsLogin({ model: { status } }: View): boolean {
  const problem = status?.pending?.problem ?? status?.problem;
  return status?.state === 'signed-out' || (problem?.service === 'salesforce' && problem.kind === 'unauthorised');
}

/** The shape of what is to come, while it is read. */
function Skeleton({ label }: { label: string }) {
  return (
    <div class="bones">
      <span class="unseen">{label}</span>
      <i class="bone" />
      <i class="bone" />
      <i class="bone" />
      <i class="bone" />
    </div>
  );
}

function Foot({ model: { status, busy, now }, overlay, words }: View) {
  return (
    <div class="foot">
      {status?.readAt && <span>{words.say('read', words.ago(status.readAt, now))}</span>}
      <button type="button" class="link" onClick={() => void overlay.read(true)}>
        {words.say(busy === 'status' ? 'loading' : 'refresh')}
      </button>
      {status?.activeCampaignUrl && (
        <Away href={status.activeCampaignUrl} text={words.say('open_activecampaign')} words={words} />
      )}
    </div>
  );
}
