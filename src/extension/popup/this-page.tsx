import { faceOf } from '../overlay/face.ts';
import { Icon, SIGNS } from '../overlay/icon.tsx';
import { say } from '../say.ts';
import type { View } from './view.ts';

/** The record in the tab: its status in a line, and the way to its panel. */
export function ThisPage({ overview: { status, host }, words, now, tab, ask, tell }: View) {
  const open = async () => {
    const answer = await ask({ kind: 'open-panel', tab });
    if (answer.ok) window.close();
    else tell(say('popup_no_panel'));
  };
  if (!status)
    return (
      <section aria-labelledby="this-page">
        <h2 id="this-page">{say('popup_this_page')}</h2>
        <p class="empty">{say(host === null ? 'popup_no_org' : 'popup_no_record')}</p>
      </section>
    );
  const face = faceOf({ gone: false, status, now }, words);
  return (
    <section aria-labelledby="this-page">
      <h2 id="this-page">{say('popup_this_page')}</h2>
      <div class="line">
        <p class={`status ${face.tone}`}>
          <Icon path={SIGNS[face.state]} />
          <b>{face.label}</b>
          {face.detail && <span>{face.detail}</span>}
        </p>
        <p class="whom">
          {status.name && <b>{status.name}</b>}
          <span>{status.address}</span>
        </p>
      </div>
      <button type="button" class="main" onClick={() => void open()}>
        {say('popup_open_panel')}
      </button>
    </section>
  );
}
