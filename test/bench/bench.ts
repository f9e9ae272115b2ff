import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { QUERY_PAGE } from '../../src/salesforce/salesforce.ts';
import { type ByLists, byLists, inWords } from './lists.ts';
import { type Measured, measure } from './measure.ts';
import { BULK_ROWS, fixedOf } from './people.ts';
import { cpuOfPage, plotOf } from './plot.ts';
import { type Waited, waitFor } from './waiting.ts';

/**
 * `npm run bench [-- 10000 100000]`: measures worlds of these sizes, or of 10,000, 100,000 and 1,000,000 contacts, and
 * writes docs/benchmarks.md with its plot. Sizes that are not measured keep what docs/benchmarks.json has of them.
 * `--write-only` measures nothing.
 */

const RAW = 'docs/benchmarks.json';

interface Results {
  readonly runs: readonly Measured[];
  readonly waits: readonly Waited[];
  /** Readings of ActiveCampaign at several numbers of lists. */
  readonly lists?: readonly ByLists[];
}

const before: Results = existsSync(RAW) ? (JSON.parse(readFileSync(RAW, 'utf8')) as Results) : { runs: [], waits: [] };
const given = process.argv.slice(2).filter((word) => /^\d+$/.test(word));
const asked = given.length > 0 ? given.map(Number) : [10_000, 100_000, 1_000_000];
const sizes = process.argv.includes('--write-only') ? [] : asked;
let runs = before.runs;
let waits = before.waits;
let lists = before.lists ?? [];

if (sizes.length > 0) {
  lists = await byLists();
  const build = ['vite', 'build', '--logLevel', 'warn', '--config', 'vite.cli.config.ts', '--outDir', 'dist/bench'];
  execFileSync('npx', build, { stdio: 'inherit' });
}
for (const people of sizes) {
  process.stderr.write(`${people} contacts …\n`);
  const bulk = isMany(people) ? { rows: BULK_ROWS } : undefined;
  // What takes the most memory is a large install that begins.
  const apart = people > 100_000 ? await measure(people, bulk, 'apart') : [];
  const measured = [...(await measure(people, bulk)), ...apart];
  runs = [...runs.filter((run) => run.people !== people), ...measured];
  if (people > 100_000) continue;
  const latencies: readonly [string, (n: number) => number][] = [
    ['500 ms', () => 500],
    ['2,000 ms', () => 2000],
    ['500 to 2,000 ms', (n) => 500 + ((n * 7919) % 1501)],
  ];
  waits = waits.filter((wait) => wait.people !== people);
  for (const [words, latency] of latencies) waits = [...waits, await waitFor(people, words, latency)];
}
runs = runs.toSorted((a, b) => a.people - b.people);
waits = waits.toSorted((a, b) => a.people - b.people);
writeFileSync(RAW, `${JSON.stringify({ runs, waits, lists } satisfies Results, null, 2)}\n`);
writeFileSync('docs/benchmarks.svg', plotOf(runs));
writeFileSync('docs/benchmarks.md', page());

/** Two records in ten are leads: with them the smaller object decides whether Bulk is worth its three calls. */
function isMany(people: number): boolean {
  return (people * 2) / 10 > QUERY_PAGE;
}

