import { expect, it } from 'vitest';
import { givenOut } from '../../src/cli/report-json.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { noReport, type Report, type ReportedDecision } from '../../src/companion/report.ts';

/** How a report goes out as JSON. */

const report = noReport('done', '') as unknown as Report;
const decision = (n: number): ReportedDecision => ({
  person: `person.${n}@example.com`,
  records: [],
  contact: `${n}`,
  reason: 'agreed',
  conflict: false,
  outcome: 'nothing',
  changes: [],
  words: null,
});

function given(json: boolean) {
  const parts: string[] = [];
  const terminal = { out: (text: string) => parts.push(text) } as unknown as Terminal;
  return { parts, ...givenOut(terminal, json) };
}

it('is one object, however many people are in it, and goes out in parts', () => {
  const { parts, options, end } = given(true);
  const people = Array.from({ length: 2000 }, (_, n) => decision(n));
  for (const each of people) options.each?.(each);
  expect(parts.length).toBeGreaterThan(1);
  end(report);
  expect(parts.at(-1)?.endsWith('\n')).toBe(true);
  expect(JSON.parse(parts.join(''))).toEqual({ ...report, decisions: people });
});

it('is whole where nobody was decided about', () => {
  const { parts, options, end } = given(true);
  expect(options.named).toBe(0);
  end(report);
  expect(JSON.parse(parts.join(''))).toEqual({ ...report, decisions: [] });
});

it('asks for no more people than are shown where it goes out in words', () => {
  expect(given(false).options).toEqual({ named: 10 });
});
