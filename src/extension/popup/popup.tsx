import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Ask } from '../ask.ts';
import { browser } from '../browser.ts';
import { createWords } from '../overlay/words.ts';
import type { Overview } from '../page-messages.ts';
import { say } from '../say.ts';
import { Changes } from './changes.tsx';
import { Queue } from './queue.tsx';
import { SignIns } from './sign-ins.tsx';
import { ThisPage } from './this-page.tsx';

/** Milliseconds between two looks at what the background knows. */
const AGAIN = 1_000;

/** The popup: this page's record, what waits, what was done, and who is signed in. */
export function Popup({ ask, tab }: { readonly ask: Ask; readonly tab: number }) {
  const [overview, setOverview] = useState<Overview>();
  const [now, setNow] = useState(Date.now());
  const [told, tell] = useState('');
  const words = useMemo(() => createWords((name, parts) => browser.i18n.getMessage(name, parts), navigator), []);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async (read: boolean): Promise<void> => {
      const answer = await ask({ kind: 'overview', tab, read });
      if (over) return;
      if (answer.ok && answer.overview) setOverview(answer.overview);
      else if (read) tell(say('popup_no_answer'));
      setNow(Date.now());
      timer = setTimeout(() => void look(false), AGAIN);
    };
    void look(true);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [ask, tab]);

  const view = overview && { overview, words, now, tab, ask, tell };
  return (
    <>
      <header>
        <img src="/icons/48.png" alt="" />
        <h1>{say('popup_title')}</h1>
        <button type="button" onClick={() => void browser.runtime.openOptionsPage().then(() => window.close())}>
          {say('popup_settings')}
        </button>
      </header>
      <p class="told" role="status">
        {told}
      </p>
      {view && (
        <>
          <ThisPage {...view} />
          <Queue {...view} />
          <Changes {...view} />
          <SignIns {...view} />
        </>
      )}
    </>
  );
}
