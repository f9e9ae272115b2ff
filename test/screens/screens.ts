import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { photographPages } from './pages.ts';
import { smaller } from './png.ts';
import { photographStates } from './states.ts';

/**
 * `npm run screens [-- NAME…]`: makes the pictures of docs/screens anew, or those whose names begin so. Every state of the
 * overlay on a stage of its own, and the real extension on the pages of the sandbox; light and dark; the clock stands still.
 */

const FOLDER = 'docs/screens';
const wanted = process.argv.slice(2);

if (wanted.length === 0) rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });

const keep = async (name: string, take: () => Promise<Buffer>): Promise<void> => {
  if (wanted.length > 0 && !wanted.some((word) => name.startsWith(word))) return;
  const picture = smaller(await take());
  writeFileSync(join(FOLDER, `${name}.png`), picture);
  process.stdout.write(`${name} ${Math.round(picture.length / 1000)} kB\n`);
};
await photographStates(keep);
await photographPages(keep);
const bytes = readdirSync(FOLDER).reduce((sum, name) => sum + statSync(join(FOLDER, name)).size, 0);
process.stdout.write(`${readdirSync(FOLDER).length} pictures, ${(bytes / 1e6).toFixed(1)} MB\n`);

/** Keeps a picture under a name, unless it is not wanted. */
export type Keep = typeof keep;
