import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DIST } from './dist.ts';

const file = (path: string): Buffer => readFileSync(join(DIST, path));

test('the detector, which every Lightning page loads, has at most 2 kB', () => {
  expect(file('src/extension/detector/index.js').length).toBeLessThanOrEqual(2_000);
});

test('the overlay has at most 30 kB, 12 kB gzipped (of 1,024 bytes)', () => {
  const overlay = file('overlay.js');
  expect(overlay.length).toBeLessThanOrEqual(30 * 1_024);
  expect(gzipSync(overlay, { level: 9 }).length).toBeLessThanOrEqual(12 * 1_024);
});

test('what is in the panel, which only a panel about to open loads, has at most 34 kB (of 1,024 bytes)', () => {
  expect(file('overlay-more.js').length).toBeLessThanOrEqual(34 * 1_024);
});

test('the marks in lists, which only pages with lists load where the settings want them, have at most 12 kB (of 1,024 bytes)', () => {
  expect(file('marks.js').length).toBeLessThanOrEqual(12 * 1_024);
});

test('each is one self-contained script', () => {
  for (const path of ['src/extension/detector/index.js', 'overlay.js', 'overlay-more.js', 'marks.js'])
    expect(file(path).toString()).not.toMatch(/^import |\bimport\(|\brequire\(/m);
});
