import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PILL_TEXTS } from '../../src/extension/overlay/pill-texts.ts';
import { buildExtension } from '../../tools/build.ts';
import { EXTENSION_ID } from './extension-id.ts';
import { LOCALES, textsOf } from './locales.ts';

// Built anew into a folder of its own: what is in dist/chrome may be of another day.
const dist = mkdtempSync(join(tmpdir(), 'optbridge-build-'));
const read = (path: string) => readFileSync(join(dist, path), 'utf8');
let manifest: chrome.runtime.ManifestV3;
let files: string[];

beforeAll(async () => {
  await buildExtension('chrome', dist);
  manifest = JSON.parse(read('manifest.json'));
  files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(dist, path)).isFile(),
  );
});

afterAll(() => rmSync(dist, { recursive: true }));

/** The script with everything that it loads, as the browser would. */
function withImports(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, from] of read(path).matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g))
    withImports(relative(dist, join(dist, dirname(path), from ?? '')), seen);
  return seen;
}

/** What the browser starts, and what that runs when it is first needed, with the folder that each is made of. */
const WORKER = 'worker.js';
const LATER = { 'worker-more.js': 'more', 'worker-seldom.js': 'seldom' } as const;

/** What a source imports or exports from others of ours, but for types. */
const importsOf = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/^(?:im|ex)port (?:\{([^}]*)\} from )?'(\.[^']+)'/gm)].map(
    ([, some = '', from = '']) => ({
      path: join(dirname(path), from),
      names: some
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type '))
        .map((name) => name.replace(/ as \w+$/, '')),
    }),
  );

/** What the source of the first script puts together for the second. */
const handedOver = () => {
  const [, names = ''] =
    /optbridgeWorker = \{([^}]*)\}/.exec(readFileSync('src/extension/background/shared.ts', 'utf8')) ?? [];
  return Object.fromEntries(names.split(',').flatMap((name) => (name.trim() ? [[name.trim(), true]] : [])));
};

const sizeOf = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + Buffer.byteLength(read(path)), 0);

