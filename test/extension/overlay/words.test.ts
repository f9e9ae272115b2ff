import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import messages from '../../../public/_locales/en/messages.json' with { type: 'json' };
import { ago } from '../../../src/extension/overlay/times.ts';
import { createWords } from '../../../src/extension/overlay/words.ts';
import { wordsIn } from '../locales.ts';
import { english } from './english.ts';

const NOW = Date.UTC(2026, 10, 21, 14, 2);

/** It says by such a name why it does nothing that is asked. */
const background = ['api', 'panel-api']
  .map((name) => readFileSync(new URL(`../../../src/extension/background/${name}.ts`, import.meta.url), 'utf8'))
  .join('');

describe('the texts', () => {
  test('say every refusal that somebody at the page may get', () => {
    const refusals = [...background.matchAll(/'(refused_\w+)'/g)].map(([, key]) => `overlay_${key}`);
    expect(refusals.length).toBeGreaterThan(3);
    expect(refusals.filter((key) => !(key in messages))).toEqual([]);
  });

  test('every one is used, under its own name or one that ends in a state, a kind, a status or a service', () => {
    const folder = new URL('../../../src/extension/overlay/', import.meta.url);
    const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .concat(background)
      .join();
    const states =
      /^(loading|subscribed|opted_out|differs|pending|not_in_activecampaign|no_email|signed_out|unavailable|gone|saving)(_title|_words)?$/;
    const parts =
      /^(problem|own|list|service|step|record|unseen|reason|via)_|^why_(campaign|automation)$|_(one|other)$/;
    const unused = Object.keys(messages)
      .filter((name) => name.startsWith('overlay_'))
      .map((name) => name.slice('overlay_'.length))
      .filter((key) => !states.test(key) && !parts.test(key) && !source.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });

  test('a count takes the form that the plural rules of the texts’ language ask for, whatever else the reader reads', () => {
    expect(english().count('says_salesforce', 1)).toBe('Salesforce says no, ActiveCampaign still mails 1 list.');
    expect(english('ja').count('says_salesforce', 1)).toBe('Salesforce says no, ActiveCampaign still mails 1 list.');
    expect(english('ar').count('lists_of', 2, 1)).toBe('1 of 2 lists');
    // In French, nought is singular.
    expect(wordsIn('fr').count('activecampaign_on', 0)).toBe('AC\u00a0: 0 liste');
  });

  test('a name that runs from right to left is set apart, and turns nothing round but itself', () => {
    expect(english().say('joined', 'محمد', 'שרה')).toBe('\u2068محمد\u2069, \u2068שרה\u2069');
    expect(english().say('joined', 'Jürgen Łuk', '山田')).toBe('Jürgen Łuk, 山田');
  });

  test('what a reason or a name contains is shown as it is', () => {
    expect(english().say('quoted', '$1 & <b>$2</b>')).toBe('“$1 & <b>$2</b>”');
  });

  test('dates are the reader’s, with the year only where it is another one', () => {
    expect(english('en-GB').day('2026-03-03T12:00:00Z', NOW)).toBe('3 Mar');
    expect(english('en-US').day('2025-03-03T12:00:00Z', NOW)).toBe('Mar 3, 2025');
    expect(wordsIn('de', ['fr', 'de-AT']).day('2025-01-03T12:00:00Z', NOW)).toBe('3. Jän. 2025');
  });

  test('a reader of another language gets dates in the language of the texts: no sentence is in two', () => {
    expect(wordsIn('en', ['pl']).day('2025-03-03T12:00:00Z', NOW)).toBe('Mar 3, 2025');
    expect(ago(new Date(NOW - 3_000).toISOString(), NOW, wordsIn('ja', ['en-GB', 'ja']))).toMatch(/^3 ?秒前$/);
  });

  test.each([
    [0, /^now$/],
    [3_000, /^3 ?s/],
    [120_000, /^2 ?m/],
    [7_200_000, /^2 ?h/],
  ])('%i ms ago', (milliseconds, words) => {
    expect(ago(new Date(NOW - milliseconds).toISOString(), NOW, english())).toMatch(words);
  });

  test.each([
    [8_000, '8 sec'],
    [89_000, '89 sec'],
    [600_000, '10 min'],
    [21_600_000, '6 hr'],
  ])('in %i ms', (milliseconds, words) => {
    expect(english().span(milliseconds)).toBe(words);
  });

  test('the last words can still be said when the extension is gone', () => {
    let gone = false;
    const words = createWords(
      (name) => {
        if (gone) throw new Error('Extension context invalidated.');
        return Object.entries(messages).find(([key]) => key === name)?.[1].message ?? '';
      },
      { languages: ['en'] },
    );
    gone = true;
    expect(words.say('gone_title')).toBe('Refresh this tab');
    expect(words.say('gone_words')).not.toBe('');
    expect(words.say('refresh')).toBe('');
  });
});
