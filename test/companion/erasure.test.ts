import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aboutPerson } from '../../src/companion/about.ts';
import { auditRows, verifyAudit } from '../../src/companion/audit.ts';
import { whoIn } from '../../src/companion/contacts.ts';
import { erasePerson, keyedHash } from '../../src/companion/erasure.ts';
import { BusyError, takeLock } from '../../src/companion/lock.ts';
import { often, random } from '../long.ts';
import { asStored } from './as-stored.ts';
import { BOX, decisionOn, type PlantedVillager, Town } from './town.ts';

/** Somebody asks to be forgotten: everything goes, but that they said no. */

let here: Town;
beforeEach(() => {
  here = new Town();
  here.config = { ...here.config, report: { dir: join(here.folder, 'reports'), keep: 60 } };
});
afterEach(() => here.dispose());

const erase = (email: string) => erasePerson(here.config, email, here.clock.now(), 'rita');

/** Everything that is on disk, store and pages, as text. */
function onDisk(): string {
  const files = readdirSync(here.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}

/** Deletes somebody in both services, as an admin does who was asked to. */
function deleteEverywhere(person: PlantedVillager): void {
  for (const id of person.contacts) here.sandbox.org.remove('Contact', id);
  if (person.ac) here.sandbox.account.anonymize(person.ac);
}

/** Somebody who is in every table, every page and every summary. */
async function everywhere(): Promise<PlantedVillager> {
  const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
  here.plant('joann', { contacts: [false], lists: { News: 2 } });
  await here.night();
  here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { Email: 'moved@example.com' });
  await here.night();
  here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { Email: 'Ann@Example.com' });
  here.sandbox.account.join(ann.ac, here.list('Offers'), 1);
  const fault = { method: 'POST', path: /contactLists/, kind: 'status', status: 400 } as const;
  here.sandbox.faults.add({ service: 'activecampaign', ...fault });
  const report = await here.night();
  here.sandbox.faults.clear();
  expect(decisionOn(report, ann)).toBe('salesforce-opt-out: failed');
  return ann;
}

describe('an erasure', () => {
  it('of the address that a record came from leaves the opt-out on its way to where the record went', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    const { ac } = here.plant('new', { lists: { News: 1 } });
    const record = ann.contacts[0] ?? '';
    here.sandbox.org.update('Contact', record, { Email: 'new@example.com', [BOX]: false });
    const failing = { kind: 'status', status: 400 } as const;
    here.sandbox.faults.add({ service: 'activecampaign', method: 'POST', path: /contactLists/, ...failing });
    here.sandbox.faults.add({ service: 'salesforce', method: 'PATCH', ...failing });
    await here.night();
    here.sandbox.faults.clear();
    expect(erase(ann.email)).toMatchObject({ suppressed: true, also: ['new@example.com'] });
    expect(onDisk()).not.toContain(ann.email);
    expect(decisionOn(await here.night(), { email: 'new@example.com' })).toBe('durable-opt-out: done');
    expect([here.box(record), here.status(ac, 'News')]).toEqual([true, 2]);
  });

  it('leaves nothing of the person on disk, in no table and in no page, and of nobody else anything less', async () => {
    const ann = await everywhere();
    expect(onDisk()).toContain(ann.email);
    expect(onDisk()).toContain(asStored(here.store((store) => whoIn(store)(ann.email))));
    const others = () =>
      here.store((store) => [
        store.agreement('joann@example.com'),
        [...auditRows(store, { address: 'joann@example.com' })],
      ]);
    const before = others();
    const erasure = erase(ann.email);
    expect(erasure).toMatchObject({ known: true, suppressed: true, pages: expect.any(Number) });
    expect(erasure.auditRows).toBeGreaterThan(0);
    expect(erasure.pages).toBeGreaterThan(2);
    expect(erasure.also).toEqual(['moved@example.com']);
    erase('moved@example.com');
    expect(onDisk()).not.toContain(asStored(here.store((store) => whoIn(store)(ann.email))));
    const disk = onDisk().toLowerCase();
    expect(disk).not.toMatch(/(?<!jo)ann@example\.com/);
    expect(disk).not.toContain((ann.contacts[0] ?? '').toLowerCase());
    expect(disk).toContain('joann@example.com');
    expect(others()).toEqual(before);
    expect(here.store((store) => verifyAudit(store).brokenAt)).toBe(null);
  });

  it('is itself in the chain, without a name, and show tells of it', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    erase(ann.email);
    here.store((store) => {
      expect(store.all('SELECT reason, side FROM audit ORDER BY seq')).toEqual([
        { reason: 'unsubscribed-from-all', side: 'salesforce' },
        { reason: 'erased', side: 'store' },
      ]);
      expect(aboutPerson(store, ann.email, null, BOX).why).toMatch(
        /^ann@example\.com was erased from the store on 2026-11-02 by rita/,
      );
    });
  });

  it('of somebody who was never out keeps nothing at all', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    await here.night();
    expect(erase(ann.email)).toMatchObject({ known: true, suppressed: false, auditRows: 2 });
    expect(here.store((store) => store.all('SELECT * FROM suppressions'))).toEqual([]);
  });

  it('of somebody who is not known changes nothing', async () => {
    await here.night();
    expect(erase('nobody@example.com')).toEqual({
      person: 'nobody@example.com',
      known: false,
      erasedAt: null,
      auditRows: 0,
      suppressed: false,
      pages: 0,
      also: [],
    });
    expect(here.store((store) => store.all('SELECT * FROM audit'))).toEqual([]);
  });

  it('waits for a run that goes on', async () => {
    await here.night();
    const release = takeLock(here.config.store);
    expect(() => erase('ann@example.com')).toThrow(BusyError);
    release();
  });
});

