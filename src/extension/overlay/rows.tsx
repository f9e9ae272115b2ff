import type { ListLine, RecordLine } from '../messages.ts';
import { Away } from './away.tsx';
import { sameRecord } from './overlay.ts';
import type { View } from './view.ts';
import type { Words } from './words.ts';

/** Every ActiveCampaign list of the person, its status and date. */
export function Lists({ model: { status, now }, words }: View) {
  if (!status || (status.lists.length === 0 && !status.activeCampaignUrl)) return null;
  return (
    <section>
      <h3>{words.say('lists')}</h3>
      <ul>
        {status.lists.map((line) => (
          <li key={line.list}>
            <b>{line.name}</b>
            <i class={`chip ${toneOf(line, status.optedOut)}`}>{words.say(`list_${line.status}`)}</i>
            <span>{whenAndWhy(line, words, now)}</span>
          </li>
        ))}
        {status.lists.length === 0 && <li class="weak">{words.say('no_lists')}</li>}
      </ul>
    </section>
  );
}

/** Every live Salesforce record with the address. */
export function Records({ model: { status, record }, words }: View) {
  if (!status || status.records.length === 0) return null;
  return (
    <section>
      <h3>{words.say('records')}</h3>
      <ul>
        {status.records.map((line) => {
          const name = nameOf(line, words);
          return (
            <li key={line.id}>
              <b>{name}</b>
              <i class={`chip ${line.optedOut ? 'out' : 'ok'}`}>
                {words.say(line.optedOut ? 'record_out' : 'record_in')}
              </i>
              <span>
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
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function toneOf({ status }: ListLine, optedOut: boolean): string {
  if (status === 'unsubscribed') return optedOut ? 'out' : 'none';
  return status === 'active' ? 'ok' : status === 'bounced' ? 'warn' : 'none';
}

function whenAndWhy({ since, status, reason }: ListLine, { say, day }: Words, now: number): string {
  const date = since ? day(since, now) : '';
  const when = date && status === 'active' ? say('since', date) : date;
  const why = reason ? say('quoted', reason) : '';
  return when && why ? say('with_detail', when, why) : when || why;
}

function nameOf({ object, name, company }: RecordLine, { say }: Words): string {
  return say(`record_${object}`, company ? say('record_with_company', name, company) : name);
}
