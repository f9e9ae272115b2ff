import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Status } from '../../src/extension/messages.ts';
import { faceOf } from '../../src/extension/overlay/face.ts';
import { SETTING_NAMES } from '../../src/extension/settings/catalogue.ts';
import { NOW, RECORD, STATUSES } from '../e2e/statuses.ts';
import { LOCALES, textsOf, wordsIn } from './locales.ts';

const english = textsOf('en');
const keys = Object.keys(english);
const others = LOCALES.filter((locale) => locale !== 'en');

/** The extension's sources but for the overlay, whose keys the compiler checks (words.ts). */
const pages = readdirSync('src/extension', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/^overlay\b/.test(path))
  .map((path) => readFileSync(join('src/extension', path), 'utf8'))
  .join('\n');

/** Of each setting: its name, its hint and what is said of a wrong value. */
const SETTINGS = SETTING_NAMES.flatMap((name) => ['', '_hint', '_wrong'].map((part) => `settings_${name}${part}`));

const placeholders = (text: string) => [...new Set(text.match(/\$\d/g))].sort();
/** A full stop, a colon, a question mark, an ellipsis, or nothing: how a text ends, whatever the script. */
const ending = (text: string) =>
  ({ '。': '.', '：': ':', '？': '?' })[text.at(-1) ?? ''] ?? /[.:?…]$/.exec(text)?.[0] ?? '';

test('the extension speaks English, German, Brazilian Portuguese, Spanish, French and Japanese', () => {
  expect([...LOCALES].sort()).toEqual(['de', 'en', 'es', 'fr', 'ja', 'pt_BR']);
});

/** Every key that the pages ask for: as it is, or as what is wrong with a setting (catalogue.ts). */
const asked = [
  ...[...pages.matchAll(/'((?:options|signin|settings|popup|badge|marks|task)_\w+)'|(?<!\.)\bsay\('(\w+)'/g)].map(
    ([, named, said]) => named ?? said ?? '',
  ),
  ...[...pages.matchAll(/\bwrong\('(\w+)'\)/g)].map(([, what]) => `settings_${what}`),
];

describe('the keys', () => {
  test('that the pages and the manifest ask for exist', () => {
    const inManifest = [...readFileSync('manifest.json', 'utf8').matchAll(/__MSG_(\w+)__/g)].map(
      ([, key]) => key ?? '',
    );
    expect(asked.length).toBeGreaterThan(30);
    expect(inManifest.length).toBeGreaterThan(1);
    expect([...asked, ...inManifest, ...SETTINGS].filter((key) => !english[key])).toEqual([]);
  });

  test('that exist are asked for; the overlay’s are looked at in words.test.ts', () => {
    const known = new Set([...asked, ...SETTINGS]);
    expect(keys.filter((key) => !/^(overlay_|extension_|language$)/.test(key) && !known.has(key))).toEqual([]);
  });
});

describe.each(others)('%s', (locale) => {
  const texts = textsOf(locale);
  const words = wordsIn(locale);

  test('has every text, in the order of the English file, and no other', () => {
    expect(Object.keys(texts)).toEqual(keys);
    expect(keys.filter((key) => !texts[key]?.trim() || texts[key] !== texts[key]?.trim())).toEqual([]);
  });

  test('has the placeholders of each', () => {
    const wrong = keys.filter((key) => `${placeholders(texts[key] ?? '')}` !== `${placeholders(english[key] ?? '')}`);
    expect(wrong).toEqual([]);
  });

  test('repeats nothing of the English but names', () => {
    const name = /Salesforce|ActiveCampaign|OptBridge|Lead\b/g;
    const copied = keys.filter(
      (key) => texts[key] === english[key] && /\p{L}/u.test(english[key]?.replace(name, '') ?? ''),
    );
    expect(copied).toEqual([]);
  });

  test('ends each as the English does, and is set as print is', () => {
    expect(keys.filter((key) => ending(texts[key] ?? '') !== ending(english[key] ?? ''))).toEqual([]);
    expect(keys.filter((key) => /['"]|\.\.\.| {2}/.test(texts[key] ?? ''))).toEqual([]);
    // French sets a space before these that must not break.
    if (locale === 'fr') expect(keys.filter((key) => / [:;?!»]|« /.test(texts[key] ?? ''))).toEqual([]);
  });

  test('names its own language, and has a form for every count', () => {
    expect(words.language).toBe(locale.replace('_', '-'));
    const rules = new Intl.PluralRules(words.language);
    const stems = keys.filter((key) => key.endsWith('_other') && `${key.slice(0, -5)}one` in english);
    expect(stems.length).toBeGreaterThan(1);
    for (const key of stems)
      for (let n = 0; n <= 1000; n++) expect(texts).toHaveProperty(`${key.slice(0, -5)}${rules.select(n)}`);
    const form = (n: number) => texts[`overlay_activecampaign_on_${rules.select(n)}`]?.replace('$1', `${n}`);
    for (let n = 0; n <= 200; n++) expect(words.count('activecampaign_on', n)).toBe(form(n));
  });

  test.each(Object.entries<Status>(STATUSES))('the pill has room for %s, and the panel has words', (_name, status) => {
    const model = {
      record: RECORD,
      status,
      about: null,
      names: {},
      gone: false,
      open: false,
      busy: null,
      refused: null,
      now: NOW,
    };
    const face = faceOf(model, words);
    const { label, detail, countdown } = face;
    expect(room(label)).toBeLessThanOrEqual(32);
    expect(room([label, detail, countdown].filter(Boolean).join(', '))).toBeLessThanOrEqual(74);
    expect(face.title).not.toBe('');
    expect(face.words).not.toBe('');
  });
});

/** Characters of half an em; Chinese and Japanese ones count twice. */
function room(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[\u3000-\u9fff\uff00-\uff60]/.test(letter) ? 2 : 1), 0);
}

describe('a browser store', () => {
  test.each(LOCALES)('takes the name and the description, %s', (locale) => {
    const { extension_name = '', extension_description = '' } = textsOf(locale);
    expect(extension_name.length).toBeLessThanOrEqual(75);
    expect(extension_description.length).toBeLessThanOrEqual(132);
  });
});
