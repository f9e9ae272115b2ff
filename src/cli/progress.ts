import type { Happening } from '../companion/sync.ts';
import type { Terminal } from './terminal.ts';
import { progressLine } from './texts.ts';

/** How far a step is. */
export interface Step {
  /** What is being done, and to what. */
  readonly name: string;
  /** Steps of the same kind go on together, and share a line of the terminal. */
  readonly kind: string;
  readonly words: string;
  /** Undefined for a step that is told once. */
  readonly done?: number;
  readonly of?: number | undefined;
}

/** Lines that say how far a command is. */
export interface Lines {
  tell(step: Step): void;
  /** Ends a line that is still open. */
  end(): void;
  /** The same way of saying something, after the open line was ended: both may go to the same screen. */
  before(say: (words: string) => void): (words: string) => void;
}

/**
 * Progress on a line of its own for each step; on a terminal a step overwrites its own line. Where lines stay, a step
 * says how far it is when it is twice as far as it last said, and at its end: 2,000 pages are a dozen lines.
 */
export function linesTo({ terminal, err, columns }: Pick<Terminal, 'terminal' | 'err' | 'columns'>): Lines {
  let open = '';
  const told = new Map<string, number>();
  const isWorthALine = ({ name, done, of }: Step) => {
    if (done === undefined) return true;
    const last = told.get(name);
    if (last !== undefined && done < last * 2 && done !== of) return false;
    told.set(name, done);
    return true;
  };
  const end = () => {
    if (open !== '') err('\n');
    open = '';
  };
  const tell = (step: Step) => {
    if (!terminal) {
      if (isWorthALine(step)) err(`${step.words}\n`);
      return;
    }
    // A line that was broken in two could not be written over.
    const width = (step.done !== undefined && columns?.()) || step.words.length + 1;
    err(`${open === '' ? '' : open === step.kind ? '\r\u001b[K' : '\n'}${step.words.slice(0, width - 1)}`);
    open = step.kind;
  };
  const before = (say: (words: string) => void) => (words: string) => {
    end();
    say(words);
  };
  return { tell, end, before };
}

/** Tells how far a run is. */
export interface Progress extends Omit<Lines, 'tell'> {
  (happening: Happening): void;
}

/** The progress of a run. */
export function progressTo(terminal: Pick<Terminal, 'terminal' | 'err' | 'columns'>): Progress {
  const { tell, ...rest } = linesTo(terminal);
  const said = (happening: Happening): void => {
    const side = 'side' in happening ? happening.side : '';
    const counts = 'done' in happening ? { done: happening.done, of: happening.of } : {};
    tell({ name: `${happening.kind} ${side}`, kind: happening.kind, words: progressLine(happening), ...counts });
    if (happening.kind === 'planned' && terminal.terminal) rest.end();
  };
  return Object.assign(said, rest);
}
