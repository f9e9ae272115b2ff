/**
 * Somebody asked the run to stop (SIGTERM, Ctrl-C). Thrown between two pages of a reading, or between two batches of
 * writes, never within one: what is left behind is what a run that was killed there would leave, only tidier.
 */
export class Stopped extends Error {}
