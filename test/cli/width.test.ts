import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnosis } from '../../src/cli/texts/doctor.ts';
import { columns, wrapped } from '../../src/cli/texts/plain.ts';
import { fitTo } from '../../src/cli/texts/width.ts';
import { findingIn } from '../../src/companion/doctor/finding.ts';

/** A terminal narrower than 80 columns, as on a phone, breaks longer lines within words. */

const PROSE = 'Salesforce: everybody was read: no reading was finished with this store before.';
const HEADINGS = ['run', 'outcome', '>out', ''];
const ROWS = [
  ['20261130T070244Z-sgau', 'done', '38', 'a conflict: the opt-out won'],
  ['20261130T070311Z-io6i', 'unfinished', '', ''],
];
const longest = (lines: readonly string[]) => Math.max(...lines.map((line) => line.length));

afterEach(() => fitTo(undefined));

describe('a terminal of 40 columns', () => {
  beforeEach(() => fitTo(40));

  it('gets prose in lines that fit', () => {
    expect(wrapped(PROSE, '  ')).toEqual([
      'Salesforce: everybody was read: no',
      '  reading was finished with this store',
      '  before.',
    ]);
  });

  it('gets the findings of the doctor in lines that fit', () => {
    const finding = findingIn('store')('file', 'warning', PROSE, PROSE);
    const titles = { store: 'Store', salesforce: '', activecampaign: '', clock: '', schedule: '' };
    const text = diagnosis([finding], { colours: false, titles, sameConfig: '' });
    expect(longest(text.split('\n').slice(0, -2))).toBeLessThanOrEqual(40);
  });

  it('gets a table that is too wide row by row, each cell with its name', () => {
    expect(columns(HEADINGS, ROWS)).toEqual([
      '20261130T070244Z-sgau',
      '    outcome: done; out: 38; a conflict:',
      '    the opt-out won',
      '20261130T070311Z-io6i',
      '    outcome: unfinished',
    ]);
    expect(columns(['who', 'why'], [['ann@example.com', 'failed']])).toEqual([
      'who              why',
      'ann@example.com  failed',
    ]);
  });
});

it('whatever is no terminal, and a wide one, gets lines of 80 columns and whole tables', () => {
  for (const wide of [undefined, 0, 80, 200]) {
    fitTo(wide);
    expect(wrapped(PROSE)).toEqual([PROSE]);
    expect(wrapped(`${PROSE} ${PROSE}`)).toHaveLength(2);
    expect(columns(HEADINGS, ROWS)[0]).toMatch(/^run +outcome +out$/);
  }
});
