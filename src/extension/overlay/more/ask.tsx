import type { View } from '../view.ts';
import { Link } from './link.tsx';
import { reveal } from './reveal.ts';

/** What was copied for whom; it goes with the record. */
let copied: { readonly record: string | null; readonly text: string; readonly done: boolean } | undefined;

/** Copies a polite text that asks the person, with the account's preference page where the settings have one. */
export function Ask(view: View) {
  const { model, words } = view;
  const { status, about, record } = model;
  if (copied?.record !== record) copied = undefined;
  // Mail to this address comes back: nobody can be asked there.
  if (!status?.optedOut || status.pending || !status.address || !about || about.bounce) return null;

  const ask = async (event: MouseEvent): Promise<void> => {
    if (!view.trust.byPerson(event) || view.trust.early(event)) return;
    const name = status.name ?? status.address ?? '';
    const { preferenceLink: link } = about;
    const said = link ? words.say('ask_text_link', name, link) : words.say('ask_text_reply', name);
    // What sets a name apart on the page is none of the email's.
    const text = said.replace(/[\u2068\u2069]/g, '');
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    copied = { record, text, done };
    view.overlay.tick();
  };

  return (
    <section ref={copied ? reveal : null}>
      <Link onClick={(event) => void ask(event)}>{words.say('ask')}</Link>
      {copied && (
        <>
          <p class="own" role="status">
            {words.say(copied.done ? 'ask_copied' : 'ask_by_hand')}
          </p>
          <textarea readOnly rows={6} aria-label={words.say('ask')} value={copied.text} />
        </>
      )}
    </section>
  );
}
