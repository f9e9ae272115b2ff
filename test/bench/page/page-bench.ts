import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { DIST } from '../../e2e/dist.ts';
import { configure, pathOf, signIn, startWorld, type World } from '../../e2e/world.ts';
import { compare } from './loads.ts';
import { pageOf, sideBySide } from './report.ts';
import { shifts } from './shifts.ts';
import { wait } from './waits.ts';

/**
 * `npm run bench:page [-- PAIRS]`: measures the built extension in Chromium on the sandbox's Lightning pages and writes
 * docs/page-benchmarks.md. With SALESFORCE_INSPECTOR set to the folder of an unpacked Salesforce Inspector Reloaded, that
 * is measured beside it. With `--against FOLDER` another build of the extension is measured in turns with this one, both
 * are printed side by side, and nothing is written: a machine's speed changes from hour to hour by more than a change does.
 */

const { values, positionals } = parseArgs({ allowPositionals: true, options: { against: { type: 'string' } } });
const pairs = Number(positionals[0] ?? 25);
const inspector = process.env.SALESFORCE_INSPECTOR;
if (!Number.isInteger(pairs) || pairs < 1) throw new Error('the number of pairs must be a whole number');
for (const folder of [inspector, values.against])
  if (folder !== undefined && !existsSync(join(folder, 'manifest.json')))
    throw new Error(`no unpacked extension in ${folder}`);

const FILES = ['src/extension/detector/index.js', 'overlay.js', 'overlay-more.js'];
const sizes = FILES.map((path) => {
  const file = readFileSync(join(DIST, path));
  return { path, bytes: file.length, packed: gzipSync(file, { level: 9 }).length };
});

const load = loadavg()[0] ?? 0;
const said = (words: string) => process.stderr.write(`${words}\n`);

async function prepared(dist: string): Promise<World> {
  const world = await startWorld({ people: 400, dist });
  await configure(world);
  const page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, page);
  await page.close();
  return world;
}

const world = await prepared(DIST);
const against = values.against === undefined ? undefined : await prepared(resolve(values.against));
said('layout shifts …');
const moved = await shifts(world);
said(`${pairs} pairs of loads …`);
const loads = await compare([world, against], pairs, inspector);
said(`${pairs} rounds of waiting …`);
const [waits, others] = await wait([world, against], pairs);
const browser = world.context.browser()?.version() ?? 'unknown';
await world.close();
await against?.close();

const machine = `${cpus().length} cores with a load of ${load.toFixed(1)} at the start, ${cpus()[0]?.model.trim() ?? 'unknown'}, Chromium ${browser}, Node ${process.versions.node}`;
const measured = { pairs, machine, loads, waits, moved, sizes };
if (others)
  process.stdout.write(
    sideBySide(measured, { ...measured, loads: { ...loads, optbridge: loads.against }, waits: others }),
  );
else {
  writeFileSync('docs/page-benchmarks.md', pageOf(measured));
  said('docs/page-benchmarks.md');
}
