import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExistsError, writeConfigFile } from '../../src/cli/init/config-file.ts';
import { main } from '../../src/cli/main.ts';
import { loadConfig } from '../../src/companion/config.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { SECRETS } from './told.ts';

/** `optbridge init`, its answers piped, against the sandbox over http. */

const { salesforce, activecampaign } = CREDENTIALS;
const FIELD = 'HasOptedOutOfEmail';
let sandbox: Sandbox;
let running: Running;
let folder: string;
let file: string;

beforeAll(async () => {
  sandbox = createSandbox({ people: 0, activecampaign: { rateLimit: 'off' } });
  for (const name of ['News', 'Offers']) sandbox.account.addList({ name });
  for (const type of ['Contact', 'Lead']) sandbox.org.addField(type, 'Sales_Opt_Out__c');
  running = await sandbox.listen();
});
afterAll(() => running.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'optbridge-init-'));
  file = join(folder, 'optbridge.json');
});
afterEach(() => {
  for (const access of ['Contact', 'Lead']) sandbox.org.allow('everyone', 'edit', access, FIELD);
  rmSync(folder, { recursive: true, force: true });
});

/** The usual answers; an empty one takes what stands in brackets. */
const org = () => [running.salesforceUrl, '', salesforce.clientId, '', salesforce.clientSecret];
const account = () => [running.activecampaignUrl, '', activecampaign.key];
const caps = ['', ''];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function init(
  answers: readonly string[],
  options: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly windows?: boolean;
  } = {},
): Promise<Ended> {
  const input = new PassThrough();
  input.end(answers.map((answer) => `${answer}\n`).join(''));
  const shown = { out: '', err: '' };
  const code = await main({
    arguments: ['init', '--config', file, ...(options.args ?? [])],
    env: options.env ?? {},
    out: (text) => {
      shown.out += text;
    },
    err: (text) => {
      shown.err += text;
    },
    terminal: false,
    windows: options.windows ?? false,
    input: () => input,
  });
  return { code, ...shown };
}

const saved = () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>;

