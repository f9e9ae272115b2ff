import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS, main } from '../../src/cli/main.ts';
import { fitTo } from '../../src/cli/texts/width.ts';
import { tell } from './told.ts';

/** What somebody is told who does not know the command yet, or mistypes it. */

describe('the help', () => {
  it('of optbridge names every command, in lines of at most 80 columns', async () => {
    const { code, out } = await tell({}, '--help');
    expect(code).toBe(0);
    for (const command of Object.keys(COMMANDS)) expect(out).toMatch(new RegExp(`^  ${command} {2,}\\w`, 'm'));
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const same of [['-h'], ['help']]) expect((await tell({}, ...same)).out).toBe(out);
    expect(await tell({})).toMatchObject({ code: 2, out });
  });

  for (const command of Object.keys(COMMANDS))
    it(`of ${command} says how it is used, its options and its exit codes, however it is asked for`, async () => {
      const { code, out } = await tell({}, command, '--help');
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^optbridge ${command}: `));
      for (const part of [`\nUsage\n  optbridge ${command}`, '\nOptions\n  --config FILE', '\nExit codes'])
        expect(out.replace('optbridge sync --dry-run --save PLAN  make a plan\n  ', '')).toContain(part);
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
      for (const same of [
        [command, '-h'],
        ['help', command],
      ])
        expect((await tell({}, ...same)).out).toBe(out);
    });
});

describe('on a terminal that is narrower than 80 columns', () => {
  afterEach(() => fitTo(undefined));
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

  it.each([40, 60, 79])('of %i columns every help fits, and says the same', async (columns) => {
    for (const args of [['--help'], ...Object.keys(COMMANDS).map((command) => [command, '--help'])]) {
      fitTo(undefined);
      const whole = await tell({}, ...args);
      fitTo(columns);
      const { out } = await tell({}, ...args);
      expect(words(out)).toEqual(words(whole.out));
      for (const line of out.split('\n').filter((text) => words(text).length > 1))
        expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('an option keeps its words beside it, and prose its paragraph', async () => {
    fitTo(60);
    const { out } = await tell({}, 'sync', '--help');
    expect(out).toContain(
      '\n  --save PLAN    with --dry-run: keep the plan in a file, to\n                 look at and to give to optbridge apply\n',
    );
    expect(out).toContain(
      '\nthe README, writes, reads back, and remembers what both\nsides agreed on. It never subscribes anybody.',
    );
    expect(out).toContain(
      '\n  4  another run is going on\n  5  done, but for some people it failed; the next run tries\n     again\n',
    );
  });
});

describe('what is wrong', () => {
  const wrong = async (terminal: boolean) => {
    let err = '';
    const columns = () => 50;
    const say = (text: string) => {
      err += text;
    };
    await main({ arguments: ['dcotor', 'x'], env: {}, out: say, err: say, terminal, columns });
    return err;
  };

  it('is told a terminal in lines that fit, and a file in one', async () => {
    expect(await wrong(true)).toBe('optbridge: "dcotor" is no command. Did you mean\n  "doctor"?\n');
    expect(await wrong(false)).toBe('optbridge: "dcotor" is no command. Did you mean "doctor"?\n');
  });
});

describe('a command line that is mistyped', () => {
  const cases: [string, string[], string | RegExp][] = [
    ['an unknown command', ['dcotor'], 'optbridge: "dcotor" is no command. Did you mean "doctor"?\n'],
    [
      'an option before the command',
      ['--config', 'x.json', 'sync'],
      /^optbridge: "--config" stands before the command/,
    ],
    [
      'an unknown option, whose value is no word too many',
      ['runs', '--limit', '5'],
      'optbridge runs: "--limit" is no option. See optbridge runs --help.\n',
    ],
    ['a word too many', ['sync', 'extra'], /^optbridge sync: "extra" is one word too many/],
    [
      'an address that is none',
      ['audit', 'export', '--csv', '--address', 'ann'],
      /--address "ann" is no email address/,
    ],
    ['a plan that is not there', ['apply', 'none.json'], /^optbridge apply: none\.json cannot be read \(ENOENT\)/],
  ];
  for (const [what, args, words] of cases)
    it(`with ${what} is told so, and exits with 2`, async () => {
      const { code, out, err } = await tell({}, ...args);
      expect([code, out]).toEqual([2, '']);
      const [first = ''] = err.split('\n');
      if (typeof words === 'string') expect(err.startsWith(words)).toBe(true);
      else expect(first).toMatch(words);
    });
});

describe('before the first run', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'optbridge-help-'));
    file = join(folder, 'optbridge.json');
    const auth = { kind: 'client-credentials', clientId: 'c', clientSecret: 's' };
    const value = {
      salesforce: { url: 'http://127.0.0.1:9', auth },
      activecampaign: { url: 'http://127.0.0.1:9', key: 'k' },
    };
    writeFileSync(file, JSON.stringify(value));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases: [string[], number, RegExp][] = [
    [['status'], 0, /none yet in/],
    [['runs'], 0, /^No run yet/],
    [['differences'], 0, /^No run has looked yet/],
    [['audit', 'verify'], 0, /^There is no .*optbridge\.sqlite yet, and so no audit/],
    [['audit', 'erase', 'ann@example.com'], 2, /there is no .*optbridge\.sqlite yet/],
    [['resolve', 'ann@example.com', 'leave'], 2, /there is no .*optbridge\.sqlite yet: no run has looked/],
    [['resolve', 'ann@example.com', 'out'], 2, /there is no .*optbridge\.sqlite yet: no run has looked/],
    [['store', 'backup', 'copy.sqlite'], 2, /there is no .*optbridge\.sqlite yet/],
  ];
  for (const [args, code, words] of cases)
    it(`optbridge ${args.join(' ')} says so, and makes no store`, async () => {
      const told = await tell({}, ...args, '--config', file);
      expect([told.code, told.out + told.err]).toEqual([code, expect.stringMatching(words)]);
      expect(existsSync(join(folder, 'optbridge.sqlite'))).toBe(false);
    });
});
