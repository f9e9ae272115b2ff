const DAY = 24 * 60 * 60_000;

/** As many acts as are kept here; one that is not over is kept in any case. */
export const MOST_KEPT = 100;
/** An act that is over is forgotten after this long, in milliseconds, when the next click is done. */
export const LONGEST_KEPT = 90 * DAY;
