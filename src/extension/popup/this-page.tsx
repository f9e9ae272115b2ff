import { browser } from '../browser.ts';
import { faceOf } from '../overlay/face.ts';
import { Icon } from '../overlay/icon.tsx';
import { detailsOf } from '../overlay/more/own.ts';
import { SIGNS } from '../overlay/signs.ts';
import { placeOf, savePlace } from '../places.ts';
import { say } from '../say.ts';
import type { View } from './view.ts';

/** The record in the tab: its status in a line, and the way to its panel; and the way back where the pill is hidden. */
export function ThisPage(view: View) {
  const { host, hidden, status } = view.overview;
  return (
    <section aria-labelledby="this-page">
      <h2 id="this-page">{say('popup_this_page')}</h2>
      {status ? (
        <Person {...view} status={status} />
      ) : (
        <p class="empty">{say(host === null ? 'popup_no_org' : 'popup_no_record')}</p>
      )}
      {host !== null && hidden && <Hidden {...view} host={host} />}
    </section>
  );
}

function Person({
  status,
  words,
  now,
  tab,
  ask,
  tell,
}: View & { readonly status: NonNullable<View['overview']['status']> }) {
  const open = async () => {
    const answer = await ask({ kind: 'open-panel', tab });
    if (answer.ok) window.close();
    else tell(say('popup_no_panel'));
  };
  const face = faceOf({ gone: false, status, now }, words);
  const { problem } = status;
  const wrong = problem && detailsOf(problem, words);
  return (
    <>
      <div class="line">
        <p class={`status ${face.tone}`}>
          <Icon path={SIGNS[face.state]} />
          <b>{face.label}</b>
          {face.detail && <span>{face.detail}</span>}
        </p>
        {wrong && <p class="weak">{wrong}</p>}
        <p class="whom">
          {status.name && <b>{status.name}</b>}
          <span>{status.address}</span>
        </p>
      </div>
      <button type="button" class="main" onClick={() => void open()}>
        {say('popup_open_panel')}
      </button>
      {problem?.kind === 'not-configured' && (
        <button type="button" onClick={() => void browser.runtime.openOptionsPage().then(() => window.close())}>
          {say('overlay_open_settings')}
        </button>
      )}
    </>
  );
}

/** The pill is hidden in the org of the tab. Nothing says that it is back before that is kept and its pages were told. */
function Hidden({ host, ask, tell }: View & { readonly host: string }) {
  const show = async () => {
    await savePlace(host, { at: (await placeOf(host))?.at ?? null, hidden: false });
    const answer = await ask({ kind: 'place-changed', host });
    tell(say(answer.ok ? 'popup_shown_again' : 'popup_no_answer'));
  };
  return (
    <div class="hidden">
      <p>{say('popup_hidden')}</p>
      <button type="button" onClick={() => void show().catch(() => tell(say('popup_no_answer')))}>
        {say('popup_show_again')}
      </button>
    </div>
  );
}
