import { useEffect, useState } from 'preact/hooks';
import { browser } from '../browser.ts';
import { problemSays } from '../overlay/face.ts';
import { Icon } from '../overlay/icon.tsx';
import { CLOCK, SIGNS, TICK } from '../overlay/signs.ts';
import type { PlainProblem } from '../page-messages.ts';
import { say } from '../say.ts';
import { openSignIn } from '../signin/window.ts';
import type { View } from './view.ts';

/** Who is signed in to which org, and whether ActiveCampaign takes the key. */
export function SignIns(view: View) {
  const { orgs } = view.overview;
  return (
    <section aria-labelledby="sign-ins">
      <h2 id="sign-ins">{say('popup_sign_ins')}</h2>
      <ul>
        {orgs.length === 0 && (
          <li>
            <Icon path={SIGNS['signed-out']} />
            <div>
              <b>Salesforce</b>
              <p class="weak">{say('popup_no_sign_in')}</p>
            </div>
          </li>
        )}
        {orgs.map(({ host, signedIn }) => (
          <li key={host}>
            <Icon path={signedIn ? TICK : SIGNS['signed-out']} />
            <div>
              <b>{host}</b>
              <p class="weak">{say(signedIn ? 'popup_signed_in' : 'popup_signed_out')}</p>
            </div>
            {!signedIn && (
              <button
                type="button"
                aria-label={say('popup_sign_in_to', host)}
                onClick={() =>
                  void openSignIn(host).then(
                    () => window.close(),
                    () => view.tell(say('signin_no_open')),
                  )
                }
              >
                {say('popup_sign_in')}
              </button>
            )}
          </li>
        ))}
        <Account {...view} />
      </ul>
    </section>
  );
}

/** ActiveCampaign has no sign-in but the key in the settings, which the first look asks it about. */
function Account({ ask, words }: View) {
  const [problem, setProblem] = useState<PlainProblem | null>();
  useEffect(() => {
    void ask({ kind: 'account' }).then((answer) => {
      if (answer.ok) setProblem(answer.problem ?? null);
    });
  }, [ask]);
  const good = problem === null;
  return (
    <li>
      <Icon path={good ? TICK : problem ? SIGNS.unavailable : CLOCK} />
      <div>
        <b>ActiveCampaign</b>
        <p class="weak">
          {problem ? problemSays({ ...problem, retryAt: null }, words) : say(good ? 'popup_connected' : 'popup_asking')}
        </p>
      </div>
      {problem && (
        <button
          type="button"
          aria-label={say('popup_set_up_activecampaign')}
          onClick={() => void browser.runtime.openOptionsPage().then(() => window.close())}
        >
          {say('popup_set_up')}
        </button>
      )}
    </li>
  );
}
