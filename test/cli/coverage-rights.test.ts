import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Coverage } from '../../src/companion/coverage.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { decisionOn, Town } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** Whom a run sees and may not write: no right to the object, to the field, to the record. */

let here: Town;
let running: Running;
let file: string;
let companion: string;
beforeEach(async () => {
  here = new Town();
  running = await here.sandbox.listen();
  file = configFile(here, running);
  companion = here.sandbox.org.userNamed(CREDENTIALS.salesforce.integrationUsername) ?? '';
});
afterEach(async () => {
  await running.close();
  here.dispose();
});

const words = async () => (await tell(SECRETS, 'coverage', '--config', file)).out.replace(/\s+/g, ' ');

async function found(): Promise<Coverage & { readonly of: Readonly<Record<string, object>> }> {
  const { code, out } = await tell(SECRETS, 'coverage', '--config', file, '--json');
  expect(code).toBe(0);
  const coverage = JSON.parse(out) as Coverage;
  return { ...coverage, of: Object.fromEntries(coverage.gaps.map(({ cause, ...gap }) => [cause, gap])) };
}

/** One opt-out that has to cross to a record, and one person who is settled; each with one record. */
const plant = () => ({
  due: here.plant('due', { contacts: [false], lists: { News: 2 } }),
  fine: here.plant('fine', { contacts: [false], lists: { News: 1 } }),
});

it('optbridge coverage says what went wrong on a line of its own, not on that of the progress', async () => {
  plant();
  here.sandbox.faults.add({
    service: 'salesforce',
    path: /FROM(\+|%20)Contact/,
    kind: 'status',
    status: 403,
    body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
  });
  let err = '';
  const say = (text: string) => {
    err += text;
  };
  const args = ['coverage', '--config', file];
  const code = await main({ arguments: args, env: SECRETS, out: () => undefined, err: say, terminal: true });
  expect(code).toBe(1);
  const lines = err.split('\n');
  expect(lines[0]).toContain('ActiveCampaign');
  expect(lines.slice(1).join('\n')).toContain('TotalRequests Limit exceeded.');
  expect(lines[0]).not.toContain('Limit');
});

describe('optbridge coverage names those whose record may be read and not edited', () => {
  it('record by record, and does not count them as settled', async () => {
    const { due } = plant();
    const gone = here.sandbox.org.insert('Lead', { LastName: 'x', Company: 'Mill', Email: 'x@example.com' });
    here.sandbox.org.convert(gone);
    expect(await found()).toMatchObject({
      covered: 2,
      of: { 'read-only-record': { count: 0 } },
      // The converted lead's contact is the third.
      rights: { records: 3, looked: 3, differing: 1, differingLooked: 1, failure: null, store: null },
    });
    here.sandbox.org.share(companion, 'read-only', due.contacts[0] ?? '');
    here.sandbox.requests.reset();
    const told = await words();
    expect(told).toContain('1 person is settled both ways');
    expect(told).toContain('1 People with a record that this user may read and not edit (read-only-record)');
    expect(told).toContain('e.g. due@example.com');
    expect(told).toContain('looked at for 3 of 3 (1 of the 1 where the sides differ).');
    expect(here.writes()).toEqual([]);
    expect(existsSync(here.config.store)).toBe(false);
  });

  it('all of an object, or of a field, by what describe says', async () => {
    plant();
    const lead = here.plant('lead', { leads: [true], lists: { News: 1 } });
    here.sandbox.org.allow(companion, 'read-only', 'Lead');
    here.sandbox.org.allow(companion, 'read-only', 'Contact', 'HasOptedOutOfEmail');
    expect(await found()).toMatchObject({
      covered: 0,
      of: {
        'read-only-object': { count: 3, optedOut: 1, examples: [lead.email, 'due@example.com', 'fine@example.com'] },
        'read-only-record': { count: 0 },
      },
      rights: { records: 0, looked: 0 },
    });
    expect(here.sandbox.requests.of('salesforce', 'GET', /UserRecordAccess/)).toEqual([]);
  });

  it('of very many 5,000 in 25 calls, those first where the sides differ, and says that the others were not looked at', async () => {
    const many = 5001;
    for (let i = 0; i < many; i++)
      here.sandbox.org.insert('Contact', { LastName: `c${i}`, Email: `c${i}@example.com` });
    const { due } = plant();
    here.sandbox.org.share(companion, 'read-only', due.contacts[0] ?? '');
    const coverage = await found();
    expect(coverage.of['read-only-record']).toMatchObject({ count: 1, examples: [due.email] });
    expect(coverage.rights).toMatchObject({ records: many + 2, looked: 5000, differing: 1, differingLooked: 1 });
    const asked = here.sandbox.requests.of('salesforce', 'GET', /UserRecordAccess/);
    expect(asked).toHaveLength(25);
    expect(asked[0]?.path).toContain(due.contacts[0]);
  });

  it('who was refused at the last run, as the store remembers, without touching the store', async () => {
    const { due } = plant();
    here.sandbox.org.share(companion, 'read-only', due.contacts[0] ?? '');
    expect(decisionOn(await here.night(), due)).toContain('failed');
    const store = readFileSync(here.config.store);
    // Shared since, so only the store knows of it.
    here.sandbox.org.share(companion, 'edit', due.contacts[0] ?? '');
    expect(await found()).toMatchObject({
      covered: 1,
      of: { 'read-only-record': { count: 0 }, 'refused-for-rights': { count: 1, examples: [due.email] } },
    });
    expect(readFileSync(here.config.store).equals(store)).toBe(true);
    expect(existsSync(`${here.config.store}-wal`)).toBe(false);
    await here.night();
    expect(await found()).toMatchObject({ covered: 2, of: { 'refused-for-rights': { count: 0 } } });
  });
});

describe('optbridge coverage that cannot look', () => {
  it('says so in the words of the service, and tells the rest', async () => {
    plant();
    here.sandbox.faults.add({
      service: 'salesforce',
      path: /UserRecordAccess/,
      kind: 'status',
      status: 400,
      body: [{ errorCode: 'INVALID_TYPE', message: "sObject type 'UserRecordAccess' is not supported." }],
    });
    const told = await words();
    expect(told).toMatch(/^2 people are settled both ways/);
    expect(told).toContain('Whether single records may be edited could not be looked at: ');
    expect(told).toContain("sObject type 'UserRecordAccess' is not supported. (INVALID_TYPE)");
    expect(told).not.toContain('looked at for');
  });

  it('says of a store that it cannot be read', async () => {
    plant();
    writeFileSync(here.config.store, 'no database, but long enough to look like something');
    expect(await words()).toContain('What earlier runs met could not be looked at: file is not a database');
  });
});
