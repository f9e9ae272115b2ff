/** Prose is read best in lines of no more, and a file or another program gets such lines. */
const MOST = 80;
/** Narrower, a list of addresses is not read any better. */
const LEAST = 40;

let width = MOST;

/**
 * Fits what is printed from now on to a terminal that is narrower than 80 columns: it would break lines within words.
 * Said once, when the process starts.
 * @param columns undefined where it is no terminal
 */
export function fitTo(columns: number | undefined): void {
  width = Math.min(MOST, Math.max(LEAST, columns || MOST));
}

/** How many columns a line of prose has. */
export const lineWidth = () => width;

/** Whether lines are shorter than what a table is laid out for. */
export const isNarrow = () => width < MOST;
