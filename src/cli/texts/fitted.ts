import { isNarrow, lineWidth } from './width.ts';
import { wrapped } from './wrap.ts';

/** For how many columns a help is laid out. */
const LAID_OUT = 80;

/** Lines of a help that belong together. */
interface Block {
  readonly indent: number;
  /** What stands before the words, such as an option, and the column of the words behind it. */
  readonly term?: { readonly text: string; readonly column: number };
  words: string;
}

/** The text of a help in lines that fit a terminal narrower than those that it is laid out for. */
export function fitted(help: string): string {
  if (!isNarrow()) return help;
  return blocksOf(help).flatMap(linesOf).join('\n');
}

function blocksOf(help: string): Block[] {
  const blocks: Block[] = [];
  let before = '';
  for (const line of help.split('\n')) {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const last = blocks.at(-1);
    if (line !== '' && last && before !== '' && goesOn(last, before, line, indent)) last.words += ` ${line.trim()}`;
    else blocks.push(blockIn(line, indent));
    before = line;
  }
  return blocks;
}

/** Whether a line goes on with what the one before says: under its words, or because no further word had room there. */
function goesOn({ indent, term }: Block, before: string, line: string, at: number): boolean {
  if (term) return at === term.column;
  const [first = ''] = line.trim().split(' ');
  return at === indent && before.length + 1 + first.length > LAID_OUT;
}

function blockIn(line: string, indent: number): Block {
  const [, text, gap, words] = /^ *(\S(?:.*?\S)?)( {2,})(\S.*)$/.exec(line) ?? [];
  if (text === undefined || gap === undefined || words === undefined) return { indent, words: line.trim() };
  return { indent, term: { text, column: indent + text.length + gap.length }, words };
}

/** How much of a line may be empty before the words. */
const share = () => Math.floor(lineWidth() / 3);

function linesOf({ indent, term, words }: Block): string[] {
  if (words === '') return [''];
  const column = Math.min(term?.column ?? indent, share());
  const lines = wrapped(words, lineWidth() - column).map((line) => `${' '.repeat(column)}${line}`);
  if (!term) return lines;
  const lead = `${' '.repeat(indent)}${term.text}`;
  const [first = '', ...rest] = lines;
  if (lead.length + 2 > column)
    return [...wrapped(lead, lineWidth()).map((line, n) => ' '.repeat(n === 0 ? indent : indent + 4) + line), ...lines];
  return [lead + first.slice(lead.length), ...rest];
}
