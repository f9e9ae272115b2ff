import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { diagnosis } from '../../src/cli/texts/doctor.ts';
import { wrapped } from '../../src/cli/texts/wrap.ts';
import { readConfig } from '../../src/companion/config.ts';
import type { Finding } from '../../src/companion/doctor/finding.ts';
import { keptSecretFindings } from '../../src/companion/doctor/kept-secrets.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { BOX, Town } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** `optbridge doctor` as a newcomer meets it: over http, against the sandbox. */

let here: Town;
let running: Running | undefined;
async function town(): Promise<Town> {
  here = new Town();
  here.plant('ann', { contacts: [true], lists: { News: 2 } });
  here.clock.run();
  running = await here.sandbox.listen();
  return here;
}
afterEach(async () => {
  await running?.close();
  running = undefined;
  here.dispose();
});

const COMMAND = ['doctor', '--config'] as const;

describe('optbridge doctor', () => {
  it('says of everything how it stands, and what to do, on 80 columns and without colours', async () => {
    await town();
    here.sandbox.org.allow('everyone', 'hidden', 'Lead', BOX);
    const { code, out, err } = await tell(SECRETS, ...COMMAND, configFile(here, running));
    expect(code).toBe(3);
    for (const part of [
      'Salesforce  http://127',
      'ActiveCampaign  http://127',
      "This machine's clock",
      'Schedule',
      'Store',
    ])
      expect(out).toContain(`\n${part}`.slice(out.startsWith(part) ? 1 : 0));
    expect(out).toMatch(/^ {2}ok +API version: 67\.0\.$/m);
    expect(out).toMatch(/^ {2}PROBLEM +Lead\.HasOptedOutOfEmail: Not there, or hidden/m);
    expect(out).toMatch(/^ +-> Give the API user read and edit access/m);
    expect(out).toMatch(/\nA run would refuse or fail: 1 problem, \d warnings?\.\n$/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toBe(stripVTControlCharacters(out));
    for (const secret of Object.values(SECRETS)) expect(out + err).not.toContain(secret);
  });

  it('exits with 0 where nothing is in the way, and says what comes next', async () => {
    await town();
    const { code, out } = await tell(SECRETS, ...COMMAND, configFile(here, running));
    expect(code).toBe(0);
    expect(out).toContain('A run can go ahead');
  });

  it('exits with 1 where a service cannot be reached, whose findings say so', async () => {
    await town();
    const file = configFile(here, running);
    const config = JSON.parse(readFileSync(file, 'utf8')) as { activecampaign: Record<string, unknown> };
    config.activecampaign.url = 'http://127.0.0.1:9';
    writeFileSync(file, JSON.stringify(config));
    const { code, out } = await tell(SECRETS, ...COMMAND, file);
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}UNREACHABLE {2}key: GET \/api\/3\/users\/me: no connection/m);
    expect(out).toMatch(/^ {2}ok +sign-in: /m);
    expect(out).toMatch(/Not everything could be looked at: 2 questions without an answer/);
  });

  it('says when others may read a secret that stands in the file, or its private key, and nothing where there is none', () => {
    here = new Town();
    const file = configFile(here);
    const key = join(here.folder, 'key.pem');
    writeFileSync(key, '-----BEGIN PRIVATE KEY-----', { mode: 0o640 });
    const found = () => {
      const { kept } = readConfig(file, SECRETS);
      return keptSecretFindings(file, kept).map(({ status, words }) => [status, words]);
    };
    expect(found()).toEqual([]);
    configFile(here, undefined, { activecampaign: { key: 'k' } });
    chmodSync(file, 0o644);
    expect(found()).toEqual([
      ['warning', `${file}: other users of this machine may read it, and a secret stands in it (activecampaign.key).`],
    ]);
    const auth = { kind: 'jwt', clientId: 'c', username: 'u@x', privateKeyFile: './key.pem' };
    configFile(here, undefined, {
      salesforce: { url: 'http://127.0.0.1:9', auth },
      activecampaign: { key: 'k' },
      alerts: { webhook: 'https://x' },
    });
    chmodSync(file, 0o600);
    expect(found()).toEqual([
      ['ok', `${file}: only its user may read it, and secrets stand in it (activecampaign.key, alerts.webhook).`],
      ['warning', `${key}: other users of this machine may read it, and it is the private key.`],
    ]);
  });

  it('with --json prints one JSON object, and no secret', async () => {
    await town();
    const { code, out, err } = await tell(
      { ...SECRETS, AC_KEY: 'a-wrong-key-8f' },
      ...COMMAND,
      configFile(here, running),
      '--json',
    );
    expect(code).toBe(3);
    expect(out.trim().split('\n')).toHaveLength(1);
    const told = JSON.parse(out) as { outcome: string; exitCode: number; findings: Finding[] };
    expect(told).toMatchObject({ outcome: 'refused', exitCode: 3 });
    expect(told.findings.find(({ check }) => check === 'key')).toEqual({
      group: 'activecampaign',
      check: 'key',
      status: 'problem',
      words: expect.stringContaining('GET /api/3/users/me'),
      remedy: expect.stringContaining('activecampaign.key'),
    });
    for (const secret of [...Object.values(SECRETS), 'a-wrong-key-8f']) expect(out + err).not.toContain(secret);
  });

  it('exits with 2 for a wrong configuration or command line', async () => {
    await town();
    const file = configFile(here, running, { shedule: {} });
    expect(await tell(SECRETS, ...COMMAND, file)).toMatchObject({
      code: 2,
      err: expect.stringContaining('"schedule"?'),
    });
    expect(await tell({}, ...COMMAND, configFile(here, running))).toMatchObject({ code: 2 });
    expect((await tell({}, 'doctor')).code).toBe(2);
    expect((await tell({}, ...COMMAND, file, 'more')).code).toBe(2);
    const help = await tell({}, 'doctor', '--help');
    for (const line of help.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') });
  });

  it('says a key that cannot be one is a matter of the configuration', async () => {
    await town();
    const { code, err } = await tell({ ...SECRETS, AC_KEY: 'two words' }, ...COMMAND, configFile(here, running));
    expect([code, err]).toEqual([2, expect.stringContaining('activecampaign.key: this is not an API key')]);
  });
});

describe('on a terminal', () => {
  const findings: Finding[] = [
    { group: 'store', check: 'file', status: 'ok', words: 'There.', remedy: null },
    { group: 'store', check: 'integrity', status: 'problem', words: 'Damaged.', remedy: 'Put a backup in its place.' },
  ];
  const titles = { salesforce: '', activecampaign: '', clock: '', schedule: '', store: 'Store' };

  it('colour adds nothing to what the words say', () => {
    const plain = diagnosis(findings, { colours: false, sameConfig: '', titles });
    const coloured = diagnosis(findings, { colours: true, sameConfig: '', titles });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it('a text is broken between words, and a long word left whole', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('at https://acme.my.salesforce.com now', 10)).toEqual([
      'at',
      'https://acme.my.salesforce.com',
      'now',
    ]);
    expect(wrapped('', 10)).toEqual([]);
  });

  it('the command asks for colours only when told that it may', async () => {
    await town();
    let out = '';
    await main({
      arguments: [...COMMAND, configFile(here, running)],
      env: SECRETS,
      out: (text) => {
        out += text;
      },
      err: () => undefined,
      terminal: true,
      colours: true,
    });
    expect(out).not.toBe(stripVTControlCharacters(out));
  });
});
