import fc from 'fast-check';
import { LONG } from './long.ts';

/** In `npm test` every property sees the same values each time, so that none fails by chance; the long version looks further. */
if (!LONG) fc.configureGlobal({ seed: 1 });
