import type { ComponentChildren } from 'preact';
import type { ListLine, RecordLine } from '../../messages.ts';
import { counts } from '../face.ts';
import { sameRecord } from '../overlay.ts';
import type { View } from '../view.ts';
import type { Words } from '../words.ts';
import { Away } from './away.tsx';
import { Link } from './link.tsx';
import { isMine } from './mine.ts';
import { press } from './press.ts';
import { called } from './via.ts';

/** What one side says: a line for each list or record, and perhaps a word on all of them. */
function Section({ title, chip, tone, children }: Partial<Line> & { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>
        {title}
        {chip && <i class={`chip ${tone}`}>{chip}</i>}
      </h3>
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

/** Every ActiveCampaign list of the person, its status, since when and by what; and whether the nightly run counts her. */
export function Lists(view: View) {
  const { model, words } = view;
  const { status, about } = model;
  if (!status?.activeCampaignUrl && !status?.lists.length) return null;
  return (
    <Section title={words.say('lists')}>
      {status.lists.map((line) => (
        <Row
          key={`${line.list} ${line.contact}`}
          name={words.join(line.name, line.contact)}
          chip={words.say(`list_${line.status}`)}
          tone={toneOf(line, status.optedOut)}
          act={line.status === 'active' && !status.pending && <Leave {...{ line, view }} />}
        >
          {whenAndWhy(line, view)}
        </Row>
      ))}
      {!status.lists.length && <li>{words.say('no_lists')}</li>}
      {status.twins && (
        <li class="weak">
          {words.say('twins', status.twins.length)}{' '}
          {status.twins.map(({ email, url }) => (
            <Away key={url} href={url} text={email} words={words} />
          ))}
        </li>
      )}
      {about?.tags && (
        <li class="weak">
          {about.tags[0] === undefined ? words.say('not_qualified') : words.say('qualified', about.tags[0])}
        </li>
      )}
    </Section>
  );
}

/** Ends this one membership and leaves all else as it is. */
function Leave({ line: { list, name }, view }: { line: ListLine; view: View }) {
  return (
    <Link
      aria-label={view.words.say('leave_list', name)}
      onClick={(event) => press(view, event, { kind: 'unsubscribe', list })}
    >
      {view.words.say('leave')}
    </Link>
  );
}

/** Every live Salesforce record with the address, and whether they agree. */
export function Records({ model: { status, about, record, now }, words }: View) {
  if (!status) return null;
  const isThis = ({ id }: RecordLine) => !!record && sameRecord(record, id);
  // Of a lead's own page, when it is none of the live ones that were read.
  const converted = !!status.readAt && !!record?.startsWith('00Q') && !status.records.some(isThis);
  const { out, all } = counts(status);
  if (!all && !converted) return null;
  const agree = out === 0 || out === all;
  const chip = all > 1 && words.say(agree ? 'records_agree' : 'records_differ');
  return (
    <Section
      title={words.say(status.address ? 'records' : 'service_salesforce')}
      {...(chip && { chip, tone: agree ? 'none' : 'warn' })}
    >
      {converted && <li class="weak">{words.say('converted')}</li>}
      {status.records
        .toSorted((a, b) => Number(isThis(b)) - Number(isThis(a)))
        .map((line) => {
          const name = nameOf(line, words);
          const box = about?.boxes.find((set) => sameRecord(set.record, line.id));
          const byYou = line.optedOut && isMine(about, line.id);
          const set =
            box && words.join(words.day(box.at, now), byYou ? words.say('by_you') : (box.by ?? words.say('nightly')));
          return (
            <Row
              key={line.id}
              name={name}
              chip={words.say(line.optedOut ? 'record_out' : 'record_in')}
              tone={line.optedOut ? 'out' : 'ok'}
            >
              {isThis(line) ? (
                words.say('record_this')
              ) : (
                <Away
                  href={`/lightning/r/${line.object}/${line.id}/view`}
                  text={words.say('record_open')}
                  about={name}
                  words={words}
                />
              )}
              {line.optedOut && (set || byYou) && words.say('joined', '', set || words.say('by_you'))}
            </Row>
          );
        })}
      {status.unseen?.map((object) => (
        <li key={object} class="weak">
          {words.say(`unseen_${object}`)}
        </li>
      ))}
    </Section>
  );
}

function toneOf({ status }: ListLine, optedOut: boolean): string {
  if (status === 'unsubscribed') return optedOut ? 'out' : 'none';
  return status === 'active' ? 'ok' : status === 'bounced' ? 'warn' : 'none';
}

function whenAndWhy({ list, since, status, reason, via }: ListLine, { model, words }: View): string {
  const { say, day, join } = words;
  const when = since ? day(since, model.now) : '';
  const mine = status === 'unsubscribed' && isMine(model.about, list);
  const by = mine ? say('by_you') : via ? say(`via_${via.kind}`, called(via, model.names, words)) : '';
  const said = join(when && status === 'active' ? say('since', when) : when, by);
  const why = reason && !mine ? say('quoted', reason) : '';
  return said && why ? say('with_detail', said, why) : said || why;
}

function nameOf({ object, name, company }: RecordLine, { say }: Words): string {
  return say(`record_${object}`, company ? say('joined', name, company) : name);
}
