/** Milliseconds that a test waits for what comes about by itself: far more than it takes where other work has the processors. */
export const PATIENCE = 60_000;
