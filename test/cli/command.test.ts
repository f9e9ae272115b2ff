import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/companion/report.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { tell } from './told.ts';

/** The command as other tools run it: a process of its own, over http, against the sandbox. */

const { salesforce, activecampaign } = CREDENTIALS;
const SECRETS = [salesforce.clientSecret, activecampaign.key];
const env = { SF_SECRET: salesforce.clientSecret, AC_KEY: activecampaign.key };
let sandbox: Sandbox;
let running: Running;
let folder: string;
let children: ChildProcess[] = [];

beforeAll(async () => {
  sandbox = createSandbox({ people: 300, activecampaign: { rateLimit: 'off' } });
  running = await sandbox.listen();
});
afterAll(() => running.close());
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  sandbox.faults.clear();
  rmSync(folder, { recursive: true, force: true });
});

function config(over: Record<string, unknown> = {}): string {
  folder = mkdtempSync(join(tmpdir(), 'optbridge-cli-'));
  const file = join(folder, 'config.json');
  const value = {
    salesforce: {
      url: running.salesforceUrl,
      auth: { kind: 'client-credentials', clientId: salesforce.clientId, clientSecret: { env: 'SF_SECRET' } },
    },
    activecampaign: { url: running.activecampaignUrl, key: { env: 'AC_KEY' }, requestsPerSecond: 10_000 },
    store: './store.sqlite',
    ...over,
  };
  writeFileSync(file, JSON.stringify(value));
  return file;
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['src/cli/optbridge.ts', ...args], { env: { ...process.env, ...env } });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    err += String(chunk);
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, out, err }) as Ended);
  return { child, ended };
}
const optbridge = (...args: string[]) => start(...args).ended;