describe('the built extension', () => {
  test('asks for these permissions and hosts, and for nothing more', () => {
    expect(manifest.permissions).toEqual(['storage', 'alarms', 'identity', 'scripting']);
    expect(manifest.host_permissions).toEqual([
      'https://*.lightning.force.com/*',
      'https://*.my.salesforce.com/*',
      'https://*.api-us1.com/*',
      'https://*.activehosted.com/*',
    ]);
    expect(manifest).not.toHaveProperty('optional_permissions');
    expect(manifest).not.toHaveProperty('optional_host_permissions');
    expect(manifest).not.toHaveProperty('externally_connectable');
    expect(manifest).not.toHaveProperty('content_security_policy');
  });

  test('has one keyboard command', () => {
    const keys = Object.entries(manifest.commands ?? {}).map(([name, { suggested_key }]) => [name, suggested_key]);
    expect(keys).toEqual([['open-panel', { default: 'Alt+Shift+O' }]]);
  });

  test('shows nothing of itself to web pages', () => {
    expect(manifest).not.toHaveProperty('web_accessible_resources');
  });

  test('has the id that the documentation names', () => {
    expect(EXTENSION_ID).toBe('lmfiifhmphnbcbcfjkfkhbkpccmencmk');
  });

  test('runs one script on Lightning pages, in the top frame, before the page’s own', () => {
    expect(manifest.content_scripts).toEqual([
      {
        matches: ['https://*.lightning.force.com/*'],
        js: ['src/extension/detector/index.js'],
        run_at: 'document_start',
        all_frames: false,
      },
    ]);
  });

  test('holds only files that it uses', () => {
    const known =
      /^(manifest|managed_schema)\.json$|^(marks|overlay|overlay-more|worker|worker-more|worker-seldom)\.js$|^icons\/\d+\.png$|^_locales\/\w+\/messages\.json$|^texts\/[\w-]+\.js$|^assets\/[\w.-]+\.(js|css)$|^src\/extension\/(options|popup|signin)\/index\.html$|^src\/extension\/detector\/index\.js$/;
    expect(files.filter((path) => !known.test(path))).toEqual([]);
  });

  test('has every icon and page that the manifest names', () => {
    const named = [
      ...Object.values(manifest.icons ?? {}),
      manifest.options_ui?.page,
      manifest.action?.default_popup,
      manifest.background?.service_worker,
    ];
    expect(files).toEqual(expect.arrayContaining(named));
  });

  test('brings no code from elsewhere and makes none from text', () => {
    for (const path of files.filter((path) => path.endsWith('.js')))
      expect(read(path), path).not.toMatch(/\bnew Function\b|\beval\(|import\(\s*["'`]?https?:/);
  });
});

describe('for Edge, which takes what was built for Chrome', () => {
  test('nothing is in the manifest that only Chrome knows, and no place to update from', () => {
    // What learn.microsoft.com lists as supported; `update_url` is what its store refuses.
    const known =
      'manifest_version key name short_name description version default_locale minimum_chrome_version icons action background commands content_scripts options_ui storage permissions host_permissions';
    expect(Object.keys(manifest).filter((name) => !known.split(' ').includes(name))).toEqual([]);
  });
});

describe('for Firefox', () => {
  const fox = mkdtempSync(join(tmpdir(), 'optbridge-build-firefox-'));
  let its: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    await buildExtension('firefox', fox);
    its = JSON.parse(readFileSync(join(fox, 'manifest.json'), 'utf8'));
  });
  afterAll(() => rmSync(fox, { recursive: true }));

  test('the manifest says which data leaves the browser, and names an id in place of a key', () => {
    expect(its.browser_specific_settings).toEqual({
      gecko: {
        id: 'optbridge@optbridge.example',
        strict_min_version: '142.0',
        data_collection_permissions: { required: ['personallyIdentifyingInfo', 'authenticationInfo'] },
      },
    });
    for (const name of ['key', 'minimum_chrome_version', 'storage']) expect(its).not.toHaveProperty(name);
  });

  test('the background is the worker’s scripts, in the order in which they need each other', () => {
    expect(its.background).toEqual({ scripts: [WORKER, ...Object.keys(LATER)] });
  });

  test('all else is as for Chrome: permissions, hosts, pages, and every script to the byte', () => {
    const { browser_specific_settings: _1, background: _2, ...same } = its;
    const { key: _3, minimum_chrome_version: _4, storage: _5, background: _6, ...chromes } = manifest;
    expect(same).toEqual(chromes);
    const scripts = (folder: string) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.js'))
        .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    expect(scripts(fox)).toEqual(scripts(dist));
  });
});

describe('the detector', () => {
  test('weighs at most 2 kB and loads nothing', () => {
    const path = 'src/extension/detector/index.js';
    expect(sizeOf([path])).toBeLessThanOrEqual(2_000);
    expect([...withImports(path)]).toEqual([path]);
    expect(read(path)).not.toContain('getURL');
  });
});

describe('the overlay', () => {
  test.each(LOCALES)('is handed what the pill says in %s, as chrome.i18n would say it', (locale) => {
    const all = textsOf(locale);
    const wanted = ['language', ...PILL_TEXTS.map((key) => `overlay_${key}`)].map((name) => [name, all[name]]);
    const world: { optbridge: { texts?: unknown } } = { optbridge: {} };
    new Function('globalThis', 'optbridge', read(`texts/${all.language}.js`))(world, world.optbridge);
    expect(world.optbridge.texts).toEqual(Object.fromEntries(wanted));
    // Where the page has an element of this id and there is no detector, it is left alone.
    const element = {};
    new Function('globalThis', 'optbridge', read(`texts/${all.language}.js`))({}, element);
    expect(element).toEqual({});
  });

  test('is one classic script under a fixed name', () => {
    expect(() => new Function(read('overlay.js'))).not.toThrow();
    expect([...withImports('overlay.js')]).toEqual(['overlay.js']);
  });
});

describe('the worker', () => {
  test('weighs at most 45 kB (of 1,024 bytes)', () => {
    expect(sizeOf([WORKER])).toBeLessThanOrEqual(45 * 1_024);
  });

  test.each(Object.keys(LATER))(
    'has a script of at most 30 kB, which it loads when it is first needed: %s',
    (later) => {
      expect(sizeOf([later])).toBeLessThanOrEqual(30 * 1_024);
    },
  );

  test('loads nothing but these: none imports anything, and nothing of the pages is in them', () => {
    for (const path of [WORKER, ...Object.keys(LATER)]) {
      expect([...withImports(path)]).toEqual([path]);
      expect(() => new Function(read(path)), path).not.toThrow();
      expect(read(path), path).not.toMatch(/\bdocument\./);
    }
    expect(read(WORKER).match(/importScripts/g)).toHaveLength(1);
    for (const later of Object.keys(LATER)) {
      expect(read(later)).not.toContain('importScripts');
      expect(read(WORKER)).toContain(`/${later}`);
    }
  });

  test('hands its own modules to the others, so that a failure is the same class in all', () => {
    const folder = 'src/extension/background';
    const handed = importsOf(`${folder}/shared.ts`);
    const shared = new Set(handed.map(({ path }) => path));
    const taken = new Set<string>();
    const seen = new Set<string>();
    const look = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { path: from, names } of importsOf(path))
        if (!shared.has(from)) look(from);
        else for (const name of names) taken.add(name);
    };
    for (const part of Object.values(LATER)) look(`${folder}/${part}/index.ts`);
    expect(taken.size).toBeGreaterThan(20);
    expect([...taken].sort()).toEqual(handed.flatMap(({ names }) => names).sort());
    expect(Object.keys(handedOver()).sort()).toEqual([...taken].sort());
    for (const later of Object.keys(LATER)) expect(read(later)).not.toMatch(/class \w* ?extends/);
  });
});
