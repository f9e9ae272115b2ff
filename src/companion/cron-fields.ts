/** The five fields of a cron pattern as the values they stand for, in order; null stands for every value. */
export interface CronFields {
  readonly minutes: readonly number[] | null;
  readonly hours: readonly number[] | null;
  /** Days of the month. */
  readonly days: readonly number[] | null;
  readonly months: readonly number[] | null;
  /** 0 is Sunday. */
  readonly weekdays: readonly number[] | null;
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MINUTE: Field = { name: 'minute', from: 0, to: 59 };
const HOUR: Field = { name: 'hour', from: 0, to: 23 };
const DAY: Field = { name: 'day of the month', from: 1, to: 31 };
const MONTH: Field = {
  name: 'month',
  from: 1,
  to: 12,
  names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
};
/** 7 is Sunday too. */
const WEEKDAY: Field = { name: 'day of the week', from: 0, to: 7, names: 'sun mon tue wed thu fri sat'.split(' ') };

/**
 * Reads a cron pattern of the kind that every scheduler agrees on: five fields of numbers or names, with `*`, lists,
 * ranges and steps. Days of the month together with days of the week are refused: cron takes either, systemd both.
 * @throws Error saying what is wrong with it
 */
export function cronFields(pattern: string): CronFields {
  const parts = pattern.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = parts;
  if (parts.length !== 5 || !minute || !hour || !day || !month || !weekday)
    throw new Error(`"${pattern}" is not five fields: minute, hour, day of the month, month, day of the week`);
  const fields = {
    minutes: expand(minute, MINUTE),
    hours: expand(hour, HOUR),
    days: expand(day, DAY),
    months: expand(month, MONTH),
    weekdays: sundayIsZero(expand(weekday, WEEKDAY)),
  };
  if (fields.days && fields.weekdays)
    throw new Error(
      `"${pattern}" names days of the month and days of the week; schedulers disagree about what that means, so name one`,
    );
  return fields;
}

/** A crontab's five fields, numbers only. */
export function cronText({ minutes, hours, days, months, weekdays }: CronFields): string {
  return [minutes, hours, days, months, weekdays].map((field) => field?.join(',') ?? '*').join(' ');
}

function expand(text: string, field: Field): number[] | null {
  if (text === '*') return null;
  const values = new Set(text.split(',').flatMap((part) => expandPart(part, field)));
  return [...values].sort((a, b) => a - b);
}

function expandPart(part: string, field: Field): number[] {
  const [, first = '', last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const wrong = () => new Error(`"${part}" is no ${field.name}`);
  const every = step === undefined ? 1 : Number(step);
  if (first === '' || every === 0 || (first === '*' && last !== undefined)) throw wrong();
  if (step !== undefined && first !== '*' && last === undefined) throw wrong();
  const value = (word: string) => {
    const named = field.names?.indexOf(word.toLowerCase()) ?? -1;
    const number = named >= 0 ? named + (field === MONTH ? 1 : 0) : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (!(number >= field.from && number <= field.to)) throw wrong();
    return number;
  };
  const from = first === '*' ? field.from : value(first);
  const to = first === '*' ? field.to : value(last ?? first);
  if (to < from) throw wrong();
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
}

function sundayIsZero(weekdays: readonly number[] | null): number[] | null {
  return weekdays && [...new Set(weekdays.map((day) => day % 7))].sort((a, b) => a - b);
}
