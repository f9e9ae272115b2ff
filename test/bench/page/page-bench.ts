import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DIST } from '../../e2e/dist.ts';
import { configure, pathOf, signIn, startWorld } from '../../e2e/world.ts';
import { compare } from './loads.ts';
import { pageOf } from './report.ts';
import { shifts } from './shifts.ts';
import { wait } from './waits.ts';

/**
 * `npm run bench:page [-- PAIRS]`: measures the built extension in Chromium on the sandbox's Lightning pages and writes
 * docs/page-benchmarks.md. With SALESFORCE_INSPECTOR set to the folder of an unpacked Salesforce Inspector Reloaded, that
 * is measured beside it.
 */

const pairs = Number(process.argv[2] ?? 25);
const inspector = process.env.SALESFORCE_INSPECTOR;
if (!Number.isInteger(pairs) || pairs < 1) throw new Error('the number of pairs must be a whole number');
if (inspector !== undefined && !existsSync(join(inspector, 'manifest.json')))
  throw new Error(`no unpacked extension in ${inspector}`);

const FILES = ['src/extension/detector/index.js', 'overlay.js', 'overlay-more.js'];
const sizes = FILES.map((path) => {
  const file = readFileSync(join(DIST, path));
  return { path, bytes: file.length, packed: gzipSync(file, { level: 9 }).length };
});

const load = loadavg()[0] ?? 0;
const said = (words: string) => process.stderr.write(`${words}\n`);
const world = await startWorld({ people: 400 });
await configure(world);
const page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
await signIn(world, page);
await page.close();
said('layout shifts …');
const moved = await shifts(world);
said(`${pairs} pairs of loads …`);
const loads = await compare(world, pairs, inspector);
said(`${pairs} rounds of waiting …`);
const waits = await wait(world, pairs);
const browser = world.context.browser()?.version() ?? 'unknown';
await world.close();

const machine = `${cpus().length} cores with a load of ${load.toFixed(1)} at the start, ${cpus()[0]?.model.trim() ?? 'unknown'}, Chromium ${browser}, Node ${process.versions.node}`;
writeFileSync('docs/page-benchmarks.md', pageOf({ pairs, machine, loads, waits, moved, sizes }));
said('docs/page-benchmarks.md');