describe('optbridge sync --json', () => {
  it('prints exactly one JSON object on stdout, everything else on stderr, and no secret anywhere', async () => {
    const file = config();
    const { code, out, err } = await optbridge('sync', '--config', file, '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(report).toMatchObject({ outcome: 'done', exitCode: 0, dryRun: false, newStore: true, failures: [] });
    expect(report.run).toMatch(/^\d{8}T\d{6}Z-[0-9a-z]{4}$/);
    expect(report.calls.salesforce).toBeGreaterThan(5);
    expect(report.calls.activecampaign).toBeGreaterThan(5);
    expect(report.decisions.find(({ person }) => person === 'ben.ortiz@example.com')).toMatchObject({
      records: [sandbox.character('ben').contactRecord],
      contact: sandbox.character('ben').activecampaignId,
      reason: 'unsubscribed-from-all',
      outcome: 'done',
    });
    expect(err).toContain('Reading ActiveCampaign');
    for (const place of [
      out,
      err,
      ...readdirSync(folder)
        .filter((name) => name !== 'config.json')
        .map((name) => readFileSync(join(folder, name), 'latin1')),
    ])
      for (const secret of SECRETS) expect(place).not.toContain(secret);
    expect(sandbox.requests.of('salesforce', 'POST', /oauth2\/token/).length).toBeGreaterThan(0);

    const second = JSON.parse((await tell(env, 'sync', '--config', file, '--json')).out) as Report;
    expect(second.counts.writes).toBe(0);
    expect(second.newStore).toBe(false);
  });
});

describe('optbridge sync', () => {
  it('prints a summary that people can read', async () => {
    const { code, out } = await tell(env, 'sync', '--config', config(), '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^Done \(dry run: nothing was written\)/);
    expect(out).toMatch(/API calls: \d+ to Salesforce, \d+ to ActiveCampaign/);
    expect(existsSync(join(folder, 'store.sqlite'))).toBe(false);
  });

  it('killed with SIGKILL in the middle of its writes and run again ends where one run ends', async () => {
    const people = ['kill1', 'kill2', 'kill3'].map((name) => {
      const email = `${name}@example.com`;
      const id = sandbox.org.insert('Contact', { LastName: name, Email: email, HasOptedOutOfEmail: true });
      const contact = sandbox.account.addContact({ email });
      for (const list of ['1', '2']) sandbox.account.join(contact.id, list, 1);
      return { id, contact: contact.id };
    });
    const file = config();
    const { child, ended } = start('sync', '--config', file, '--json');
    sandbox.faults.add({
      service: 'activecampaign',
      method: 'POST',
      path: /contactLists/,
      skip: 2,
      times: 1,
      when: 'after',
      kind: 'run',
      run: () => void child.kill('SIGKILL'),
    });
    expect((await ended).signal).toBe('SIGKILL');
    const { code, out } = await optbridge('sync', '--config', file, '--json');
    expect(code).toBe(0);
    expect((JSON.parse(out) as Report).warnings.join()).toContain('was cut off');
    for (const { contact } of people)
      expect(['1', '2'].map((list) => sandbox.account.membership(contact, list)?.status)).toEqual([2, 2]);
    expect((JSON.parse((await tell(env, 'sync', '--config', file, '--json')).out) as Report).counts.writes).toBe(0);
  });

  it('is not run twice at once: the second says so and exits with 4', async () => {
    const file = config();
    const first = start('sync', '--config', file, '--json');
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    sandbox.faults.add({
      service: 'activecampaign',
      path: /users\/me/,
      times: 1,
      kind: 'run',
      run: () => {
        reached.resolve();
        return go.promise;
      },
    });
    await reached.promise;
    const second = await optbridge('sync', '--config', file, '--json');
    go.resolve();
    expect(second.code).toBe(4);
    expect(JSON.parse(second.out)).toMatchObject({ outcome: 'busy', exitCode: 4 });
    expect(second.err).toContain('Another run is using');
    expect((await first.ended).code).toBe(0);
  });

  it('exits with 1 when a service cannot be reached', async () => {
    const file = config({ activecampaign: { url: 'http://127.0.0.1:9', key: 'k', requestsPerSecond: 10_000 } });
    const { code, out } = await tell(env, 'sync', '--config', file, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'failed', decisions: [] });
  });

  it('exits with 3 and writes nothing over a cap given on the command line', async () => {
    sandbox.org.insert('Contact', { LastName: 'Boxed', Email: 'jack.moss@example.com', HasOptedOutOfEmail: true });
    const world = () =>
      createHash('sha256')
        .update(JSON.stringify([...sandbox.account.memberships.values()].map((row) => [row.id, row.status])))
        .digest('hex');
    const before = world();
    const { code, out } = await tell(env, 'sync', '--config', config(), '--cap-opt-out', '0', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'refused', refusal: { kind: 'opt-out-cap' } });
    expect(world()).toBe(before);
  });
});

