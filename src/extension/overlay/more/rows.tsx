import type { ComponentChildren } from 'preact';
import type { ListLine, RecordLine } from '../../messages.ts';
import { sameRecord } from '../overlay.ts';
import type { View } from '../view.ts';
import type { Words } from '../words.ts';
import { Away } from './away.tsx';
import { press } from './press.ts';

/** What one side says: a line for each list or record. */
function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  );
}

interface Line {
  readonly name: string;
  readonly chip: string;
  readonly tone: string;
  readonly children: ComponentChildren;
  /** What can be done about this line. */
  readonly act?: ComponentChildren;
}

function Row({ name, chip, tone, children, act }: Line) {
  return (
    <li>
      <b>{name}</b>
      <i class={`chip ${tone}`}>{chip}</i>
      <span>{children}</span>
      {act}
    </li>
  );
}

/** Every ActiveCampaign list of the person, its status and date. */
export function Lists(view: View) {
  const { words } = view;
  const { status, now } = view.model;
  if (!status?.activeCampaignUrl && !status?.lists.length) return null;
  return (
    <Section title={words.say('lists')}>
      {status.lists.map((line) => (
        <Row
          key={line.list}
          name={line.name}
          chip={words.say(`list_${line.status}`)}
          tone={toneOf(line, status.optedOut)}
          act={line.status === 'active' && !status.pending && <Leave {...{ line, view }} />}
        >
          {whenAndWhy(line, words, now)}
        </Row>
      ))}
      {!status.lists.length && <li>{words.say('no_lists')}</li>}
    </Section>
  );
}

/** Ends this one membership and leaves all else as it is. */
function Leave({ line: { list, name }, view }: { line: ListLine; view: View }) {
  return (
    <button
      type="button"
      class="link"
      aria-label={view.words.say('leave_list', name)}
      onClick={(event) => press(view, event, { kind: 'unsubscribe', list })}
    >
      {view.words.say('leave')}
    </button>
  );
}

/** Every live Salesforce record with the address. */
export function Records({ model: { status, record }, words }: View) {
  if (!status?.records.length) return null;
  return (
    <Section title={words.say('records')}>
      {status.records.map((line) => {
        const name = nameOf(line, words);
        return (
          <Row
            key={line.id}
            name={name}
            chip={words.say(line.optedOut ? 'record_out' : 'record_in')}
            tone={line.optedOut ? 'out' : 'ok'}
          >
            {record && sameRecord(record, line.id) ? (
              words.say('record_this')
            ) : (
              <Away
                href={`/lightning/r/${line.object}/${line.id}/view`}
                text={words.say('record_open')}
                about={name}
                words={words}
              />
            )}
          </Row>
        );
      })}
    </Section>
  );
}

function toneOf({ status }: ListLine, optedOut: boolean): string {
  if (status === 'unsubscribed') return optedOut ? 'out' : 'none';
  return status === 'active' ? 'ok' : status === 'bounced' ? 'warn' : 'none';
}

function whenAndWhy({ since, status, reason, via }: ListLine, { say, day }: Words, now: number): string {
  const date = since ? day(since, now) : '';
  const by = via ? say(`via_${via.kind}`, via.id) : '';
  const when = date && status === 'active' ? say('since', date) : [date, by].filter(Boolean).join(', ');
  const why = reason ? say('quoted', reason) : '';
  return when && why ? say('with_detail', when, why) : when || why;
}

function nameOf({ object, name, company }: RecordLine, { say }: Words): string {
  return say(`record_${object}`, company ? say('record_with_company', name, company) : name);
}
