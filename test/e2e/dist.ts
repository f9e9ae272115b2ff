import { resolve } from 'node:path';

/** The built extension that the tests drive: what `npm run build` wrote, or another build to be tried. */
export const DIST = resolve(process.env.OPTBRIDGE_DIST ?? 'dist/chrome');
