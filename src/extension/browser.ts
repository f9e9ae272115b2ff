/** The extension API under either of its names. Both answer with promises in Manifest V3, so no polyfill is needed. */
export const browser: typeof chrome = (globalThis as { browser?: typeof chrome }).browser ?? globalThis.chrome;

/** Firefox refuses options that it does not know; only it tells its own name this way. */
export const FIREFOX = 'getBrowserInfo' in browser.runtime;
