import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/consent/rules.ts';
import { rulesTable } from '../../src/consent/table.ts';

/** Tests about the repository itself. */

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join('src', path));

const importsOf = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
const partOf = (path: string) => relative('src', path).split('/')[0] ?? '';

/** Which parts a part may import, besides itself. The clients take no more than types from `consent`. */
const ALLOWED: Record<string, readonly string[]> = {
  consent: [],
  service: [],
  salesforce: ['consent', 'service'],
  activecampaign: ['consent', 'service'],
  companion: ['consent', 'service', 'salesforce', 'activecampaign'],
  cli: ['companion', 'salesforce', 'activecampaign'],
  extension: ['consent', 'service', 'salesforce', 'activecampaign'],
  sandbox: [],
};

describe('imports', () => {
  it('every part of src is known here', () => {
    expect([...new Set(SOURCES.map(partOf))].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it('run one way: consent imports nothing, extension, companion and sandbox never each other', () => {
    const wrong = SOURCES.flatMap((path) =>
      importsOf(path)
        .filter((target) => target.startsWith('.'))
        .map((target) => normalize(join(dirname(path), target)))
        .filter((target) => target.startsWith('src/'))
        .map(partOf)
        .filter((part) => part !== partOf(path) && !ALLOWED[partOf(path)]?.includes(part))
        .map((part) => `${path} imports ${part}`),
    );
    expect(wrong).toEqual([]);
  });

  it('consent imports no package and nothing of Node', () => {
    const foreign = SOURCES.filter((path) => partOf(path) === 'consent').flatMap((path) =>
      importsOf(path).filter((target) => !target.startsWith('./')),
    );
    expect(foreign).toEqual([]);
  });

  it('the clients take only types from consent', () => {
    const values = SOURCES.filter((path) => ['salesforce', 'activecampaign'].includes(partOf(path))).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/^import (?!type ).*'\.\.\/consent\/.*$/gm)].map((match) => match[0]),
    );
    expect(values).toEqual([]);
  });

  it('go round in no circle', () => {
    const graph = new Map(
      SOURCES.map((path) => [
        path,
        importsOf(path)
          .filter((target) => target.startsWith('.'))
          .map((target) => normalize(join(dirname(path), target))),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) {
        circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      if (done.has(path)) return;
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const path of SOURCES) visit(path, []);
    expect(circles).toEqual([]);
  });
});

describe('every reason code', () => {
  const codes = RULES.flatMap(({ code }) => (code === null ? [] : [code]));
  it('has its row in the docs and in the README, as the code has it', () => {
    for (const file of ['docs/rules.md', 'README.md']) expect(readFileSync(file, 'utf8')).toContain(rulesTable());
  });
  it('has its test of the same name', () => {
    const tests = readFileSync('test/consent/rules.test.ts', 'utf8');
    for (const code of codes) expect(tests).toContain(`describe('${code}'`);
  });
});

describe('git', () => {
  it('takes up nothing that a store, its lock, its copies or a configuration made of a clone leave there', () => {
    const store = ['', '-wal', '-shm', '-journal', '.lock', '.lock-journal', '.new', '.bak', '.2026-11-30'];
    const left = [
      ...store.map((end) => `optbridge.sqlite${end}`),
      'optbridge.json',
      'optbridge.env',
      'optbridge.log',
      'plan.json',
    ];
    const { stdout } = spawnSync('git', ['check-ignore', '--no-index', ...left], { encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual(left);
  });
});

describe('files', () => {
  it('are short: one idea each, 350 lines at most', () => {
    const long = SOURCES.filter((path) => readFileSync(path, 'utf8').split('\n').length > 350);
    expect(long).toEqual([]);
  });
  it('leave nothing for later and silence no checker', () => {
    const marks = SOURCES.filter((path) =>
      /\b(TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-expect-error|biome-ignore|\bas any\b/.test(readFileSync(path, 'utf8')),
    );
    expect(marks).toEqual([]);
  });
});
