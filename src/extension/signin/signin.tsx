import { useEffect, useState } from 'preact/hooks';
import { ServiceFailure } from '../../service/failure.ts';
import { isApiHost } from '../background/host.ts';
import { sessionLock, sessionOf } from '../background/session.ts';
import { browser } from '../browser.ts';
import { failureSays } from '../failure-says.ts';
import type { PageRequest } from '../page-messages.ts';
import { say } from '../say.ts';
import { settingsPorts } from '../settings/saved.ts';
import { readSettings } from '../settings/settings.ts';
import { fromPage } from './from-page.ts';
import { authorize } from './login.ts';
import { sessionStore } from './session-store.ts';
import { closeTheirs, showTheirs, watched } from './their-window.ts';

type Progress =
  | { readonly at: 'working' }
  | { readonly at: 'done' }
  | { readonly at: 'failed'; readonly words: string; readonly settings: boolean };

/** Signs in to one org from start to end, in place of any sign-in under way. Resolves with what to show; the session is durable by then. */
async function signIn(host: string, org: string | null): Promise<Progress> {
  if (!isApiHost(host)) return { at: 'failed', words: say('signin_no_org'), settings: false };
  const { settings } = await readSettings(settingsPorts);
  const clientId = settings.salesforceClientId;
  if (clientId === null) return { at: 'failed', words: say('signin_no_client'), settings: true };
  try {
    await closeTheirs();
    const token = await watched(() => authorize(host, clientId, false));
    await navigator.locks.request(sessionLock(host), () =>
      sessionStore.put(fromPage(sessionOf(host, clientId, token), org)),
    );
    const request: PageRequest = { kind: 'session-changed', host };
    await browser.runtime.sendMessage(request);
    return { at: 'done' };
  } catch (cause) {
    return { at: 'failed', words: wordsOf(cause), settings: !(cause instanceof ServiceFailure) };
  }
}

/**
 * Salesforce's word, or the browser's, which says in English that its window was closed; so it does where Salesforce knows
 * no such app, of which nobody sees Salesforce's own page.
 */
function wordsOf(cause: unknown): string {
  return cause instanceof ServiceFailure ? failureSays(cause) : say('signin_no_window');
}

/** The sign-in window: goes on by itself, closes itself, and stays only to say what went wrong. Closed, it cancels. */
export function SignIn({ host, org }: { readonly host: string; readonly org: string | null }) {
  const [progress, setProgress] = useState<Progress>({ at: 'working' });
  const [round, setRound] = useState(1);

  const again = () => setRound(round + 1);

  useEffect(() => {
    let over = false;
    setProgress({ at: 'working' });
    void signIn(host, org).then((reached) => {
      // What was started over ends as cancelled, and that is no news.
      if (over) return;
      setProgress(reached);
      if (reached.at === 'done') window.close();
    });
    return () => {
      over = true;
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
          <p role="status">{say(progress.at === 'done' ? 'signin_done' : 'signin_working')}</p>
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
