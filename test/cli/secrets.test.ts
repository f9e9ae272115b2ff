import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../src/sandbox/listen.ts';
import { Town } from '../companion/town.ts';
import { configFile, SECRETS, type Told, tell } from './told.ts';

/**
 * No secret in anything that a command prints or leaves behind: output, errors, reports, alerts, plans, backups, the store.
 * The services here quote the secrets in their refusals, as some gateways do, and nobody takes the alerts.
 */

const HOOK = 'hook-that-nobody-may-see';
const TOLD = { ...SECRETS, HOOK: `http://127.0.0.1:9/services/${HOOK}` };
const HIDDEN = [...Object.values(SECRETS), HOOK].flatMap((secret) => [secret, encodeURIComponent(secret)]);

const town = new Town();
let running: Running;
let config: string;
beforeAll(async () => {
  running = await town.sandbox.listen();
  const over = { alerts: { webhook: { env: 'HOOK' } }, report: { dir: 'reports' }, caps: { optOut: 'none' } };
  config = configFile(town, running, over);
  town.plant('ann', { contacts: [true, false], lists: { News: 1 } });
  town.plant('ben', { contacts: [false], lists: { News: 2 } });
  town.plant('cid', { contacts: [false], lists: { News: 2 }, qualified: false });
});
afterAll(async () => {
  await running.close();
  town.dispose();
});

/** Every file below the town's folder but the configuration, as it is on disk. */
function leftBehind(): [string, string][] {
  return readdirSync(town.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(town.folder, name))
    .filter((path) => path !== config && statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

function expectNone(where: string, told: Told): void {
  for (const [place, text] of [['stdout', told.out], ['stderr', told.err], ...leftBehind()] as const)
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
];

const run = (args: readonly string[]) =>
  tell(TOLD, ...args.map((word) => (/^[A-Z]+$/.test(word) ? join(town.folder, word) : word)), ...FILE, config);

describe('no secret is in what is printed or left behind by', () => {
  for (const args of COMMANDS)
    it(args.join(' '), async () => {
      const told = await run(args);
      expect([0, 5], `${told.out}${told.err}`).toContain(told.code);
      expect(told.out + told.err).not.toBe('');
      expectNone(args.join(' '), told);
    });
});

describe('where a service quotes secrets in its refusals, none is in what comes of', () => {
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
        const told = await run(args);
        fault.off();
        expectNone(args.join(' '), told);
      });
});
