import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../src/sandbox/listen.ts';
import { Town } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** docs/json.md, line by line. */

const LINES = [...readFileSync('docs/json.md', 'utf8').matchAll(/^\| (`?\w.*?) \| (`.*?`) \| .*\|$/gm)].map(
  ([, command = '', members = '']) => ({
    command: command.replaceAll('`', ''),
    members: [...members.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  }),
);

let here: Town;
let running: Running;
let file: string;
let lastRun: string;
beforeAll(async () => {
  here = new Town();
  here.plant('ann', { contacts: [false], lists: { News: 2 } });
  here.plant('strange', { contacts: [false], lists: { News: 2 }, qualified: false });
  running = await here.sandbox.listen();
  file = configFile(here, running, { alerts: { command: [process.execPath, '-e', ''] } });
  await tell(SECRETS, 'sync', '--config', file);
  lastRun = here.store((store) => String(store.get('SELECT id FROM runs')?.id));
});
afterAll(async () => {
  await running.close();
  here.dispose();
});

const COMMANDS: Record<string, () => string[]> = {
  sync: () => ['sync'],
  'schedule --due, nothing due': () => ['schedule', '--due'],
  status: () => ['status'],
  runs: () => ['runs'],
  differences: () => ['differences'],
  'show of a person': () => ['show', 'ann@example.com'],
  'show of a run': () => ['show', lastRun],
  resolve: () => ['resolve', 'strange@example.com', 'leave'],
  coverage: () => ['coverage'],
  doctor: () => ['doctor'],
  'alert test': () => ['alert', 'test'],
  'audit verify': () => ['audit', 'verify'],
  'audit export': () => ['audit', 'export'],
  'audit export --address': () => ['audit', 'export', '--address', 'ann@example.com'],
  'audit erase': () => ['audit', 'erase', 'nobody@example.com'],
  'store backup': () => ['store', 'backup', join(here.folder, 'copy.sqlite')],
  'any, when it ends before it began': () => ['status', 'more'],
};

describe('docs/json.md', () => {
  it('has a line for each of these', () => {
    expect(LINES.map(({ command }) => command)).toEqual(Object.keys(COMMANDS));
  });

  it.each(LINES)('has what $command prints: one object on one line, with these members and no others', async (line) => {
    const { out } = await tell(SECRETS, ...(COMMANDS[line.command]?.() ?? []), '--json', '--config', file);
    expect(out).toMatch(/^\{.*\}\n$/);
    expect(Object.keys(JSON.parse(out) as object).sort()).toEqual([...line.members].sort());
  });
});