function page(): string {
  const n = (value: number, digits = 0) =>
    value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const rows = runs.map((run) => {
    const { calls, floor } = run;
    const used = calls.activecampaign + calls.salesforce;
    const least = floor.activecampaign + floor.salesforce;
    const fixed = fixedOf(run.kind, isMany(run.people));
    const cells = [
      n(run.people),
      run.kind,
      `${n(calls.activecampaign)} / ${n(floor.activecampaign)}`,
      `${n(calls.salesforce)} / ${n(floor.salesforce)}`,
      n(used / least, 2),
      n(used / (least + fixed.activecampaign + fixed.salesforce), 2),
      n(run.userSeconds + run.systemSeconds, 1),
      n(cpuOfPage(run), 1),
      n(run.peakMegabytes),
      n(run.store, 1),
      n(run.received),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const waited = waits.map(
    (wait) =>
      `| ${[
        n(wait.people),
        wait.latency,
        n(wait.calls),
        n(wait.byRate),
        n(wait.byRate + wait.chain),
        n(wait.seconds),
        n(wait.seconds / wait.byRate, 2),
        n(wait.seconds / (wait.byRate + wait.chain), 2),
      ].join(' | ')} |`,
  );
  return `# Benchmarks

Made by \`npm run bench -- ${[...new Set(runs.map(({ people }) => people))].join(' ')}\` (${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}). Do not edit: the command
writes this page, its plot and benchmarks.json.

![Peak memory and processor time](benchmarks.svg)

| Contacts | Run | AC calls / floor | Salesforce calls / floor | Calls / floor | With the fixed | CPU, s | CPU a page, ms | Peak memory, MB | Store, MB | Received, MB |
| --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}

Targets: calls at most 1.1 of the floor, 4 ms a page and 1.5 s, 200 MB. *CPU a page* is what is left of the process's time after
1.5 s, for each page of 100 contacts; the Salesforce rows, the decisions and the writes are in it.

**First**: a new store; 5 % are out on both sides, 0.1 % on one side only, and are settled; ActiveCampaign is read by list, too, to
compare. **Idle**: nothing has changed; only what has changed is read in Salesforce, and ActiveCampaign by list.
**Full**: \`--full\`, after another 0.1 % have changed. **Apart**: a new store, and one in ten differs: half of them have left
in ActiveCampaign, half have the box; 5 % more are out on both sides. All 100,000 who were written to are read back on both
sides, about a hundred in a call: that is what it takes above the floor, and most of its processor time.

**How.** The built command runs as a process of its own against a stand-in in another (test/bench/stand-in.ts), which makes
pages on the fly from a world that is computed from a number. A page of 100 contacts has 420 kB: the recorded keys and
links, 1.3 memberships and a tag for each. It travels packed (gzip), as from the real API. The pace is off. CPU and peak memory (\`VmHWM\`) are the kernel's own counts at the
end of the process, starting Node included. They depend on the machine and on what else runs on it: on a busy one both the
processor's time and V8's helpers cost more.

**The floor** counts the pages of both readings (for ActiveCampaign of the cheaper one when idle; of both in a night that reads
everybody, because they have to be compared), one call for each membership that must be written or, above 50 contacts,
one import for 250 of them, and one call for 1,000 records.
Other calls do not grow with the account, and no correct run can do without them; *with the fixed* is the ratio with them: in
Salesforce signing in, the version, the user, and the description of both objects (5), what was deleted or converted (3, but for
a new store), the first page of each object by which the companion knows that Bulk is worth its calls (2), or four counts in a
night that reads changes, which show what no change does; in ActiveCampaign whose key it is and the lists (2), the highest id
(1), and by list who bounced on each of the two, who was changed, and who is new (4). A night that took last night's answer for
its user's rights, the lists or the field would not notice that they had changed, and leads cannot be counted by groups of Email
Opt Out. One composite call could carry five of Salesforce's queries; that would save some eight calls a night, and is not done.
Reading back what was written comes on top.

${inWords(lists)}
## Waiting

At 4 requests a second, with replies that take their time, ten requests may be under way at once. The real client reads
everybody on a clock that jumps to whatever is waited for next, so that this takes no time to measure.

| Contacts | A reply takes | Calls | Seconds by the rate alone | With the chain | Seconds | To the rate | To both |
| --: | --- | --: | --: | --: | --: | --: | --: |
${waited.join('\n')}

Target: at most 1.1 of the rate's time. Four replies can only be waited for one after another, whatever the rate: the first
page, the highest id, the last page of a range, and whoever is new since. *With the chain* adds them. At 2 seconds a reply
they are 8 seconds, so that 1.1 is within reach from some 32,000 contacts on; at half a second, from 8,000 on.
`;
}
