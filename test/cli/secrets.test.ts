import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { START, Town } from '../companion/town.ts';
import { aHook, type Hook } from './hook.ts';
import { configFile, SECRETS, type Told, tell } from './told.ts';

/**
 * No secret in anything that a command prints, tells or leaves behind: output, errors, reports, alerts, plans, backups, the
 * store. The services here quote the secrets in their refusals, as some gateways do, and the webhook takes no alert then.
 */

const HOOK = 'hook-that-nobody-may-see';
const HIDDEN = [...Object.values(SECRETS), HOOK].flatMap((secret) => [secret, encodeURIComponent(secret)]);

const town = new Town();
let running: Running;
let hook: Hook;
let deaf: Hook;
let config: string;
let told: Readonly<Record<string, string>>;
beforeAll(async () => {
  // The commands have the machine's clock; a service's clock agrees with it, as in life.
  town.clock.advance(Date.now() - START);
  running = await town.sandbox.listen();
  hook = await aHook(`/services/${HOOK}`);
  deaf = await aHook(`/services/${HOOK}`, 403);
  told = { ...SECRETS, HOOK: hook.url };
  configured();
  for (const [name, value] of Object.entries(told)) vi.stubEnv(name, value);
  town.plant('ann', { contacts: [true, false], lists: { News: 1 } });
  town.plant('ben', { contacts: [false], lists: { News: 2 } });
  town.plant('cid', { contacts: [false], lists: { News: 2 }, qualified: false });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  hook.close();
  deaf.close();
  await running.close();
  town.dispose();
});

/** Writes the configuration. What the program of the alerts gets, and its environment, is left behind in a file. */
function configured(over: Readonly<Record<string, unknown>> = {}): void {
  const keep = `let text = ''; process.stdin.on('data', (more) => (text += more)).on('end', () =>
    require('fs').appendFileSync(${JSON.stringify(join(town.folder, 'told.txt'))}, text + JSON.stringify(process.env)))`;
  const alerts = { webhook: { env: 'HOOK' }, command: [process.execPath, '-e', keep] };
  config = configFile(town, running, { alerts, report: { dir: 'reports' }, caps: { optOut: 'none' }, ...over });
}

