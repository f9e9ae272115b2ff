import { useEffect, useState } from 'preact/hooks';
import { ServiceFailure } from '../../service/failure.ts';
import { ask } from '../ask.ts';
import { browser } from '../browser.ts';
import { failureSays } from '../failure-says.ts';
import { say } from '../say.ts';
import { settingsPorts } from '../settings/saved.ts';
import { readSettings } from '../settings/settings.ts';
import { tell } from '../tell.ts';
import { authorize, revokeSession } from './login.ts';
import { sessionStore } from './session-store.ts';
import { type SignInPorts, signIn } from './sign-in.ts';
import { closeTheirs, showTheirs, watched } from './their-window.ts';
import { inTurn } from './turn.ts';

type Progress =
  | { readonly at: 'working' }
  | { readonly at: 'done'; readonly told: boolean }
  | { readonly at: 'failed'; readonly words: string; readonly settings: boolean };

/** Milliseconds in which a sign-in that was given up is over, so that the next one may begin. */
const PATIENCE = 3_000;

const WRONG = {
  'no-org': 'signin_no_org',
  unread: 'options_unread',
  'no-client': 'signin_no_client',
  unkept: 'options_unkept',
} as const;

/** Signs in, in place of any sign-in under way in this browser; resolves with what to show. */
async function begin(host: string, org: string | null, control: AbortController): Promise<Progress> {
  const { signal } = control;
  const ports: SignInPorts = {
    clientId: async () => (await readSettings(settingsPorts)).settings.salesforceClientId,
    authorize: (at, clientId) =>
      authorize(at, clientId, false, (address, work) =>
        inTurn(navigator.locks, control, AbortSignal.timeout(PATIENCE), async () => {
          await closeTheirs();
          signal.throwIfAborted();
          return watched(address, work, signal);
        }),
      ),
    store: sessionStore,
    revoke: revokeSession,
    lock: async (name, work) => await navigator.locks.request(name, work),
    tell: (at) => tell(ask, { kind: 'session-changed', host: at }),
  };
  const reached = await signIn(ports, host, org, signal);
  if (reached.at === 'done') return reached;
  if (reached.at !== 'refused')
    return { at: 'failed', words: say(WRONG[reached.at]), settings: reached.at === 'no-client' };
  const { cause } = reached;
  return { at: 'failed', words: wordsOf(cause), settings: !(cause instanceof ServiceFailure) };
}

/**
 * Salesforce's word, or the browser's, which says in English that its window was closed; so it does where Salesforce knows
 * no such app, of which nobody sees Salesforce's own page.
 */
function wordsOf(cause: unknown): string {
  return cause instanceof ServiceFailure ? failureSays(cause) : say('signin_no_window');
}

function textOf(progress: Exclude<Progress, { at: 'failed' }>): string {
  if (progress.at === 'working') return 'signin_working';
  return progress.told ? 'signin_done' : 'options_untold';
}

/** The sign-in window: goes on by itself, closes itself, and stays only to say what went wrong. Closed, it cancels. */
export function SignIn({ host, org }: { readonly host: string; readonly org: string | null }) {
  const [progress, setProgress] = useState<Progress>({ at: 'working' });
  const [round, setRound] = useState(1);

  const again = () => setRound(round + 1);

  useEffect(() => {
    const control = new AbortController();
    let over = false;
    setProgress({ at: 'working' });
    void begin(host, org, control).then((reached) => {
      // What was started over ends as cancelled, and that is no news.
      if (over) return;
      setProgress(reached);
      if (reached.at === 'done' && reached.told) window.close();
    });
    return () => {
      over = true;
      control.abort();
    };
  }, [host, org, round]);

  return (
    <div class="signin">
      <img src="/icons/128.png" alt="" />
      <h1>{say('signin_title')}</h1>
      <p>
        <code>{host}</code>
      </p>
      {progress.at === 'failed' ? (
        <>
          <p class="alert" role="alert">
            {say('signin_failed')} {progress.words}
          </p>
          <div class="bar">
            <button type="button" class="main" onClick={again}>
              {say('signin_again')}
            </button>
            {progress.settings && (
              <button type="button" onClick={() => void browser.runtime.openOptionsPage()}>
                {say('signin_settings')}
              </button>
            )}
          </div>
        </>
      ) : (
        <>
          <p role="status">{say(textOf(progress))}</p>
          {progress.at === 'done' && !progress.told && (
            <div class="bar">
              <button type="button" class="main" onClick={() => window.close()}>
                {say('overlay_close')}
              </button>
            </div>
          )}
          {progress.at === 'working' && (
            <div class="bar">
              <button type="button" class="main" onClick={() => void showTheirs().catch(again)}>
                {say('signin_show')}
              </button>
              <button type="button" onClick={again}>
                {say('signin_over')}
              </button>
            </div>
          )}
        </>
      )}
    </div>
  );
}
