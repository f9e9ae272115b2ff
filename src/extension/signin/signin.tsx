import { useEffect, useRef, useState } from 'preact/hooks';
import { ServiceFailure } from '../../service/failure.ts';
import { ask } from '../ask.ts';
import { isApiHost } from '../background/host.ts';
import { type Session, sessionLock, sessionOf } from '../background/session.ts';
import { browser } from '../browser.ts';
import { failureSays } from '../failure-says.ts';
import { say } from '../say.ts';
import { settingsPorts } from '../settings/saved.ts';
import { readSettings } from '../settings/settings.ts';
import { tell } from '../tell.ts';
import { fromPage } from './from-page.ts';
import { authorize } from './login.ts';
import { sessionStore } from './session-store.ts';
import { closeTheirs, showTheirs, watched } from './their-window.ts';

type Progress =
  | { readonly at: 'working' }
  | { readonly at: 'done'; readonly told: boolean }
  | { readonly at: 'failed'; readonly words: string; readonly settings: boolean };

/** Milliseconds in which a sign-in that was given up is over, so that the next one may begin. */
const PATIENCE = 3_000;

/**
 * Signs in to one org from start to end, in place of any sign-in under way. Resolves with what to show; the session is
 * durable by then. Given up before Salesforce was asked, it asks nothing.
 */
async function signIn(host: string, org: string | null, signal: AbortSignal): Promise<Progress> {
  if (!isApiHost(host)) return { at: 'failed', words: say('signin_no_org'), settings: false };
  const state = await readSettings(settingsPorts).catch(() => undefined);
  if (!state) return { at: 'failed', words: say('options_unread'), settings: false };
  const clientId = state.settings.salesforceClientId;
  if (clientId === null) return { at: 'failed', words: say('signin_no_client'), settings: true };
  let session: Session;
  try {
    await closeTheirs();
    signal.throwIfAborted();
    const token = await authorize(host, clientId, false, (address, work) => watched(address, work, signal));
    session = fromPage(sessionOf(host, clientId, token), org);
  } catch (cause) {
    return { at: 'failed', words: wordsOf(cause), settings: !(cause instanceof ServiceFailure) };
  }
  try {
    await navigator.locks.request(sessionLock(host), () => sessionStore.put(session));
  } catch {
    return { at: 'failed', words: say('options_unkept'), settings: false };
  }
  return { at: 'done', told: await tell(ask, { kind: 'session-changed', host }) };
}

/**
 * Salesforce's word, or the browser's, which says in English that its window was closed; so it does where Salesforce knows
 * no such app, of which nobody sees Salesforce's own page.
 */
function wordsOf(cause: unknown): string {
  return cause instanceof ServiceFailure ? failureSays(cause) : say('signin_no_window');
}

function sleep(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}

function textOf(progress: Exclude<Progress, { at: 'failed' }>): string {
  if (progress.at === 'working') return 'signin_working';
  return progress.told ? 'signin_done' : 'options_untold';
}

/** The sign-in window: goes on by itself, closes itself, and stays only to say what went wrong. Closed, it cancels. */
export function SignIn({ host, org }: { readonly host: string; readonly org: string | null }) {
  const [progress, setProgress] = useState<Progress>({ at: 'working' });
  const [round, setRound] = useState(1);
  const earlier = useRef<Promise<unknown>>(Promise.resolve());

  const again = () => setRound(round + 1);

  useEffect(() => {
    const control = new AbortController();
    const { signal } = control;
    setProgress({ at: 'working' });
    // One after the other: Chrome refuses a second at once, and in Firefox its window would take the first one's place, so
    // that what comes back is heard by neither.
    const mine = Promise.race([earlier.current, sleep(PATIENCE)]).then(() => signIn(host, org, signal));
    earlier.current = mine;
    void mine.then((reached) => {
      // What was started over ends as cancelled, and that is no news.
      if (signal.aborted) return;
      setProgress(reached);
      if (reached.at === 'done' && reached.told) window.close();
    });
    return () => control.abort();
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
