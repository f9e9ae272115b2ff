/**
 * Rows of a CSV text as Bulk 2.0 gives it: comma, LF or CRLF, quotes doubled. One row after another, so that a page of
 * any size takes no more memory than its text. Undefined stands for a text that is no CSV or is cut.
 */
export function* csvRows(text: string): Generator<readonly string[] | undefined> {
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (text.charCodeAt(at) === QUOTE) {
        let from = at + 1;
        for (;;) {
          const end = text.indexOf('"', from);
          if (end < 0) return yield undefined;
          cell += text.slice(from, end);
          at = end + 1;
          if (text.charCodeAt(at) !== QUOTE) break;
          cell += '"';
          from = at + 1;
        }
      } else {
        const from = at;
        while (at < text.length && !isEnd(text.charCodeAt(at))) at += 1;
        cell = text.slice(from, at);
      }
      cells.push(cell);
      if (text.charCodeAt(at) === CR) at += 1;
      if (at >= text.length) break;
      const next = text.charCodeAt(at++);
      if (next === LF) break;
      if (next !== COMMA) return yield undefined;
    }
    yield cells;
  }
}

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;

function isEnd(code: number): boolean {
  return code === COMMA || code === LF || code === CR;
}

/** One line of CSV, every value quoted. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join()}\n`;
}
