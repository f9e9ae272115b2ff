import { REASONS, type Reason } from '../../messages.ts';
import { counts } from '../face.ts';
import type { View } from '../view.ts';
import { Link } from './link.tsx';
import { press } from './press.ts';
import { reveal } from './reveal.ts';

/** What the rep has filled in; it belongs to one record and goes with it. */
interface Form {
  readonly record: string | null;
  readonly open: boolean;
  readonly reason: Reason | null;
  readonly lists: ReadonlySet<string>;
}

const blank = (record: string | null): Form => ({ record, open: false, reason: null, lists: new Set() });

let form = blank(null);
let words: HTMLTextAreaElement | null = null;
let entered: ((form: Element | null) => void) | undefined;

/** As a `ref`: the focus goes on with the form, and not back to where the panel begins. One function, or it would each time. */
function enter({ trust }: View): (form: Element | null) => void {
  entered ??= (form) => {
    const first = form?.querySelector('button');
    if (first) trust.moveTo(first);
    reveal(form);
  };
  return entered;
}

/** The way back in: a reason is asked for, and no list is picked that the rep did not pick. */
export function OptIn(view: View) {
  const { model, words: text } = view;
  const { status, about, record } = model;
  if (form.record !== record || !status?.optedOut || status.pending) form = blank(record);
  if (!about?.optIn || !status?.optedOut || status.pending || !status.address || status.problem) return null;
  // Mail to this address comes back: nobody can ask for more of it. Of several contacts nobody knows which one is meant.
  const left = about.bounce || status.twins ? [] : status.lists.filter((line) => line.status === 'unsubscribed');
  // There is nothing to let in by.
  if (!left.length && !counts(status).out) return null;
  if (!form.open)
    return (
      <section>
        <Link aria-expanded={false} onClick={change(view, { open: true })}>
          {text.say('opt_in_open')}
        </Link>
      </section>
    );
  const send = (event: MouseEvent) => {
    const said = words?.value ?? '';
    if (!form.reason) return;
    if (form.reason === 'other' && !said.trim()) return void (words && view.trust.moveTo(words));
    press(view, event, { kind: 'opt-in', reason: form.reason, words: said.slice(0, 500), lists: [...form.lists] });
    // What comes of it is said up there.
    (event.currentTarget as Element).closest('.panel')?.scrollTo(0, 0);
  };
  const close = (event: MouseEvent) => {
    const section = (event.currentTarget as Element).closest('section');
    change(view, blank(record))(event);
    const opener = section?.querySelector('button');
    if (opener && !form.open) view.trust.moveTo(opener);
  };
  return (
    <section class="form" aria-label={text.say('opt_in')} ref={enter(view)}>
      <h3>{text.say('opt_in')}</h3>
      <fieldset {...{ role: 'radiogroup' }}>
        <legend>{text.say('opt_in_reason')}</legend>
        {REASONS.map((reason) => (
          <Pick
            key={reason}
            role="radio"
            on={form.reason === reason}
            tabIndex={reason === (form.reason ?? REASONS[0]) ? 0 : -1}
            name={text.say(`reason_${reason}`)}
            onClick={change(view, { reason })}
          />
        ))}
      </fieldset>
      {form.reason === 'other' && (
        <textarea
          aria-label={text.say('reason_words')}
          maxLength={500}
          ref={(element: HTMLTextAreaElement | null) => {
            words = element;
          }}
        />
      )}
      {left.length > 0 && (
        <fieldset>
          <legend>{text.say('opt_in_lists')}</legend>
          {left.map(({ list, name }) => (
            <Pick
              key={list}
              role="checkbox"
              on={form.lists.has(list)}
              name={name}
              onClick={change(view, { lists: toggled(form.lists, list) })}
            />
          ))}
        </fieldset>
      )}
      <span>{text.say('opt_in_words')}</span>
      <div>
        <button type="button" class="button" aria-disabled={!form.reason} onClick={send}>
          {text.say('opt_in')}
        </button>
        <Link onClick={close}>{text.say('opt_in_cancel')}</Link>
      </div>
    </section>
  );
}

function toggled(lists: ReadonlySet<string>, list: string): ReadonlySet<string> {
  const other = new Set(lists);
  if (!other.delete(list)) other.add(list);
  return other;
}

/** Changes the form by a press of the person's own: what a script of the page presses is not what the rep picked. */
function change({ overlay, trust }: View, part: Partial<Form>) {
  return (event: MouseEvent): void => {
    if (!trust.byPerson(event) || trust.early(event)) return;
    form = { ...form, ...part };
    overlay.tick();
  };
}

interface PickProps {
  readonly role: 'radio' | 'checkbox';
  readonly on: boolean;
  readonly tabIndex?: number;
  readonly name: string;
  readonly onClick: (event: MouseEvent) => void;
}

function Pick({ role, on, tabIndex = 0, name, onClick }: PickProps) {
  return (
    <button type="button" class="pick" {...{ role, tabIndex, 'aria-checked': on }} onClick={onClick}>
      {name}
    </button>
  );
}
