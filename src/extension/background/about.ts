import { bounceWords } from '../../activecampaign/bounces.ts';
import type { PersonObject, Salesforce } from '../../salesforce/salesforce.ts';
import { soqlString } from '../../salesforce/salesforce.ts';
import { isObject } from '../../service/http.ts';
import type { About, RecordLine } from '../messages.ts';
import type { Settings } from '../settings/catalogue.ts';
import { type Act, aimOf, isDone, SERVICES } from './act.ts';
import { doneOf } from './done.ts';
import type { Outbox } from './outbox.ts';
import type { Reading } from './reading.ts';
import { sameRow } from './row.ts';
import type { Services } from './sides.ts';
import type { OpenRecord } from './statuses.ts';
import { isIn, isOut } from './todo.ts';
import { undoOf } from './undo.ts';

export interface AboutPorts {
  readonly services: Services;
  readonly outbox: Outbox;
  /** The person as last read, null before that. */
  reading(record: OpenRecord): Promise<Reading | null>;
  settings(): Promise<Settings>;
}

/**
 * What the panel tells beyond the status: the latest act of this browser and whether it can be undone, the bounce, who
 * set the box of which record, and whether the nightly run counts the contact. What a service does not tell is left out, since
 * it explains and decides nothing; rejects only where what this browser keeps cannot be read.
 */
export async function aboutPerson(ports: AboutPorts, open: OpenRecord): Promise<About> {
  const { services, outbox } = ports;
  const reading = await ports.reading(open);
  const person = { ...open, address: reading?.address };
  const orNull = <T>(wanted: Promise<T>): Promise<T | null> => wanted.catch(() => null);

  async function actAndUndo(): Promise<Pick<About, 'act' | 'undo'>> {
    const over = (await outbox.acts(person)).filter(isDone);
    const [latest] = over;
    if (!latest) return { act: null, undo: null };
    const done = over.find(({ ended }) => !ended);
    const wish = done && undoOf(done);
    const stands = wish ? ((await orNull(outbox.holds({ ...person, ...aimOf(done) }, wish))) ?? false) : false;
    return {
      act: {
        ...doneOf(latest),
        stands: stands && done === latest,
        changed: changedBy(latest),
        ...(latest.unlogged && { unlogged: latest.unlogged }),
      },
      undo: stands && done ? done.id : null,
    };
  }

  async function bounce(): Promise<About['bounce']> {
    const bounced = reading?.bounced;
    if (!bounced) return null;
    const words = await orNull(
      services.activecampaign().then(({ connection }) => bounceWords(connection, bounced.contact)),
    );
    return { at: bounced.at, words };
  }

  async function boxes(): Promise<About['boxes']> {
    const set = reading?.records.filter(({ optedOut }) => optedOut) ?? [];
    if (set.length === 0) return [];
    const { client, field } = await services.salesforce(open.host);
    const { nightlyUser } = await ports.settings();
    return lastToSet(client, field, set, (name) => `${name}`.toLowerCase() === nightlyUser?.toLowerCase());
  }

  const [acted, bounced, set, settings] = await Promise.all([
    actAndUndo(),
    bounce(),
    orNull(boxes()),
    ports.settings(),
  ]);
  return {
    record: open.record,
    ...acted,
    bounce: bounced,
    boxes: set ?? [],
    tags: reading?.tags ?? null,
    optIn: settings.allowOptIn,
    preferenceLink: settings.preferenceLink,
  };
}

/** The lists that an act ended and the records whose box it set. */
function changedBy({ halves }: Act): readonly string[] {
  return SERVICES.flatMap((service) => {
    const { before, left = [] } = halves[service];
    return before
      .filter((was) => isIn(was.value) && left.some((row) => sameRow(row, was) && isOut(row.value)))
      .map(({ id, of }) => (service === 'salesforce' ? id : of));
  });
}

/** Who set the box last on each of these records, as field history says; empty where none is kept. */
async function lastToSet(
  client: Pick<Salesforce, 'query'>,
  field: string,
  records: readonly RecordLine[],
  isNightly: (username: unknown) => boolean,
): Promise<About['boxes']> {
  const found: About['boxes'][number][] = [];
  for (const object of ['Contact', 'Lead'] satisfies PersonObject[]) {
    const ids = records.filter((record) => record.object === object).map(({ id }) => soqlString(id));
    if (ids.length === 0) continue;
    const soql = `SELECT ${object}Id, CreatedDate, CreatedBy.Name, CreatedBy.Username, NewValue FROM ${object}History WHERE Field = ${soqlString(field)} AND ${object}Id IN (${ids.join(', ')})`;
    for await (const rows of client.query(soql))
      for (const { [`${object}Id`]: record, CreatedDate: at, CreatedBy: by, NewValue: now } of rows)
        if (`${now}` === 'true' && isObject(by))
          found.push({
            record: `${record}`,
            by: isNightly(by.Username) ? null : `${by.Name ?? ''}`,
            at: new Date(`${at}`).toISOString(),
          });
  }
  found.sort((a, b) => b.at.localeCompare(a.at));
  return found.filter((row, index) => found.findIndex(({ record }) => record === row.record) === index);
}
