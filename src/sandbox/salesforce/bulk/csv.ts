import { SalesforceError } from '../errors.ts';

/** The delimiters a job may name. */
export const DELIMITERS = { COMMA: ',', BACKQUOTE: '`', CARET: '^', PIPE: '|', SEMICOLON: ';', TAB: '\t' } as const;

/** The line endings a job may name. */
export const LINE_ENDINGS = { LF: '\n', CRLF: '\r\n' } as const;

/** One line, every value in quotes, as Bulk results are. */
export function csvLine(cells: readonly string[], delimiter: string, ending: string): string {
  return cells.map((cell) => `"${cell.replace(/"/g, '""')}"`).join(delimiter) + ending;
}

/** A row of a sheet; `sound` is false where a quote stands in a value that is not in quotes, or something beside one that is. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly sound: boolean;
}

/** Splits CSV into rows; nothing is trimmed. Throws InvalidBatch on a quote that does not end. */
export function csvSheet(text: string, delimiter: string, ending: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let row: string[] = [];
  let sound = true;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    let cell = '';
    const quoted = text[at] === '"';
    if (quoted) {
      for (at += 1; ; ) {
        const close = text.indexOf('"', at);
        if (close < 0)
          throw new SalesforceError(400, 'InvalidBatch', 'InvalidBatch : Failed to parse CSV: a quote is not closed');
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const stops = [text.indexOf(delimiter, at), text.indexOf(ending, at)].map((i) => (i < 0 ? text.length : i));
    const stop = Math.min(...stops);
    const rest = text.slice(at, stop);
    if (quoted ? rest !== '' : rest.includes('"')) sound = false;
    row.push(cell + rest);
    if (stop < text.length && text.startsWith(ending, stop)) {
      rows.push({ cells: row, sound });
      row = [];
      sound = true;
      at = stop + ending.length;
    } else {
      at = stop + delimiter.length;
      if (stop >= text.length) rows.push({ cells: row, sound });
      else if (at >= text.length) rows.push({ cells: [...row, ''], sound });
    }
  }
  return rows.filter(({ cells }) => cells.length > 1 || cells[0] !== '');
}
