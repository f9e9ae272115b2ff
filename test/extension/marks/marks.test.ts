import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saysOf } from '../../../src/extension/marks/says.ts';
import { SIZE, spotOf } from '../../../src/extension/marks/spot.ts';
import { textsOf } from '../locales.ts';

describe('what a mark says', () => {
  test.each([
    ['out', 'out', null, 'out', 'Opted out in Salesforce'],
    ['out', 'in', null, 'out', 'Opted out in Salesforce'],
    ['out', null, null, 'out', 'Opted out in Salesforce'],
    ['in', 'out', null, 'out', 'Opted out in ActiveCampaign'],
    ['in', 'in', null, 'in', 'Email allowed in Salesforce and ActiveCampaign'],
    ['in', null, null, 'in', 'Email allowed in Salesforce; ActiveCampaign was not asked'],
    ['unknown', 'in', null, 'unknown', 'Not known: no contact or lead of yours has this address'],
    ['unknown', 'out', null, 'out', 'Opted out in ActiveCampaign'],
    ['unknown', null, 'unauthorised', 'unknown', 'Not known: sign in to Salesforce with OptBridge first'],
    ['unknown', null, 'forbidden', 'unknown', 'Not known: Salesforce could not be asked'],
  ] as const)(
    'Salesforce %s, ActiveCampaign %s, problem %s: %s',
    (salesforce, activecampaign, problem, sign, words) => {
      const said = saysOf({ salesforce, activecampaign }, problem);
      expect(said.sign).toBe(sign);
      const text = textsOf('en')[said.key] ?? '';
      if (salesforce === 'out' && activecampaign === 'out')
        expect(text).toBe('Opted out in Salesforce and ActiveCampaign');
      else expect(text).toBe(words);
    },
  );

  test('without an answer it is not known', () => {
    expect(saysOf(undefined, null).sign).toBe('unknown');
  });
});

describe('where a mark goes', () => {
  const boxes = fc
    .record({
      left: fc.integer({ min: 0, max: 500 }),
      wide: fc.integer({ min: 1, max: 300 }),
      room: fc.integer({ min: 0, max: 200 }),
    })
    .map(({ left, wide, room }) => ({
      text: { left, right: left + wide, top: 100, bottom: 118 },
      cell: { left: left - 8, right: left + wide + room, top: 96, bottom: 122 },
    }));

  test('never over the address, nor where Lightning shows its pencil, at the end of the cell', () => {
    fc.assert(
      fc.property(boxes, ({ text, cell }) => {
        const { x } = spotOf(text, cell);
        expect(x + SIZE <= text.left || x >= text.right).toBe(true);
        if (x >= text.right) expect(x + SIZE).toBeLessThanOrEqual(cell.right - 24);
      }),
    );
  });

  test('in the middle of the line', () => {
    fc.assert(
      fc.property(boxes, ({ text, cell }) => {
        expect(spotOf(text, cell).y + SIZE / 2).toBe((text.top + text.bottom) / 2);
      }),
    );
  });
});
