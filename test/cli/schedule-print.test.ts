import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { crontab } from '../../src/cli/print/crontab.ts';
import { githubWorkflow } from '../../src/cli/print/github-actions.ts';
import { type Installation, windowsWord } from '../../src/cli/print/installation.ts';
import { secretNames } from '../../src/cli/print/secret-names.ts';
import { onCalendar, systemdUnits } from '../../src/cli/print/systemd.ts';
import { rhythm, utcCrons } from '../../src/cli/print/utc.ts';
import { windowsTask } from '../../src/cli/print/windows.ts';
import { UsageError } from '../../src/cli/terminal.ts';
import { cronFields } from '../../src/companion/cron-fields.ts';
import { nightsOf } from '../../src/companion/nights.ts';
import { standingNow } from '../../src/companion/settled-night.ts';

/** What `optbridge schedule --print` writes for other schedulers, tried with their own tools where the machine has them. */

const NOW = Date.parse('2026-11-22T00:00:00Z');
const PACIFIC = 'America/Los_Angeles';

function installed(cron = '0 20 * * *', timeZone = PACIFIC, over: Partial<Installation> = {}): Installation {
  return {
    node: '/usr/bin/node',
    script: '/usr/bin/optbridge',
    config: '/etc/optbridge/optbridge.json',
    store: '/var/lib/optbridge/optbridge.sqlite',
    reports: null,
    folder: '/home/ops/nights',
    user: 'ops',
    secrets: ['SF_SECRET', 'AC_KEY'],
    keyFile: false,
    fields: cronFields(cron),
    nights: nightsOf(cron, timeZone),
    now: NOW,
    ...over,
  };
}
const inRepository = { config: '/home/ops/nights/optbridge.json', store: '/home/ops/nights/kept/optbridge.sqlite' };

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));
function kept(name: string, text: string): string {
  folder = folder && existsSync(folder) ? folder : mkdtempSync(join(tmpdir(), 'optbridge-print-'));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const has = (program: string, ...words: string[]) => spawnSync(program, words).status === 0;
const SYSTEMD = has('systemd-analyze', '--version');
const YAML = has('python3', '-c', 'import yaml');
const PYTHON = has('python3', '--version');

describe('for systemd', () => {
  const { node, script } = { node: process.execPath, script: join(process.cwd(), 'bin/optbridge.js') };

  it('a service and a timer come, with paths, the time zone and the place of the secrets', () => {
    const text = systemdUnits(installed());
    expect(text).toContain(
      'ExecStart=/usr/bin/node /usr/bin/optbridge schedule --due --config /etc/optbridge/optbridge.json\n',
    );
    expect(text).toContain(`OnCalendar=*-*-* 20:00:00 ${PACIFIC}\n`);
    expect(text).toContain('OnCalendar=*-*-* *:05:00\n');
    expect(text).toContain('Persistent=true\n');
    expect(text).toContain('EnvironmentFile=/etc/optbridge/optbridge.env\n');
    expect(text).toContain('ReadWritePaths=/var/lib/optbridge\n');
    expect(text).toContain('User=ops\n');
  });

  it('the folder of the reports may be written, too', () => {
    const text = systemdUnits(installed('0 20 * * *', PACIFIC, { reports: '/etc/optbridge/the reports' }));
    expect(text).toContain('ReadWritePaths=/var/lib/optbridge "-/etc/optbridge/the reports"\n');
  });

  it('a pattern is said in its own words', () => {
    const said = (cron: string) => onCalendar(cronFields(cron), 'UTC');
    expect(said('30 3 * * MON-FRI')).toBe('Mon,Tue,Wed,Thu,Fri *-*-* 03:30:00 UTC');
    expect(said('*/20 6,18 1 */6 *')).toBe('*-01,07-01 06,18:00,20,40:00 UTC');
    expect(said('5 * * * 7')).toBe('Sun *-*-* *:05:00 UTC');
  });

  it.skipIf(!SYSTEMD)('systemd finds no fault in them, odd paths and all', () => {
    const units = systemdUnits(
      installed('0 20 * * *', PACIFIC, {
        node,
        script,
        config: '/etc/it\'s opt 100% $HOME "Zoë" & <Co> \\ ;/a.json',
        store: '/var/a b/s.sqlite',
      }),
    );
    const [service = '', timer = ''] = units.split(/^# ==> .*$/m).slice(1);
    const files = [kept('optbridge.service', service), kept('optbridge.timer', timer)];
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it.skipIf(!SYSTEMD)('its calendar means the same nights as ours, over both clock changes', () => {
    for (const cron of ['0 20 * * *', '30 3 * * MON-FRI', '15 20 1,15 * *'])
      for (const from of ['2026-03-01 00:00:00 UTC', '2026-10-25 00:00:00 UTC']) {
        const words = ['calendar', `--base-time=${from}`, '--iterations=14', onCalendar(cronFields(cron), PACIFIC)];
        const { stdout } = spawnSync('systemd-analyze', words, {
          encoding: 'utf8',
          env: { ...process.env, TZ: 'UTC' },
        });
        const theirs = [...stdout.matchAll(/(?:elapse|#\d+): \w+ (\S+) (\S+) UTC/g)].map((match) =>
          Date.parse(`${match[1]}T${match[2]}Z`),
        );
        const nights = nightsOf(cron, PACIFIC);
        const ours: number[] = [];
        while (ours.length < 14) ours.push(nights.next(ours.at(-1) ?? Date.parse(from)) ?? 0);
        expect(theirs).toEqual(ours);
      }
  });
});

describe('for cron', () => {
  it('the line in its time zone comes first, and one that asks every hour for crons without', () => {
    const lines = crontab(installed())
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(`CRON_TZ=${PACIFIC}`);
    expect(lines[1]).toMatch(
      /^0 20 \* \* \* umask 077; set -a; \. \/etc\/optbridge\/optbridge\.env; set \+a; \/usr\/bin\/node /,
    );
    expect(lines[2]?.replace('5 * * * *', '0 20 * * *')).toBe(lines[1]);
    expect(lines[1]).toContain('schedule --due --config /etc/optbridge/optbridge.json >> ');
  });

  /** What a cron hands to the shell. Vixie's descendants end the command at a % and take \ away before % and \; BusyBox takes it as it is. */
  const crons: [string, (line: string) => string][] = [
    ['Vixie’s', (line) => (/^(?:\\.|[^%\\])*/.exec(line)?.[0] ?? '').replaceAll(/\\([%\\])/g, '$1')],
    ['BusyBox’s', (line) => line],
  ];
  for (const [whose, handed] of crons)
    it(`odd paths survive ${whose} cron and the shell`, () => {
      const config = '/etc/it\'s 100% "Zoë" & <Co> $HOME `x` \\\\a\\%b/optbridge.json';
      const text = crontab(installed('0 20 * * *', PACIFIC, { node: 'printf', script: '%s\\n', config, secrets: [] }));
      const line = (text.split('\n').at(-3) ?? '').replace('0 20 * * * ', '');
      const { stdout } = spawnSync('sh', ['-c', handed(line).replace(/ >> .*/, '')], { encoding: 'utf8' });
      expect(stdout.trim().split('\n')).toEqual(['schedule', '--due', '--config', config]);
    });
});

describe('for Windows', () => {
  const odd = { config: 'C:\\Users\\Zoë & Co\\opt "x" <1>.json', node: 'C:\\Program Files\\nodejs\\node.exe' };

  it('a task comes that wakes every hour of UTC and leaves the time zone to --due', () => {
    const text = windowsTask(installed());
    expect(text).toContain('<Interval>PT1H</Interval>');
    expect(text).toContain('<StartBoundary>2026-01-01T00:00:00Z</StartBoundary>');
    expect(text).toContain(
      '<Arguments>/usr/bin/optbridge schedule --due --config /etc/optbridge/optbridge.json</Arguments>',
    );
    expect(text).toContain('setx SF_SECRET');
  });

  it('it wakes at the minute in zones that are half an hour off, and as often as a pattern needs', () => {
    expect(windowsTask(installed('0 20 * * *', 'Asia/Kolkata'))).toContain('T00:30:00Z');
    expect(rhythm(nightsOf('0 20 * * *', 'Asia/Kolkata'), NOW)).toEqual({ minute: 30, every: 60 });
    expect(rhythm(nightsOf('10,25 20 * * *', PACIFIC), NOW)).toEqual({ minute: 10, every: 15 });
    expect(rhythm(nightsOf('0 20 * * *', 'Australia/Lord_Howe'), NOW)).toEqual({ minute: 0, every: 30 });
  });

  it('its trigger is in the order of the documented schema, where that is a sequence', () => {
    const trigger = /<TimeTrigger>([\s\S]*)<\/TimeTrigger>/.exec(windowsTask(installed()))?.[1] ?? '';
    const children = [...trigger.matchAll(/^ {6}<(\w+)>/gm)].map(([, name]) => name);
    // "triggerBaseType": Enabled (true unless said), StartBoundary, EndBoundary, Repetition, ExecutionTimeLimit.
    expect(children).toEqual(['StartBoundary', 'Repetition']);
  });

  it('it is plain ASCII without a declared encoding, so that any shell may write it to a file', () => {
    const text = windowsTask(installed('0 20 * * *', PACIFIC, odd));
    expect(text).toMatch(/^<\?xml version="1\.0"\?>\n[\n -~]*$/);
  });

  it.skipIf(!PYTHON)('an XML reader reads it, odd paths and all', () => {
    const file = kept('task.xml', windowsTask(installed('0 20 * * *', PACIFIC, odd)));
    const script =
      'import sys,json,xml.etree.ElementTree as E\nr=E.parse(sys.argv[1]).getroot()\nn="{http://schemas.microsoft.com/windows/2004/02/mit/task}"\nprint(json.dumps([r.tag,r.find(f".//{n}Command").text,r.find(f".//{n}Arguments").text]))';
    const { stdout } = spawnSync('python3', ['-c', script, file], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual([
      '{http://schemas.microsoft.com/windows/2004/02/mit/task}Task',
      odd.node,
      `/usr/bin/optbridge schedule --due --config "${odd.config}"`,
    ]);
  });
});

describe('for GitHub Actions', () => {
  it('a workflow comes with the time zone, and hours of UTC for servers that do not know it', () => {
    const text = githubWorkflow(installed('0 20 * * *', PACIFIC, inRepository));
    expect(text).toContain(`    - cron: '0 20 * * *'\n      timezone: ${PACIFIC}\n`);
    expect(text).toContain("    # - cron: '0 3,4 * * *'\n");
    expect(text).toContain('      SF_SECRET: ${' + '{ secrets.SF_SECRET }}\n');
  });

  it('the hours of UTC meet every night of the year, whatever the pattern', () => {
    for (const [cron, zone] of [
      ['0 20 * * *', PACIFIC],
      ['30 2 * * *', PACIFIC],
      ['0,45 20 * * MON', 'Australia/Lord_Howe'],
      ['*/30 * 1 * *', 'Asia/Kolkata'],
    ] as const) {
      const nights = nightsOf(cron, zone);
      const utc = utcCrons(nights, NOW).map((line) => nightsOf(line, 'UTC'));
      let night = nights.next(NOW);
      for (let count = 0; night !== null && count < 400 && night < NOW + 365 * 86_400_000; count++) {
        const at = night;
        expect(utc.some((woken) => woken.last(at) === at)).toBe(true);
        night = nights.next(night);
      }
    }
    expect(utcCrons(nightsOf('0 20 * * *', 'UTC'), NOW)).toEqual(['0 20 * * *']);
    expect(utcCrons(nightsOf('*/30 * * * *', 'UTC'), NOW)).toEqual(['0,30 * * * *']);
  });

  it.skipIf(!YAML)('a YAML reader reads it, odd paths and all', () => {
    const odd = { config: "/home/ops/nights/it's: #1.json", store: inRepository.store };
    const read = (text: string) => {
      const file = kept('workflow.yml', text);
      const script = 'import sys,json,yaml\nprint(json.dumps(yaml.safe_load(open(sys.argv[1]))))';
      return JSON.parse(spawnSync('python3', ['-c', script, file], { encoding: 'utf8' }).stdout);
    };
    const workflow = read(githubWorkflow(installed('0 20 * * MON-FRI', PACIFIC, odd)));
    // YAML 1.1 takes the key "on" for true.
    expect(workflow.true.schedule).toEqual([{ cron: '0 20 * * 1,2,3,4,5', timezone: PACIFIC }]);
    const { steps, env } = workflow.jobs.settle;
    expect(Object.keys(env)).toEqual(['SF_SECRET', 'AC_KEY']);
    expect(steps.find((step: { run?: string }) => step.run?.includes('schedule')).run).toBe(
      `npx --no-install optbridge schedule --due --config 'it'\\''s: #1.json'`,
    );
    const kept2 = steps.filter((step: { uses?: string }) => step.uses?.startsWith('actions/cache'));
    expect(kept2.map((step: { with: { path: string } }) => step.with.path)).toEqual(
      Array(2).fill('kept/optbridge.sqlite*'),
    );
  });

  it('is refused where the configuration or the store is not in the repository', () => {
    expect(() => githubWorkflow(installed())).toThrow(UsageError);
    expect(() => githubWorkflow(installed('0 20 * * *', PACIFIC, { ...inRepository, store: '/var/s.sqlite' }))).toThrow(
      /store \(\/var\/s\.sqlite\) lies outside/,
    );
  });
});

/**
 * Whatever wakes `--due`, and whatever clock that goes by, the run begins at 20:00 in Los Angeles (or when it wakes next),
 * in summer, in winter and where the clocks change in between.
 */
describe('20:00 Pacific in both seasons', () => {
  type Waking = readonly [cron: string, zone: string];
  const lines = crontab(installed())
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(' ').slice(0, 5).join(' '));
  const utc = [...githubWorkflow(installed('0 20 * * *', PACIFIC, inRepository)).matchAll(/# - cron: '(.*)'/g)];
  const windows = /<StartBoundary>\S+T00:(\d\d):00Z<[\s\S]*<Interval>PT1H</.exec(windowsTask(installed()));
  const schedulers: [string, Waking[], string][] = [
    ['cron, which knows CRON_TZ', lines.map((cron) => [cron, PACIFIC] as const), '20:00'],
    ['cron, which does not, in Berlin', lines.map((cron) => [cron, 'Europe/Berlin'] as const), '20:05'],
    ['cron, which does not, in India', lines.map((cron) => [cron, 'Asia/Kolkata'] as const), '20:35'],
    ['a GitHub that knows UTC alone', utc.map(([, cron]) => [cron ?? '', 'UTC'] as const), '20:00'],
    ['Windows, woken by UTC', [[`${Number(windows?.[1])} * * * *`, 'UTC']], '20:00'],
  ];
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: PACIFIC, hour: '2-digit', minute: '2-digit' });
  const DAY = 86_400_000;

  for (const [who, wakings, time] of schedulers)
    it(`is kept by ${who}`, () => {
      const nights = nightsOf('0 20 * * *', PACIFIC);
      for (const from of ['2026-01-10', '2026-03-06', '2026-07-10', '2026-10-30'].map((day) => Date.parse(day))) {
        const begin = nights.next(from) ?? 0;
        const wakes = wakings.flatMap(([cron, zone]) => {
          const times: number[] = [];
          const woken = nightsOf(cron, zone);
          for (let at = woken.next(begin); at !== null && at < begin + 5 * DAY; at = woken.next(at)) times.push(at);
          return times;
        });
        let settled = { run: 'before', startedAt: begin };
        const runs = wakes
          .sort((a, b) => a - b)
          .filter((now) => {
            if (standingNow(nights, { any: true, settled }, now).kind !== 'due') return false;
            settled = { run: 'then', startedAt: now };
            return true;
          });
        expect(runs.map((at) => clock.format(at))).toEqual(Array(runs.length).fill(time));
        expect(runs.length).toBeGreaterThanOrEqual(4);
      }
    });
});

it('a path in a command for Windows is a word of cmd and of PowerShell', () => {
  expect(['C:\\ops\\a.json', 'C:\\Zoë & Co\\100%\\a.json', "C:\\it's $5\\a.json"].map(windowsWord)).toEqual([
    'C:\\ops\\a.json',
    '"C:\\Zoë & Co\\100%\\a.json"',
    "'C:\\it''s $5\\a.json'",
  ]);
});

describe('secrets', () => {
  it('are named by their variables, each once, and never shown', () => {
    const config = {
      salesforce: { auth: { clientSecret: { env: 'SF' }, clientId: 'env' } },
      activecampaign: { key: { env: 'AC' } },
      alerts: { webhook: { env: 'AC' } },
    };
    expect(secretNames(JSON.stringify(config))).toEqual(['SF', 'AC']);
    expect(secretNames('no json')).toEqual([]);
  });
});
