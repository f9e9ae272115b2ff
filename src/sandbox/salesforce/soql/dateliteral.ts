/** A span of time, from `start` (included) to `end` (excluded), in milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const DAY = 86_400_000;
type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/** The start of the unit that lies `steps` units from the one around `now`. Weeks begin on Sunday; all in UTC. */
function startOf(unit: Unit, now: number, steps: number): number {
  const at = new Date(now);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const day = Date.UTC(year, month, at.getUTCDate());
  switch (unit) {
    case 'DAY':
      return day + steps * DAY;
    case 'WEEK':
      return day - at.getUTCDay() * DAY + steps * 7 * DAY;
    case 'MONTH':
      return Date.UTC(year, month + steps, 1);
    case 'QUARTER':
      return Date.UTC(year, month - (month % 3) + steps * 3, 1);
    case 'YEAR':
      return Date.UTC(year + steps, 0, 1);
  }
}

const units = (unit: Unit, now: number, from: number, to: number): Span => ({
  start: startOf(unit, now, from),
  end: startOf(unit, now, to),
});

const NAMED = { TODAY: 0, YESTERDAY: -1, TOMORROW: 1 } as const;

/**
 * The span that a SOQL date literal means at `now`, such as `TODAY`, `LAST_N_DAYS:30`, `THIS_QUARTER`; undefined for
 * words that are none. A user's own time zone is not emulated: days are UTC days.
 */
export function spanOf(literal: string, now: number): Span | undefined {
  const text = literal.toUpperCase();
  for (const [name, step] of Object.entries(NAMED)) if (text === name) return units('DAY', now, step, step + 1);
  if (text === 'LAST_90_DAYS') return units('DAY', now, -90, 1);
  if (text === 'NEXT_90_DAYS') return units('DAY', now, 1, 91);
  const single = /^(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(text);
  if (single) {
    const step = { LAST: -1, THIS: 0, NEXT: 1 }[single[1] ?? ''] ?? 0;
    return units(single[2] as Unit, now, step, step + 1);
  }
  const many = /^(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S:(\d+)$/.exec(text);
  if (many) {
    const [unit, n] = [many[2] as Unit, Number(many[3])];
    // The current day belongs to LAST_N_DAYS; the current week, month, quarter or year does not.
    if (many[1] === 'LAST') return units(unit, now, -n, unit === 'DAY' ? 1 : 0);
    return units(unit, now, 1, n + 1);
  }
  const ago = /^N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO:(\d+)$/.exec(text);
  if (ago) return units(ago[1] as Unit, now, -Number(ago[2]), 1 - Number(ago[2]));
  return undefined;
}