/** Every file below the town's folder but the configuration, as it is on disk. */
function leftBehind(): [string, string][] {
  return readdirSync(town.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(town.folder, name))
    .filter((path) => path !== config && statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

/** What the webhook got, but for the address that it was called by. */
const posted = () => [...hook.posted, ...deaf.posted].map((one) => one.replace(`POST /services/${HOOK} `, 'POST '));

function expectNone(where: string, { out, err }: Told): void {
  const places = [['stdout', out], ['stderr', err], ['the webhook', posted().join()], ...leftBehind()] as const;
  for (const [place, text] of places)
    for (const secret of HIDDEN) expect(text.includes(secret), `${secret} in ${place} of ${where}`).toBe(false);
}

const FILE = ['--config'] as const;
const COMMANDS: readonly (readonly string[])[] = [
  ['doctor'],
  ['doctor', '--json'],
  ['sync', '--dry-run', '--save', 'PLAN'],
  ['apply', 'PLAN'],
  ['sync'],
  ['sync', '--json', '--full'],
  ['status'],
  ['status', '--json'],
  ['runs'],
  ['show', 'ann@example.com'],
  ['show', 'ann@example.com', '--json'],
  ['differences'],
  ['differences', '--json'],
  ['resolve', 'cid@example.com', 'out'],
  ['coverage'],
  ['coverage', '--json'],
  ['audit', 'verify'],
  ['audit', 'export', '--json'],
  ['audit', 'export', '--csv'],
  ['audit', 'erase', 'ben@example.com'],
  ['store', 'backup', 'BACKUP'],
  ['schedule', '--print', 'systemd'],
  ['schedule', '--print', 'cron'],
  ['schedule', '--print', 'windows'],
  ['schedule', '--print', 'github-actions'],
];

const run = (args: readonly string[]) =>
  tell(told, ...args.map((word) => (/^[A-Z]+$/.test(word) ? join(town.folder, word) : word)), ...FILE, config);

describe('no secret is in what is printed or left behind by', () => {
  for (const args of COMMANDS)
    it(args.join(' '), async () => {
      // A workflow is for a repository that holds the configuration.
      const here = vi.spyOn(process, 'cwd').mockReturnValue(town.folder);
      const ended = await run(args);
      here.mockRestore();
      expect([0, 5], `${ended.out}${ended.err}`).toContain(ended.code);
      expect(ended.out + ended.err).not.toBe('');
      expectNone(args.join(' '), ended);
    });

  it('apply, when the world has moved, and its alert to the webhook and the program', async () => {
    const before = posted().length;
    const ann = town.plant('moves', { contacts: [true], lists: { News: 1 } });
    await run(['sync', '--dry-run', '--save', 'PLAN']);
    town.sandbox.account.unsubscribe(ann.ac, town.list('News'));
    const ended = await run(['apply', 'PLAN']);
    expect(ended.code).toBe(3);
    expect(posted()).toHaveLength(before + 1);
    const program = readFileSync(join(town.folder, 'told.txt'), 'utf8');
    expect(program).toContain('"outcome":"refused"');
    expect(program).toContain('"PATH"');
    expectNone('apply', ended);
  });

  it('schedule, from a missed night to SIGTERM', async () => {
    configured({ schedule: { cron: `0 ${new Date(Date.now() - 60_000).getUTCHours()} * * *`, timeZone: 'UTC' } });
    town.store((store) => store.run("UPDATE runs SET started_at = '2026-01-01T00:00:00.000Z'"));
    let err = '';
    const before = process.listeners('SIGTERM');
    const code = await main({
      arguments: ['schedule', '--config', config],
      env: told,
      out: () => undefined,
      err: (text) => {
        err += text;
        if (!text.includes('The next run is on')) return;
        for (const ask of process.listeners('SIGTERM')) if (!before.includes(ask)) ask('SIGTERM');
      },
      terminal: false,
    });
    expect(code).toBe(0);
    expect(err).toMatch(/catching up now\..*The next run is on.*The schedule ends\./s);
    expectNone('schedule', { code, out: '', err });
  });

  it('init, with secrets typed and from variables', async () => {
    const { salesforce, activecampaign } = CREDENTIALS;
    for (const [name, env, secrets] of [
      ['typed.json', {}, [salesforce.clientSecret, activecampaign.key]],
      ['set.json', SECRETS, []],
    ] as const) {
      const org = [running.salesforceUrl, '', salesforce.clientId, name === 'set.json' ? 'SF_SECRET' : ''];
      const account = [running.activecampaignUrl, name === 'set.json' ? 'AC_KEY' : ''];
      const answers = [...org, ...secrets.slice(0, 1), '', ...account, ...secrets.slice(1), '', '', ''];
      const input = new PassThrough();
      input.end(answers.map((answer) => `${answer}\n`).join(''));
      let out = '';
      const say = (text: string) => {
        out += text;
      };
      const words = ['init', '--config', join(town.folder, name)];
      const code = await main({ arguments: words, env, out: say, err: say, terminal: false, input: () => input });
      expect([code, out]).toEqual([0, expect.stringContaining('Wrote ')]);
      expectNone(`init, ${name}`, { code, out, err: '' });
    }
  });
});

describe('where a service quotes secrets in its refusals, none is in what comes of', () => {
  beforeAll(() => {
    told = { ...told, HOOK: deaf.url };
    vi.stubEnv('HOOK', deaf.url);
    configured();
  });
  const cases = [
    { service: 'salesforce', path: /oauth2\/token/, secret: SECRETS.SF_SECRET },
    { service: 'activecampaign', path: /./, secret: SECRETS.AC_KEY },
  ] as const;
  for (const { service, path, secret } of cases)
    for (const args of [
      ['doctor'],
      ['sync', '--json'],
      ['sync'],
      ['coverage'],
      ['resolve', 'ann@example.com', 'out'],
      ['status'],
    ])
      it(`${args.join(' ')}, when ${service} does`, async () => {
        const body =
          service === 'salesforce' ? { error: 'invalid_client', error_description: secret } : { message: secret };
        const fault = town.sandbox.faults.add({ service, path, kind: 'status', status: 400, body });
        const ended = await run(args);
        fault.off();
        expectNone(args.join(' '), ended);
      });
});