describe('wrong usage exits with 2 and says what is wrong', () => {
  it('as the exit code of the process', async () => {
    folder = mkdtempSync(join(tmpdir(), 'optbridge-cli-'));
    const { code, out, err } = await optbridge('synch');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/"synch" is no command/);
  });

  it('for the usual file where none is named, which is looked for in this folder', async () => {
    folder = mkdtempSync(join(tmpdir(), 'optbridge-cli-'));
    const script = join(process.cwd(), 'src/cli/optbridge.ts');
    const inFolder = () => spawnSync(process.execPath, [script, 'status'], { cwd: folder, encoding: 'utf8' });
    expect(inFolder()).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no optbridge.json') });
    writeFileSync(join(folder, 'optbridge.json'), '{}');
    expect(inFolder()).toMatchObject({ status: 2, stderr: expect.stringContaining('salesforce') });
  });

  it('without a word too many when nobody reads what it prints any more', async () => {
    const child = spawn(process.execPath, ['src/cli/optbridge.ts', '--help'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    folder = mkdtempSync(join(tmpdir(), 'optbridge-cli-'));
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    expect([await once(child, 'close'), err]).toEqual([[0, null], '']);
  });

  const cases: [string, string[], RegExp][] = [
    ['no command', [], /Usage/],
    ['a misspelt command', ['sinc'], /"sinc" is no command\. Did you mean "sync"\?/],
    ['a command that helps with none', ['help', 'everything'], /"everything" is no command\. See/],
    ['no configuration', ['sync'], /--config FILE is missing/],
    ['a configuration without its file', ['sync', '--config', '--json'], /--config needs a value after it/],
    ['an unknown option', ['sync', '--config', 'x', '--fast'], /"--fast" is no option\. See/],
    [
      'a misspelt option',
      ['sync', '--dryrun', '--config', 'x'],
      /"--dryrun" is no option\. Did you mean "--dry-run"\?/,
    ],
    ['a switch with a value', ['sync', '--config', 'x', '--full=yes'], /--full takes no value/],
    ['an option without its value', ['sync', '--config', 'x', '--cap-opt-in'], /--cap-opt-in needs a value after it/],
    ['an option in the place of a value', ['init', '--config', '--secrets-in-file'], /--config needs a value after it/],
    ['a configuration that is not there', ['sync', '--config', 'nowhere.json'], /nowhere\.json: cannot be read/],
    ['a cap that is none', ['sync', '--config', 'x', '--cap-opt-out', 'many'], /--cap-opt-out: a number of people/],
  ];
  for (const [what, args, message] of cases)
    it(what, async () => {
      folder = mkdtempSync(join(tmpdir(), 'optbridge-cli-'));
      const { code, out, err } = await tell({}, ...args);
      expect(code).toBe(2);
      expect(out + err).toMatch(message);
    });

  it('all of it at once, with what is wrong in the configuration', async () => {
    const file = config({ stores: 'x', nightly: { enabled: 'yes' } });
    const wrong = ['now', '--quick', '--cap-opt-in', 'x', '--cap-opt-out=-1', '--save', 'plan.json', '--json'];
    const { code, out, err } = await tell({ AC_KEY: 'k' }, 'sync', '--config', file, ...wrong);
    expect(code).toBe(2);
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringContaining('"--quick" is no option.'),
      expect.stringContaining('"now" is one word too many'),
      expect.stringMatching(/^--cap-opt-out: a number of people/),
      expect.stringMatching(/^--cap-opt-in: a number of people/),
      expect.stringContaining('--save goes with --dry-run'),
      expect.stringMatching(/^salesforce\.auth\.clientSecret: the environment variable SF_SECRET is not set/),
      expect.stringMatching(/^nightly\.enabled: true or false/),
      expect.stringMatching(/^stores: is not a setting\. Did you mean "store"\?/),
    ]);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'usage', exitCode: 2 });
  });

  it.each([
    ['apply', 'plan.json', 'more', '--config'],
    ['schedule', 'now', '--print', 'at', '--due', '--config'],
    ['show', 'nobody', 'more', '--config'],
    ['resolve', 'ann', 'in', 'more', '--config'],
    ['audit', 'erase', 'ann', 'more', '--csv', '--config'],
    ['store', 'backup', 'copy', 'more', '--config'],
    ['coverage', 'more', '--config'],
    ['doctor', 'more', '--config'],
    ['status', 'more', '--config'],
  ])('%s names an option, a word and a setting at once', async (...args) => {
    const file = config({ stores: 'x' });
    const { code, err } = await tell({ SF_SECRET: 's', AC_KEY: 'k' }, ...args, file, '--quick');
    expect(code).toBe(2);
    expect(err).toContain('"--quick" is no option.');
    expect(err).toMatch(/"(more|now)" is one word too many/);
    expect(err).toContain('stores: is not a setting.');
  });

  it('--help is no mistake', async () => {
    folder = mkdtempSync(join(tmpdir(), 'optbridge-cli-'));
    expect(await tell({}, 'sync', '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('--accept-change'),
    });
  });
});