describe('optbridge init', () => {
  it('as a process of its own writes a file that the other commands accept, for its owner only', async () => {
    const child = spawn(process.execPath, ['src/cli/optbridge.ts', 'init', '--config', file]);
    const chunks: string[] = [];
    child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
    child.stdin.end([...org(), '', ...account(), ...caps, ''].join('\n'));
    const [code] = await once(child, 'close');
    const out = chunks.join('');
    expect([code, out]).toEqual([0, expect.stringContaining(`Wrote ${file}. Only you may read it.`)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['optbridge.json']);
    const config = loadConfig(file, SECRETS);
    expect(config.salesforce).toMatchObject({ url: running.salesforceUrl, optOutField: FIELD });
    expect(config.activecampaign).toMatchObject({
      url: running.activecampaignUrl,
      key: activecampaign.key,
      lists: 'all',
    });
    expect(config.caps).toEqual({ optOut: { percent: 10 }, optIn: { percent: 1 } });
  });

  it('keeps every secret out of the file and off the screen, and says which variables to set', async () => {
    const { code, out, err } = await init([...org(), '', ...account(), ...caps]);
    expect(code).toBe(0);
    for (const secret of Object.values(SECRETS)) expect(out + err + readFileSync(file, 'utf8')).not.toContain(secret);
    expect(saved().salesforce?.auth).toEqual({
      kind: 'client-credentials',
      clientId: salesforce.clientId,
      clientSecret: { env: 'SF_SECRET' },
    });
    expect(saved().activecampaign?.key).toEqual({ env: 'AC_KEY' });
    expect(out).toMatch(/export SF_SECRET='…' {4}# Consumer secret\n {2}export AC_KEY='…' {4}# API key/);
    for (const next of ['doctor', 'sync --dry-run', 'schedule --print systemd'])
      expect(out).toContain(`optbridge ${next} --config ${file}\n`);
  });

  it('says on Windows how variables are set there, and commands that its shells take', async () => {
    file = join(folder, 'the nights.json');
    const { out } = await init([...org(), '', ...account(), ...caps], { windows: true });
    const setting = ['setx SF_SECRET "…"', 'setx AC_KEY "…"', "$env:SF_SECRET = '…'", "$env:AC_KEY = '…'"];
    for (const line of setting) expect(out.split('\n')).toContain(`  ${line}`);
    for (const next of ['doctor', 'schedule --print windows'])
      expect(out).toContain(`optbridge ${next} --config "${file}"\n`);
    expect(out).not.toMatch(/export|Only you may read it|systemd/);
  });

  it('takes a secret from the variable where it is set, and does not ask for it', async () => {
    const answers = [running.salesforceUrl, '', salesforce.clientId, '', '', running.activecampaignUrl, '', ...caps];
    const { code, out } = await init(answers, { env: SECRETS });
    expect(code).toBe(0);
    expect(out).toContain('AC_KEY is set here: its value is used for the test.');
    expect(out).not.toContain('export');
  });

  it('writes the secrets into the file when asked to', async () => {
    const [url, kind, id, , secret] = org();
    const [acUrl, , key] = account();
    const answers = [url, kind, id, secret, '', acUrl, key, ...caps].map((answer) => answer ?? '');
    const { code, out } = await init(answers, { args: ['--secrets-in-file'] });
    expect(code).toBe(0);
    expect(loadConfig(file, {}).activecampaign.key).toBe(activecampaign.key);
    for (const word of Object.values(SECRETS)) expect(out).not.toContain(word);
  });

  it('writes nothing to either service', async () => {
    sandbox.requests.reset();
    await init([...org(), '', ...account(), ...caps]);
    const writes = sandbox.requests.all.filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/'));
    expect(writes).toEqual([]);
  });
});

describe('a question whose answer fails is asked again, with the reason', () => {
  it('an address that is none, or where no org is', async () => {
    const wrong = ['acme', 'https://login.salesforce.com', running.activecampaignUrl];
    const { code, out } = await init([...wrong, ...org(), '', ...account(), ...caps]);
    expect(code).toBe(0);
    expect(out).toContain('this is not a web address');
    expect(out).toMatch(/not\s+login\.salesforce\.com/);
    expect(out.match(/That does not work/g)).toHaveLength(3);
  });

  it('a way to sign in that is unknown, and a sign-in that is refused: Enter keeps what was right', async () => {
    const [url, , id = '', , secret = ''] = org();
    const answers = [url ?? '', 'password', '', id, '', 'hush-hush', '', '', '', secret, '', ...account(), ...caps];
    const { code, out } = await init(answers);
    expect(code).toBe(0);
    expect(out).toContain('"password" is none of');
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/invalid client credentials.*Check salesforce\.auth/);
    expect(out).toContain(`Consumer key of the External Client App [${id}]`);
    expect(out).not.toContain('hush-hush');
  });

  it('a field that is hidden, read-only or no name', async () => {
    sandbox.org.allow('everyone', 'hidden', 'Lead', FIELD);
    const answers = [...org(), 'Email Opt Out', '', 'Sales_Opt_Out__c', ...account(), '99', 'all', ...caps];
    const { code, out } = await init(answers);
    const said = out.replaceAll(/\s+/g, ' ');
    expect(code).toBe(0);
    expect(said).toContain('"Email Opt Out" is no API name');
    expect(said).toContain(
      'Lead.HasOptedOutOfEmail: Not there, or hidden from this user by field-level security. Give',
    );
    expect(saved().salesforce?.optOutField).toBe('Sales_Opt_Out__c');
  });

  it('lists, which are asked for with a field of one’s own only and have no default', async () => {
    const { code, out } = await init([...org(), 'Sales_Opt_Out__c', ...account(), '', '1, 99', '2 1', ...caps]);
    expect(code).toBe(0);
    expect(out).toContain('An answer is needed.');
    expect(out).toContain('List 99 is not shown to this key');
    expect(saved().activecampaign?.lists).toEqual(['2', '1']);
    rmSync(file);
    await init([...org(), '', ...account(), ...caps]);
    expect(saved().activecampaign).not.toHaveProperty('lists');
  });

  it('an ActiveCampaign address or key', async () => {
    const wrong = ['acme', running.activecampaignUrl, '', 'not-the-key', ''];
    const { code, out } = await init([...org(), '', ...wrong, '1 name', 'AC_KEY', activecampaign.key, ...caps]);
    expect(code).toBe(0);
    expect(out).toContain('activecampaign.url: this is not a web address');
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/key: GET \/api\/3\/users\/me: .*Check activecampaign\.key/);
    expect(out).toContain('that is no name of a variable');
    expect(out).not.toContain('1 name');
    expect(out).not.toContain('not-the-key');
  });

  it('a cap, which may be a number of people', async () => {
    const { code } = await init([...org(), '', ...account(), 'many', '110%', '500', 'none']);
    expect(code).toBe(0);
    expect(saved().caps).toEqual({ optOut: 500, optIn: 'none' });
  });

  it('a private key file for jwt that is not there', async () => {
    const bad = join(folder, 'bad.pem');
    writeFileSync(bad, '-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n');
    const jwt = [running.salesforceUrl, 'jwt', salesforce.clientId, salesforce.integrationUsername, 'nowhere.pem', bad];
    const { code, out } = await init([
      ...jwt,
      'client-credentials',
      '',
      '',
      salesforce.clientSecret,
      '',
      ...account(),
      ...caps,
    ]);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/nowhere\.pem cannot be read \(ENOENT\)\. Check the path/);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('the private key cannot be read');
    expect(out).not.toContain('nonsense');
  });
});

describe('the file', () => {
  it('that is there is kept unless somebody says yes', async () => {
    writeFileSync(file, 'mine');
    expect(await init(['maybe', 'no'])).toMatchObject({ code: 0, out: expect.stringContaining('was kept as it is') });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await init(['yes', ...org(), '', ...account(), ...caps])).code).toBe(0);
    expect(saved().salesforce?.url).toBe(running.salesforceUrl);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not made when the answers end before the questions', async () => {
    const { code, err } = await init(org());
    expect([code, err]).toEqual([2, expect.stringContaining('Nothing was written')]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not replaced when somebody makes one in the meantime', () => {
    writeFileSync(file, 'theirs');
    expect(() => writeConfigFile(file, 'ours', false)).toThrow(ExistsError);
    expect(readFileSync(file, 'utf8')).toBe('theirs');
    expect(readdirSync(folder)).toEqual(['optbridge.json']);
    writeConfigFile(file, 'ours', true);
    expect(readFileSync(file, 'utf8')).toBe('ours');
  });

  it('needs a folder', async () => {
    file = join(folder, 'nowhere', 'optbridge.json');
    expect(await init([])).toMatchObject({ code: 2, err: expect.stringContaining('Make the folder first') });
    expect(existsSync(file)).toBe(false);
  });
});

describe('wrong usage', () => {
  it('exits with 2; --help is no mistake', async () => {
    expect((await init([], { args: ['more'] })).code).toBe(2);
    expect((await init([], { args: ['--force'] })).code).toBe(2);
    const help = await init([], { args: ['--help'] });
    for (const line of help.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(help).toMatchObject({
      code: 0,
      out: expect.stringContaining('--secrets-in-file'),
    });
  });
});
