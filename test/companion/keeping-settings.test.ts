import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigReader } from '../../src/companion/config-reader.ts';
import { keepingOf } from '../../src/companion/keeping-settings.ts';

const parse = (value: unknown) => {
  const reader = new ConfigReader(value, '', {});
  return reader.all(keepingOf(reader, '/etc/optbridge'));
};

describe('the settings of what is kept', () => {
  it('write no page, and forget decisions after 90 days and the audit never, unless they say so', () => {
    expect(parse({})).toEqual({ report: { dir: null, keep: 60 }, retention: { audit: null, decisions: 90 } });
  });

  it('name the folder beside the file, and days', () => {
    expect(parse({ report: { dir: './reports', keep: 7 }, retention: { audit: 365, decisions: 30 } })).toEqual({
      report: { dir: join('/etc/optbridge', 'reports'), keep: 7 },
      retention: { audit: 365, decisions: 30 },
    });
    expect(parse({ retention: { audit: 'forever' } }).retention.audit).toBe(null);
  });

  const wrong: [string, unknown, RegExp][] = [
    ['a folder that is no text', { report: { dir: 7 } }, /^report\.dir: a text is needed; this is the number 7\./],
    [
      'nothing to keep',
      { report: { dir: 'r', keep: 0 } },
      /^report\.keep: a whole number from 1 to 36500 is needed; this is the number 0\.$/,
    ],
    [
      'half a day',
      { retention: { decisions: 0.5 } },
      /^retention\.decisions: a whole number of days from 1 to 36500 is needed; this is the number 0\.5\.$/,
    ],
    [
      'an audit of a week',
      { retention: { audit: 7 } },
      /^retention\.audit: a whole number of days from 30 to 36500 is needed, or "forever"; /,
    ],
    [
      'days that no date can be counted back by',
      { retention: { decisions: 1e12 } },
      /^retention\.decisions: a whole number of days from 1 to 36500/,
    ],
    ['days in quotes', { retention: { decisions: '90' } }, /^retention\.decisions: .* this is a text\.$/],
    ['null', { retention: { audit: null } }, /^retention\.audit: null is no value/],
    ['a word', { retention: { audit: 'always' } }, /^retention\.audit: a whole number/],
    ['a misspelt key', { report: { folder: 'r', dri: 'x' } }, /^report\.folder: is not a setting/],
    [
      'a key with a suggestion',
      { retention: { audits: 60 } },
      /^retention\.audits: is not a setting\. Did you mean "audit"/,
    ],
  ];
  for (const [what, value, message] of wrong)
    it(`complain about ${what}`, () => expect(() => parse(value)).toThrow(message));
});
