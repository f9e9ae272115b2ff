import { SalesforceError } from '../errors.ts';

/** The delimiters a job may name. */
export const DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ',',
  BACKQUOTE: '`',
  CARET: '^',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
};

export const LINE_ENDINGS: Readonly<Record<string, string>> = { LF: '\n', CRLF: '\r\n' };

/** One line, every value in quotes, as Bulk results are. */
export function csvLine(cells: readonly string[], delimiter: string, ending: string): string {
  return cells.map((cell) => `"${cell.replace(/"/g, '""')}"`).join(delimiter) + ending;
}

/** Splits CSV into rows of cells; nothing is trimmed. Throws InvalidBatch on a quote that does not end. */
export function csvRows(text: string, delimiter: string, ending: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
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
    cell += text.slice(at, stop);
    row.push(cell);
    if (stop < text.length && text.startsWith(ending, stop)) {
      rows.push(row);
      row = [];
      at = stop + ending.length;
    } else {
      at = stop + delimiter.length;
      if (stop >= text.length) rows.push(row);
      else if (at >= text.length) {
        rows.push([...row, '']);
      }
    }
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== '');
}
