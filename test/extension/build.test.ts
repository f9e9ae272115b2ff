import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXTENSION_ID } from './extension-id.ts';

// Built anew into a folder of its own: what is in dist/chrome may be of another day.
const dist = mkdtempSync(join(tmpdir(), 'optbridge-build-'));
const read = (path: string) => readFileSync(join(dist, path), 'utf8');
let manifest: chrome.runtime.ManifestV3;
let files: string[];

beforeAll(async () => {
  for (const configFile of ['vite.config.ts', 'vite.overlay.config.ts', 'vite.more.config.ts'])
    await build({ configFile, logLevel: 'silent', build: { outDir: dist } });
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
      /^(manifest|managed_schema)\.json$|^(overlay|overlay-more|service-worker-loader)\.js$|^icons\/\d+\.png$|^_locales\/\w+\/messages\.json$|^assets\/[\w.-]+\.(js|css)$|^src\/extension\/(options|signin)\/index\.html$|^src\/extension\/detector\/index\.js$/;
    expect(files.filter((path) => !known.test(path))).toEqual([]);
  });

  test('has every icon and page that the manifest names', () => {
    const named = [
      ...Object.values(manifest.icons ?? {}),
      manifest.options_ui?.page,
      manifest.background?.service_worker,
    ];
    expect(files).toEqual(expect.arrayContaining(named));
  });

  test('brings no code from elsewhere and makes none from text', () => {
    for (const path of files.filter((path) => path.endsWith('.js')))
      expect(read(path), path).not.toMatch(/\bnew Function\b|\beval\(|importScripts|import\(\s*["'`]?https?:/);
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
  test('is one classic script under a fixed name', () => {
    expect(() => new Function(read('overlay.js'))).not.toThrow();
    expect([...withImports('overlay.js')]).toEqual(['overlay.js']);
  });
});

describe('the worker', () => {
  test('weighs at most 60 kB with all that it loads', () => {
    expect(sizeOf(withImports('service-worker-loader.js'))).toBeLessThanOrEqual(60_000);
  });

  test('loads nothing of the pages', () => {
    for (const path of withImports('service-worker-loader.js')) expect(read(path), path).not.toMatch(/\bdocument\./);
  });
});
