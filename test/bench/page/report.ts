import type { Loads } from './loads.ts';
import type { Load } from './trace.ts';
import { ROUND_TRIP, type Waits } from './waits.ts';

export interface Measured {
  readonly pairs: number;
  readonly machine: string;
  readonly loads: Loads;
  readonly waits: Waits;
  readonly moved: { readonly loading: number; readonly panel: number };
  readonly sizes: readonly { readonly path: string; readonly bytes: number; readonly packed: number }[];
}

const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const at = (numbers: readonly number[], share: number) =>
  sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? Number.NaN;
const median = (numbers: readonly number[]) => at(numbers, 0.5);
const n = (value: number, digits = 0) =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Pair by pair, what the one took more than the other. */
const more = (with_: readonly Load[], without: readonly Load[], part: (load: Load) => number) =>
  with_.map((load, pair) => part(load) - part(without[pair] ?? load));

interface Row {
  readonly what: string;
  readonly target: string;
  readonly values: readonly number[];
  readonly limit: number;
  /** What has to keep the limit; the median unless given. */
  readonly judged?: (values: readonly number[]) => number;
}

const WORST = (values: readonly number[]) => Math.max(...values);

/** What the page bench measures, and what each is to be held against. */
function rowsOf({ loads: { plain, optbridge }, waits }: Pick<Measured, 'loads' | 'waits'>): readonly Row[] {
  return [
    {
      what: 'Main-thread time of the same page without the extension, as the processor counts it',
      target: '',
      values: plain.map(({ processor }) => processor),
      limit: Number.POSITIVE_INFINITY,
    },
    {
      what: 'Added main-thread time of a record page, by the clock',
      target: '20 ms, median',
      values: more(optbridge, plain, ({ busy }) => busy),
      limit: 20,
    },
    {
      what: 'Added main-thread time, as the processor counts it',
      target: '20 ms, median',
      values: more(optbridge, plain, ({ processor }) => processor),
      limit: 20,
    },
    {
      what: 'Longest task in which a script of ours runs',
      target: 'none over 50 ms',
      values: optbridge.map(({ ours }) => ours),
      limit: 50,
      judged: WORST,
    },
    {
      what: 'Pill with what is kept, after the detector sees the record',
      target: '100 ms',
      values: waits.pill,
      limit: 100,
    },
    { what: 'The same, the worker being dead', target: '100 ms', values: waits.pillDead, limit: 100 },
    {
      what: 'The same, the page loaded anew, from the document’s first script on',
      target: '',
      values: waits.pillLoad,
      limit: Number.POSITIVE_INFINITY,
    },
    {
      what: 'Two requests of the worker, one after the other, and nothing else, less two round trips',
      target: '',
      values: waits.bare,
      limit: Number.POSITIVE_INFINITY,
    },
    {
      what: 'Any change in the page until it is drawn',
      target: '',
      values: waits.frame,
      limit: Number.POSITIVE_INFINITY,
    },
    { what: 'Fresh status, less two round trips', target: '50 ms', values: waits.fresh, limit: 50 },
    {
      what: 'The same, the worker being dead',
      target: '',
      values: waits.freshDead,
      limit: Number.POSITIVE_INFINITY,
    },
    { what: 'Click until it is written down and says so', target: '50 ms', values: waits.durable, limit: 50 },
    {
      what: 'Click until both systems have changed, less two round trips',
      target: '50 ms',
      values: waits.changed,
      limit: 50,
    },
  ];
}

/** Two builds measured in turns, as text: median of this one and of the other, and what each pair differs by (median). */
export function sideBySide(
  measured: Pick<Measured, 'loads' | 'waits'>,
  other: Pick<Measured, 'loads' | 'waits'>,
): string {
  const others = rowsOf(other);
  const lines = rowsOf(measured).map(({ what, values, judged = median }, row) => {
    const against = others[row]?.values ?? [];
    const less = values.map((value, pair) => value - (against[pair] ?? Number.NaN));
    const columns = [judged(values), judged(against), median(less)].map((value) => n(value, 1).padStart(8));
    return `${columns.join('')}  ${what}`;
  });
  return `${['this', 'other', 'pairs'].map((head) => head.padStart(8)).join('')}\n${lines.join('\n')}\n`;
}

/** docs/page-benchmarks.md. */
export function pageOf({ pairs, machine, loads, waits, moved, sizes }: Measured): string {
  const { plain, optbridge, inspector } = loads;
  const lines = rowsOf({ loads, waits }).map(({ what, target, values, limit, judged = median }) => {
    const met = target === '' ? '' : judged(values) <= limit ? 'yes' : '**no**';
    return `| ${what} | ${target} | ${n(median(values), 1)} | ${n(at(values, 0.95), 1)} | ${n(WORST(values), 1)} | ${met} |`;
  });
  const long = (some: readonly Load[]) => n(some.reduce((sum, one) => sum + one.long, 0) / some.length, 1);
  const beside =
    inspector.length === 0
      ? 'Salesforce Inspector Reloaded was not measured: no copy was given (`SALESFORCE_INSPECTOR=<unpacked folder>`).'
      : `With Salesforce Inspector Reloaded the same page takes ${n(median(more(inspector, plain, ({ busy }) => busy)), 1)} ms more by the clock, ${n(median(more(inspector, plain, ({ processor }) => processor)), 1)} ms more of the processor (medians of as many pairs), and its longest task has ${n(WORST(inspector.map(({ ours }) => ours)), 1)} ms.`;
  return `# The page's benchmarks

Made by \`npm run bench:page -- ${pairs}\` (${machine}). Do not edit: the command writes this page.

| In milliseconds | Target | Median | 95 % | Worst | Met |
| --- | --- | --: | --: | --: | --- |
${lines.join('\n')}

The record page alone keeps the main thread busy for ${n(median(plain.map(({ busy }) => busy)))} ms (median), with ${long(plain)} tasks of more than 50 ms a load;
with OptBridge it is ${n(median(optbridge.map(({ busy }) => busy)))} ms and ${long(optbridge)}. ${beside}

Layout shifts that moved a node of the page: ${moved.loading} while a record page loads, ${moved.panel} while the panel opens and closes.
Target: none.

| Script | Bytes | gzipped |
| --- | --: | --: |
${sizes.map(({ path, bytes, packed }) => `| \`${path}\` | ${n(bytes)} | ${n(packed)} |`).join('\n')}

**How.** A headless Chromium has the built extension, another one has none; both load the same record page of the sandbox, in
turns, ${pairs} times after one that does not count. Each load is traced until two seconds after the load event; all tasks
of the page's main thread are added up, and each pair gives one difference. The page is the sandbox's imitation of Lightning,
which is far lighter than Salesforce's: what the extension adds does not depend on it.

The waits are measured in the page, from the navigation (\`pushState\`) or the person's click on, until the frame is drawn that
shows the answer; both services reply ${ROUND_TRIP} ms after a request came (what the sandbox needs to answer is in these, but not what it needs to
write), and two of these are taken off where the table says so. *Both systems have changed* is when the sandbox's own state says so. The worker is killed through the debugger. The services'
connections stay open for a minute, as the real ones do. Figures depend on the machine and on what else runs on it: the rows
without a target say how fast it was meanwhile.
`;
}
