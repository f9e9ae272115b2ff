import { isNarrow, lineWidth } from './width.ts';

/** How the commands word times, numbers and tables. */

/** An instant as people read it, e.g. `2026-11-21 20:04 UTC`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something took or has been, in the largest unit that says it: `3 days`, `5 hours`, `40 seconds`. */
export function span(ms: number): string {
  const of = (size: number, one: string) => counted(Math.max(0, Math.floor(ms / size)), one, `${one}s`);
  if (ms >= 2 * DAY) return of(DAY, 'day');
  if (ms >= 2 * HOUR) return of(HOUR, 'hour');
  if (ms >= 2 * MINUTE) return of(MINUTE, 'minute');
  return of(1000, 'second');
}

/** `1 person`, `1,204 people`. */
export function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * Lines of a table: columns as wide as their widest cell; `>` before a heading aligns it to the right. On a terminal that
 * is too narrow for it each row is told by itself: its first cell, and below it the others by name.
 */
export function columns(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const right = headings.map((heading) => heading.startsWith('>'));
  const names = headings.map((heading) => heading.replace(/^>/, ''));
  const all = [names, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  if (isNarrow() && widths.reduce((sum, width) => sum + width + 2, -2) > lineWidth())
    return rows.flatMap((row) => oneByOne(names, row));
  return all.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return right[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function oneByOne([, ...names]: readonly string[], [first = '', ...cells]: readonly string[]): string[] {
  const indent = `${/^ */.exec(first)?.[0] ?? ''}    `;
  const named = cells.map((cell, column) => (cell === '' || names[column] === '' ? cell : `${names[column]}: ${cell}`));
  const rest = named.filter((text) => text !== '').join('; ');
  return [first, ...(rest === '' ? [] : wrapped(`${indent}${rest}`, indent))];
}

/**
 * Text in lines of at most `width` columns, broken between words. It keeps the blanks that it begins with; further
 * lines are indented by `indent`.
 */
export function wrapped(text: string, indent = '', width = lineWidth()): string[] {
  const lines: string[] = [];
  const words = text.trimStart();
  let line = text.slice(0, text.length - words.length);
  let begun = false;
  for (const word of words.split(' ')) {
    if (begun && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = begun ? `${line} ${word}` : `${line}${word}`;
    begun = true;
  }
  return [...lines, line];
}
