import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { channels } from '../../src/cli/channels.ts';
import { tell as tellAbout } from '../../src/companion/tell.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { BOX, HOUR, START, Town, UNSUBSCRIBES_REFUSED } from '../companion/town.ts';
import { aHook } from './hook.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** Alerts about runs of the command, to a real webhook and a real program. */

let town: Town;
let running: Running;

beforeEach(async () => {
  town = new Town();
  // The command has the machine's clock; a service's clock agrees with it, as in life.
  town.clock.advance(Date.now() - START);
  running = await town.sandbox.listen();
});
afterEach(async () => {
  await running.close();
  town.dispose();
});

const config = (over: Record<string, unknown> = {}) => configFile(town, running, { caps: { optOut: 'none' }, ...over });

describe('alerts', () => {
  const PATH = '/services/T0/s3cr3t';
  async function hook(status?: number) {
    const made = await aHook(PATH, status);
    onTestFinished(made.close);
    return made;
  }
  /** A program that keeps what it is told. */
  const keeper = (file: string) => [
    process.execPath,
    '-e',
    `process.stdin.pipe(require('fs').createWriteStream(${JSON.stringify(file)})); console.log('on its stdout')`,
  ];

  describe('optbridge alert test', () => {
    it('sends one message that says that it is a test, each way, and asks no service', async () => {
      const { url, posted } = await hook();
      const kept = join(town.folder, 'told.json');
      const file = config({ alerts: { webhook: { env: 'HOOK' }, command: keeper(kept) } });
      const { code, out, err } = await tell({ ...SECRETS, HOOK: url }, 'alert', 'test', '--config', file);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^given {6}alerts\.webhook: the address took it\.\ngiven {6}alerts\.command: /);
      expect(out).toMatch(/\nLook whether it has arrived\.\n$/);
      expect(posted).toHaveLength(1);
      expect(posted[0]).toMatch(`POST ${PATH} application/json {"text":"OptBridge\\nThis is a test of the alerts`);
      expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ alert: { reasons: ['test'] }, run: null });
      expect(out).not.toContain('s3cr3t');
      expect(town.sandbox.requests.all).toEqual([]);
    });

    it('says which could not be given, why, and what to do, without trying again', async () => {
      const { url, posted } = await hook(503);
      const file = config({ alerts: { webhook: url, command: [process.execPath, '-e', 'process.exit(3)'] } });
      const { code, out } = await tell(SECRETS, 'alert', 'test', '--json', '--config', file);
      expect([code, posted.length, JSON.parse(out)]).toEqual([
        1,
        1,
        {
          outcome: 'failed',
          exitCode: 1,
          sent: [
            { via: 'webhook', told: false, words: 'it answered 503. Look at the network here, and at the address.' },
            { via: 'command', told: false, words: `${process.execPath} exited with 3. What it printed says why.` },
          ],
        },
      ]);
      expect((await tell(SECRETS, 'alert', 'test', '--config', file)).out).toMatch(
        /^NOT GIVEN {2}alerts\.webhook: it answered/,
      );
    });

    it('exits with 2 where nobody is to be told, or where it is not said what', async () => {
      const told = await tell(SECRETS, 'alert', 'test', '--config', config());
      expect(told).toMatchObject({ code: 2, err: expect.stringContaining('Set alerts.webhook or alerts.command') });
      expect(await tell(SECRETS, 'alert', '--config', config())).toMatchObject({
        code: 2,
        err: expect.stringContaining('say what: test'),
      });
    });
  });

  it('of a refused run reach the webhook, and the command with the summary', async () => {
    town.plant('left', { contacts: [false], lists: { News: 2 } });
    const { url, posted } = await hook();
    const kept = join(town.folder, 'told.json');
    const file = config({ alerts: { webhook: { env: 'HOOK' }, command: keeper(kept) } });
    const env = { ...SECRETS, HOOK: url };
    const { code, out, err } = await tell(env, 'sync', '--config', file, '--cap-opt-out', '0', '--json');
    expect(code).toBe(3);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatch(
      `POST ${PATH} application/json {"text":"OptBridge\\nRefused: 1 person would be opted out`,
    );
    expect(posted[0]).not.toContain('@');
    expect(out + err).not.toContain('s3cr3t');
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
      alert: { reasons: ['refused'] },
      outcome: 'refused',
      refusal: { kind: 'opt-out-cap' },
      counts: { optOuts: 1 },
    });
  });

  it('are sent by a scheduled run as well', async () => {
    const { url, posted } = await hook();
    const file = config({
      schedule: { cron: `0 ${new Date(Date.now() - 60_000).getUTCHours()} * * *`, timeZone: 'UTC' },
      alerts: { webhook: url },
      caps: { optOut: 0 },
    });
    town.plant('left', { contacts: [false], lists: { News: 2 } });
    expect((await tell(SECRETS, 'schedule', '--due', '--config', file)).code).toBe(3);
    expect(posted).toHaveLength(1);
  });

  it('that cannot be given change nothing of the run, and are said without the address', async () => {
    town.plant('stuck', { contacts: [true], lists: { News: 1 } });
    town.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    const { url, posted } = await hook(404);
    const file = config({ alerts: { webhook: url, command: [join(town.folder, 'nowhere')] } });
    const { code, out, err } = await tell(SECRETS, 'sync', '--config', file, '--json');
    expect(code).toBe(5);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'partly' });
    expect(posted).toHaveLength(1);
    expect(err).toContain('The alert could not be given: alerts.webhook: it answered 404');
    expect(err).toMatch(/The alert could not be given: alerts\.command: .*nowhere could not be run \(ENOENT\)/);
    expect(err).not.toContain('s3cr3t');
  });

  it('change nothing of the run where the store cannot be asked what is usual', async () => {
    town.plant('left', { contacts: [false], lists: { News: 2 } });
    const { url, posted } = await hook();
    const file = config({ alerts: { webhook: url } });
    await tell(SECRETS, 'sync', '--config', file);
    // As if another version had been at it while the run went on.
    town.sandbox.faults.add({
      service: 'salesforce',
      times: 1,
      kind: 'run',
      run: () => {
        const db = new DatabaseSync(town.config.store);
        db.exec('PRAGMA user_version = 999');
        db.close();
      },
    });
    const { code, out, err } = await tell(SECRETS, 'sync', '--config', file, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'done' });
    expect(err).toMatch(/Whether this was an odd run could not be looked up: .*was written by a newer OptBridge/);
    expect(posted).toEqual([]);
  });

  it('that take a program too long are said to, and stop it', async () => {
    const waits = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
    const told = await tellAbout(
      { reasons: ['failed'], text: '' },
      {},
      { webhook: null, command: waits },
      channels({}, 1),
    );
    expect(told).toEqual([expect.stringMatching(/^alerts\.command: .* did not end in time and was stopped\. Let it/)]);
  });

  it('are not given about a good night, nor about a dry run', async () => {
    town.plant('left', { contacts: [false], lists: { News: 2 } });
    const { url, posted } = await hook();
    const file = config({ alerts: { webhook: url } });
    await tell(SECRETS, 'sync', '--config', file, '--dry-run', '--cap-opt-out', '0');
    expect((await tell(SECRETS, 'sync', '--config', file)).code).toBe(0);
    expect(posted).toEqual([]);
  });

  it('are given about many more opt-outs than usual', async () => {
    const { url, posted } = await hook();
    const file = config({ alerts: { webhook: url } });
    for (let night = 0; night < 5; night++) await tell(SECRETS, 'sync', '--config', file);
    for (let index = 0; index < 26; index++)
      town.sandbox.org.insert('Contact', { LastName: 'x', Email: `x${index}@example.com`, [BOX]: true });
    for (let index = 0; index < 26; index++)
      town.sandbox.org.insert('Contact', { LastName: 'y', Email: `x${index}@example.com`, [BOX]: false });
    expect((await tell(SECRETS, 'sync', '--config', file)).code).toBe(0);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toContain('Unusually many: 26 people to opt out; usual is 0.');
  });

  it('are given about an opt-out that does not cross for more than two days', async () => {
    town.plant('stuck', { contacts: [true], lists: { News: 1 } });
    town.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    const { url, posted } = await hook();
    const file = config({ alerts: { webhook: url } });
    await tell(SECRETS, 'sync', '--config', file);
    expect(posted[0]).not.toContain('has not reached');
    town.store((store) => store.run('UPDATE differences SET first_seen = first_seen - ?', 49 * HOUR));
    await tell(SECRETS, 'sync', '--config', file);
    expect(posted[1]).toContain('An opt-out has not reached the other side for 2 days.');
    expect(posted[1]).not.toContain('@');
  });

  it('are given when a run cannot even be begun', async () => {
    const { url, posted } = await hook();
    const file = config({ alerts: { webhook: url } });
    await tell(SECRETS, 'sync', '--config', file);
    town.store((store) => store.db.exec('PRAGMA user_version = 999'));
    const { code, err } = await tell(SECRETS, 'sync', '--config', file);
    expect(code).toBe(2);
    expect(err).toContain('was written by a newer OptBridge');
    expect(posted[0]).toContain('could not be begun');
  });
});
