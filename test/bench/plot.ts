import type { Measured } from './measure.ts';

const WIDTH = 720;
const HEIGHT = 300;
const KINDS = ['first', 'idle', 'full'] as const;
const COLOURS = { first: '#2563eb', idle: '#059669', full: '#d97706' } as const;

/** Two charts side by side over the number of contacts: peak memory, and processor time for a page. */
export function plotOf(runs: readonly Measured[]): string {
  const sizes = [...new Set(runs.map(({ people }) => people))].sort((a, b) => a - b);
  const charts = [
    chart(runs, sizes, 50, 'Peak memory, MB', 200, (run) => run.peakMegabytes),
    chart(runs, sizes, 410, 'CPU for a page of 100 contacts, ms, beyond 1.5 s', 4, cpuOfPage),
  ];
  const legend = KINDS.map(
    (kind, n) =>
      `<rect x="${50 + n * 90}" y="280" width="10" height="10" fill="${COLOURS[kind]}"/><text x="${65 + n * 90}" y="289">${kind} run</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="Peak memory and processor time by number of contacts"><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>${charts.join('')}${legend.join('')}<text x="330" y="289">dashed: the target</text></svg>\n`;
}

/** What a page costs once the second and a half of starting and ending is taken off. */
export function cpuOfPage({ userSeconds, systemSeconds, pages }: Measured): number {
  return Math.max(0, ((userSeconds + systemSeconds - 1.5) * 1000) / pages);
}

function chart(
  runs: readonly Measured[],
  sizes: readonly number[],
  left: number,
  title: string,
  target: number,
  value: (run: Measured) => number,
): string {
  const top = Math.max(target, ...runs.map(value)) * 1.15;
  const y = (amount: number) => 250 - (amount / top) * 200;
  const bars = sizes.flatMap((people, at) =>
    KINDS.flatMap((kind, n) => {
      const run = runs.find((one) => one.people === people && one.kind === kind);
      if (!run) return [];
      const x = left + 15 + at * 90 + n * 22;
      const amount = value(run);
      const words = amount >= 20 ? amount.toFixed(0) : amount.toFixed(1);
      return `<rect x="${x}" y="${y(amount)}" width="18" height="${250 - y(amount)}" fill="${COLOURS[kind]}"/><text x="${x + 9}" y="${y(amount) - 4}" text-anchor="middle" font-size="9">${words}</text>`;
    }),
  );
  const names = sizes.map(
    (people, at) =>
      `<text x="${left + 46 + at * 90}" y="265" text-anchor="middle">${people.toLocaleString('en-GB')}</text>`,
  );
  return `<text x="${left}" y="25" font-weight="600">${title}</text><line x1="${left}" y1="250" x2="${left + 290}" y2="250" stroke="#94a3b8"/><line x1="${left}" y1="${y(target)}" x2="${left + 290}" y2="${y(target)}" stroke="#dc2626" stroke-dasharray="4 3"/>${bars.join('')}${names.join('')}`;
}
