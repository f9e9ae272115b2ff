import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type ByLists, byLists, inWords } from './lists.ts';
import { type Measured, measure } from './measure.ts';
import { type NightWaited, inWords as nightsInWords, waitForNights } from './night.ts';
import { fixedOf } from './people.ts';
import { cpuOfPage, plotOf } from './plot.ts';
import { leastOf, type Waited, waitByList, waitFor } from './waiting.ts';

/**
 * `npm run bench [-- 10000 100000]`: measures worlds of these sizes, or of 10,000, 100,000 and 1,000,000 contacts, and
 * writes docs/benchmarks.md with its plot. Sizes that are not measured keep what docs/benchmarks.json has of them.
 * `--waits` measures the waiting alone, and `--write-only` nothing.
 */

const RAW = 'docs/benchmarks.json';

interface Results {
  readonly runs: readonly Measured[];
  readonly waits: readonly Waited[];
  /** Whole nights. */
  readonly nights?: readonly NightWaited[];
  /** Readings of ActiveCampaign at several numbers of lists. */
  readonly lists?: readonly ByLists[];
}

const NIGHTS: Record<Waited['store'], string> = {
  new: 'everybody, the first',
  known: 'everybody, later',
  'by list': 'by list',
};

const before: Results = existsSync(RAW) ? (JSON.parse(readFileSync(RAW, 'utf8')) as Results) : { runs: [], waits: [] };
const given = process.argv.slice(2).filter((word) => /^\d+$/.test(word));
const asked = given.length > 0 ? given.map(Number) : [10_000, 100_000, 1_000_000];
const has = (option: string) => process.argv.includes(option);
const sizes = has('--write-only') || has('--waits') ? [] : asked;
let runs = before.runs;
let waits = before.waits;
let nights = before.nights ?? [];
let lists = before.lists ?? [];

if (sizes.length > 0) {
  lists = await byLists();
  const build = ['vite', 'build', '--logLevel', 'warn', '--config', 'vite.cli.config.ts', '--outDir', 'dist/bench'];
  execFileSync('npx', build, { stdio: 'inherit' });
}
for (const people of sizes) {
  process.stderr.write(`${people} contacts …\n`);
  // What takes the most memory is a large install that begins.
  const apart = people > 100_000 ? await measure(people, 'apart') : [];
  const measured = [...(await measure(people)), ...apart];
  runs = [...runs.filter((run) => run.people !== people), ...measured];
}
for (const people of (has('--waits') ? asked : sizes).filter((size) => size <= 100_000)) {
  const latencies: readonly [string, (n: number) => number][] = [
    ['500 ms', () => 500],
    ['2,000 ms', () => 2000],
    ['500 to 2,000 ms', (n) => 500 + ((n * 7919) % 1501)],
  ];
  waits = waits.filter((wait) => wait.people !== people);
  for (const store of ['new', 'known'] as const)
    for (const [words, latency] of latencies) waits = [...waits, await waitFor(people, store, words, latency)];
  for (const [words, latency] of latencies) waits = [...waits, await waitByList(people, words, latency)];
  nights = nights.filter((night) => night.people !== people);
  for (const [words, latency] of latencies) nights = [...nights, ...(await waitForNights(people, words, latency))];
}
runs = runs.toSorted((a, b) => a.people - b.people);
waits = waits.toSorted((a, b) => a.people - b.people);
nights = nights.toSorted((a, b) => a.people - b.people);
writeFileSync(RAW, `${JSON.stringify({ runs, waits, nights, lists } satisfies Results, null, 2)}\n`);
writeFileSync('docs/benchmarks.svg', plotOf(runs));
writeFileSync('docs/benchmarks.md', page());

/** How busy the machine was. */
function underLoad(): string {
  const loads = runs.flatMap(({ load }) => (load === undefined ? [] : [load]));
  if (loads.length === 0) return '';
  const [least, most] = [Math.min(...loads), Math.max(...loads)].map((load) => load.toFixed(1));
  return `Its load average was ${least} to ${most} at the ends of these runs.`;
}