describe('the keyed hash', () => {
  it('is an HMAC-SHA256 with a key of the store’s own', async () => {
    await here.night();
    here.store((store) => {
      const key = Buffer.from(store.meta<string>('erasure-key') ?? '', 'hex');
      expect(key).toHaveLength(32);
      for (const address of ['ann@example.com', 'zoë@example.com', ''])
        expect(keyedHash(store, address)).toBe(createHmac('sha256', key).update(address).digest('hex'));
    });
  });
});

describe('somebody who was erased while out', () => {
  it('is opted out on both sides when they come back, whatever subscription came with them', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    deleteEverywhere(ann);
    erase(ann.email);
    await here.night();
    expect(onDisk()).not.toContain(ann.email);
    const again = here.plant('ann', { contacts: [false], lists: null });
    const contact = here.sandbox.account.addContact({ email: ann.email });
    here.sandbox.account.subscribe(contact.id, here.list('News'), { by: 'contact' });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('durable-opt-out: done');
    expect([here.box(again.contacts[0] ?? ''), here.status(contact.id, 'News')]).toEqual([true, 2]);
    expect(report.warnings.join()).toContain('One of the people who were erased is back');
    expect(report.warnings.join()).not.toContain(ann.email);
    expect((await here.night()).counts.writes).toBe(0);
  });

  it('and subscribes again after that by an act of their own is let in as anybody else', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    erase(ann.email);
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
  });

  it('is unsubscribed when they come back in ActiveCampaign alone, and not remembered while no list mails them', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    deleteEverywhere(ann);
    erase(ann.email);
    await here.night();
    const again = here.sandbox.account.addContact({ email: ann.email });
    here.sandbox.account.join(again, here.list('News'), 2);
    await here.night();
    expect(here.store((store) => store.agreement(ann.email))).toBe(null);
    here.sandbox.account.subscribe(again, here.list('Offers'), { by: 'admin' });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('durable-opt-out: done');
    expect(report.warnings).toEqual([expect.stringContaining('is back')]);
    expect(here.status(again.id, 'Offers')).toBe(2);
    here.sandbox.requests.reset();
    await here.night();
    expect(here.writes()).toEqual([]);
  });

  it('is known to be out by the box alone, where no run has agreed on it yet', async () => {
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    expect((await here.night({ caps: { optOut: 0 } })).outcome).toBe('refused');
    expect(erase(ann.email)).toMatchObject({ known: true, suppressed: true });
  });

  it('is not remembered by a rehearsal', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    erase(ann.email);
    await here.night({ dryRun: true });
    here.store((store) => {
      expect(store.agreement(ann.email)).toBe(null);
      expect(store.all('SELECT * FROM suppressions')).toHaveLength(1);
    });
  });
});

describe('whoever is erased, in whatever order between the nights', () => {
  it('the chain stays whole, no opt-out is lost, and only who is still there is on disk', {
    timeout: often(120_000, 3_600_000),
  }, async () => {
    const names = ['p0', 'p1', 'p2', 'p3'];
    const step = fc.record({ erase: fc.constantFrom(...names), gone: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        here.dispose();
        here = new Town();
        const people = new Map(
          names.map((name, index) => [
            name,
            here.plant(
              name,
              index % 2 ? { contacts: [true], lists: { News: 1 } } : { contacts: [false], lists: { News: 2 } },
            ),
          ]),
        );
        await here.night();
        const gone = new Set<string>();
        for (const { erase: name, gone: deleted } of steps) {
          const person = people.get(name);
          if (!person) continue;
          if (deleted && !gone.has(name)) {
            deleteEverywhere(person);
            gone.add(name);
          }
          erase(person.email);
          expect(here.store((store) => verifyAudit(store).brokenAt)).toBe(null);
          expect(onDisk()).not.toContain(person.email);
          await here.night();
        }
        for (const [name, person] of people) {
          const again = gone.has(name)
            ? here.sandbox.org.insert('Contact', { LastName: name, Email: person.email })
            : undefined;
          if (again) people.set(name, { ...person, contacts: [again] });
        }
        await here.night();
        for (const person of people.values()) expect(here.box(person.contacts[0] ?? '')).toBe(true);
        expect(here.store((store) => verifyAudit(store).brokenAt)).toBe(null);
      }),
      random(12, 300),
    );
  });
});
