import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { whoIn } from '../../src/companion/contacts.ts';
import { Store } from '../../src/companion/store.ts';
import { aTown } from './a-town.ts';
import { asStored } from './as-stored.ts';
import { decisionOn, type Town } from './town.ts';

/** The numbers that stand for the addresses of everybody in ActiveCampaign. */

/** What the numbers were once: anybody can make it of an address. */
const unkeyed = (address: string) => Number.parseInt(hash('sha256', address).slice(0, 12), 16);
const onDisk = (here: Town) => readFileSync(here.config.store, 'latin1');
const numbers = (here: Town) => here.store((store) => store.all('SELECT who FROM contacts').map(({ who }) => who));

it('are made with a key of the store’s own: the same address has another one elsewhere', () => {
  const [one, other] = [new Store(':memory:'), new Store(':memory:')];
  expect(whoIn(one)('ann@example.com')).toBe(whoIn(one)('ann@example.com'));
  expect(whoIn(one)('ann@example.com')).not.toBe(whoIn(one)('ben@example.com'));
  expect(whoIn(one)('ann@example.com')).not.toBe(whoIn(other)('ann@example.com'));
  expect(Number.isSafeInteger(whoIn(one)('ann@example.com'))).toBe(true);
});

describe('a store whose numbers were made without a key', () => {
  /** A town that read by list last, and its store as the version before left it. */
  async function old() {
    const here = aTown();
    here.cheaperShare = Number.POSITIVE_INFINITY;
    const people = ['ann', 'ben'].map((name) => here.plant(name, { contacts: [false], lists: { News: 1 } }));
    await here.night();
    expect((await here.night()).reading).toMatchObject({ kind: 'incremental', activecampaign: { kind: 'by-list' } });
    here.store((store) => {
      for (const { ac, email } of people)
        store.run('UPDATE contacts SET who = ? WHERE id = ?', unkeyed(email), Number(ac));
      store.setMeta('salesforce-full', { ...store.meta<object>('salesforce-full'), schema: 6 });
      store.db.exec('DROP INDEX records_by_who; DROP INDEX records_set; ALTER TABLE records DROP COLUMN who');
      store.db.exec(
        `DROP TABLE readdressed; ALTER TABLE moves DROP COLUMN heir; ALTER TABLE differences DROP COLUMN accepted_by;
         ALTER TABLE erasures DROP COLUMN by; ALTER TABLE intentions DROP COLUMN stamps; ALTER TABLE intentions DROP COLUMN contact;
         PRAGMA user_version = 6`,
      );
    });
    return { here, people };
  }

  it('keeps none of them, not even in pages that are free', async () => {
    const { here, people } = await old();
    for (const { email } of people) expect(onDisk(here)).toContain(asStored(unkeyed(email)));
    new Store(here.config.store).close();
    for (const { email } of people) expect(onDisk(here)).not.toContain(asStored(unkeyed(email)));
  });

  it('has everybody read in the next night, and goes on by list in the one after', async () => {
    const { here, people } = await old();
    const [ann] = people;
    here.sandbox.account.unsubscribe(ann?.ac ?? '', here.list('News'), { by: 'contact' });
    const first = await here.night();
    expect(first.reading).toMatchObject({ why: 'schema', activecampaign: { kind: 'everybody' } });
    expect(decisionOn(first, { email: 'ann@example.com' })).toBe('unsubscribed-from-all: done');
    const who = here.store(whoIn);
    expect(numbers(here).sort()).toEqual(people.map(({ email }) => who(email)).sort());
    expect((await here.night()).reading).toMatchObject({ kind: 'incremental', activecampaign: { kind: 'by-list' } });
  });
});