function page(): string {
  const n = (value: number, digits = 0) =>
    value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const rows = runs.map((run) => {
    const { calls, floor } = run;
    const used = calls.activecampaign + calls.salesforce;
    const least = floor.activecampaign + floor.salesforce;
    const fixed = fixedOf(run.kind, run.people);
    const cells = [
      n(run.people),
      run.kind,
      `${n(calls.activecampaign)} / ${n(floor.activecampaign)}`,
      `${n(calls.salesforce)} / ${n(floor.salesforce)}`,
      n(used / least, 2),
      n(used / (least + floor.back), 2),
      n(used / (least + floor.back + fixed.activecampaign + fixed.salesforce), 2),
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
        NIGHTS[wait.store],
        wait.latency,
        n(wait.calls),
        n(wait.byRate),
        n(leastOf(wait), 1),
        n(wait.seconds, 1),
        n(wait.seconds / wait.byRate, 2),
        n(wait.seconds / leastOf(wait), 2),
      ].join(' | ')} |`,
  );
  return `# Benchmarks

Made by \`npm run bench -- ${[...new Set(runs.map(({ people }) => people))].join(' ')}\` (${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}). Do not edit: the command
writes this page, its plot and benchmarks.json.

![Peak memory and processor time](benchmarks.svg)

| Contacts | Run | AC calls / floor | Salesforce calls / floor | Calls / floor | With reading back | And with the fixed | CPU, s | CPU a page, ms | Peak memory, MB | Store, MB | Received, MB |
| --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}

Targets: calls at most 1.1 of the floor, 4 ms a page and 1.5 s, 200 MB. *CPU a page* is what is left of the process's time after
1.5 s, for each page of 100 contacts that came, whatever for; the Salesforce rows, the decisions and the writes are in it.

**First**: a new store; 5 % are out on both sides, 0.1 % on one side only, and are settled; ActiveCampaign is read by list, too, to
compare. **Idle**: nothing has changed; only what has changed is read in Salesforce, and ActiveCampaign by list.
**Full**: \`--full\`, after another 0.1 % have changed. **Apart**: a new store, and one in ten differs: half of them have left
in ActiveCampaign, half have the box; 5 % more are out on both sides.

**How.** The built command runs as a process of its own against a stand-in in another (test/bench/stand-in.ts), which makes
pages on the fly from a world that is computed from a number. A page of 100 contacts has 420 kB: the recorded keys and
links, 1.3 memberships and a tag for each. It travels packed (gzip), as from the real API. The pace is off. CPU and peak memory (\`VmHWM\`) are the kernel's own counts at the
end of the process, starting Node included. They depend on the machine and on what else runs on it: on a busy one both the
processor's time and V8's helpers cost more. ${underLoad()}

**The floor** is what no run can do without: reading both sides, and writing what must be written. In ActiveCampaign a page of
100 for everybody, or by list: for each list who left it and who bounced, whoever is new, and by their ids whoever has the box and is out on
no list; in a night that reads everybody both, because they have to be compared, but for whom it unsubscribes itself. In Salesforce a Bulk job for each
object, looked at once, and its pages, or pages of 2,000 by REST; of a night that reads changes one composite call. One call for each
membership that must be written or, above 50 contacts, one import for 250 of them, and one call for 1,000 records.

*With reading back*: whoever was written to is read again, 100 contacts or 2,000 records a call. No run may do without: what a bulk import
did is known by nothing else, and only what was seen there is remembered.

*And with the fixed*: calls that do not grow with the account. Salesforce: a token, the version (which counts against no limit of the
org), and the description of both objects in one composite call, which in a night that reads changes also brings these, and three
counts that show what no change does; the first pages, where nobody knew that Bulk is worth its calls; what was deleted or
converted, where everybody is read. ActiveCampaign: the lists; who was changed, since an address may have been; where everybody is
read whoever is above them all; on a new store the highest id, and whose key it is. A night that took last night's answer for its
user's rights, the lists or the field would not notice that they had changed.

A quiet night of 10,000 is the one that these weigh on: 16 calls, where the floor has 12. A token that is kept to be used again would be a
secret in the store. \`/lists\` is what shows that the key is still good, that no list was hidden and how many are active on each. Who was
changed and who is new are two questions, since nothing says that whoever is new is found as changed. The version alone could be
remembered: it counts against no limit, and the night in which an org has given it up would fail. So all four are asked.

${inWords(lists)}
## Waiting

At 4 requests a second, with replies that take their time, ten requests may be under way at once. The real client reads
everybody on a clock that jumps to whatever is waited for next, so that this takes no time to measure.

| Contacts | Night | A reply takes | Calls | Seconds by the rate alone | At least | Seconds | To the rate | To the least |
| --: | --- | --- | --: | --: | --: | --: | --: | --: |
${waited.join('\n')}

Target: at most 1.1 of the rate's time. Whoever reads everybody for the first time knows no ids, and has to wait for the first page
and the highest id, which are asked for together. A store remembers where the pages ended, so that later nights ask for all of them
at once. By list the first page of each question has to be there before its others can be asked for. *At least*: all calls at the
rate, and then the reply to the last of them, which no order of asking can do without. Where an account is read in a few seconds that
alone is more than the target allows: of 26 calls the last begins after 6.3 seconds, and with a reply of two the rate's 6.5 become 8.3.

${nightsInWords(nights)}`;
}
