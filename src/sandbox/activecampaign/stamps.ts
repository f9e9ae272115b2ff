const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The instants at which summer time begins and ends in the United States in a year (rule of 2007). */
const summers = new Map<number, readonly [number, number]>();

function summer(year: number): readonly [number, number] {
  const known = summers.get(year);
  if (known) return known;
  const sunday = (month: number, nth: number) => {
    const first = Date.UTC(year, month, 1);
    return first + (((7 - new Date(first).getUTCDay()) % 7) + 7 * (nth - 1)) * DAY;
  };
  const span = [sunday(2, 2) + 8 * HOUR, sunday(10, 1) + 7 * HOUR] as const;
  summers.set(year, span);
  return span;
}

/** Hours that US Central time is behind UTC: 5 in summer, 6 in winter. */
export function centralOffset(instant: number): 5 | 6 {
  const [begin, end] = summer(new Date(instant).getUTCFullYear());
  return instant >= begin && instant < end ? 5 : 6;
}

/** `2020-05-24 05:16:44`: Central wall time. Also what ActiveCampaign puts in the fields that say `utc`. */
export function wallStamp(instant: number): string {
  return new Date(instant - centralOffset(instant) * HOUR).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2020-05-24T05:16:44-05:00`: Central time with its offset. */
export function stamp(instant: number): string {
  const offset = centralOffset(instant);
  return `${new Date(instant - offset * HOUR).toISOString().slice(0, 19)}-0${offset}:00`;
}

/**
 * The instant that a date filter means, undefined if it is no date. A value without a zone is taken as Central time
 * (unsure: facts section 2).
 */
export function parseStamp(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?$/.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const [, day, time = '00:00:00', zone] = match;
  const instant = Date.parse(`${day}T${time}${zone ?? 'Z'}`);
  if (Number.isNaN(instant)) return undefined;
  return zone ? instant : instant + centralOffset(instant + 6 * HOUR) * HOUR;
}
