import type { Page } from 'playwright-core';

/** What the main thread of one page did while it loaded, in milliseconds. */
export interface Load {
  /** All tasks together, by the clock. */
  readonly busy: number;
  /** All tasks together, as the processor counts them. */
  readonly processor: number;
  /** Tasks of more than 50 ms. */
  readonly long: number;
  /** The longest task in which a script of the extension ran; 0 when none did. */
  readonly ours: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly data?: { readonly url?: string; readonly scriptName?: string; readonly processId?: number };
    readonly fileName?: string;
  };
}

/** Longer tasks are counted as long (the Long Tasks API's own limit). */
const LONG = 50;
/** After the page's load event; everything that comes by itself has come by then. */
const QUIET = 2_000;

const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'v8.execute',
  'toplevel',
  '__metadata',
];

/** Loads the address in a new tab and adds up what the main thread does until two seconds after the load event. */
export async function load(page: Page, address: string): Promise<Load> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', categories: CATEGORIES.join(',') });
  await page.goto(address, { waitUntil: 'load' });
  await page.waitForTimeout(QUIET);
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return added(events, address);
}

function added(events: readonly TraceEvent[], address: string): Load {
  const pid = events.findLast(
    ({ name, args }) => name === 'FrameCommittedInBrowser' && args.data?.url === address && args.data.processId,
  )?.args.data?.processId;
  const main = events.find(
    (event) => event.pid === pid && event.name === 'thread_name' && event.args.name === 'CrRendererMain',
  );
  if (!main) throw new Error('the trace does not show the page’s main thread');
  const mine = events.filter((event) => event.pid === pid && event.tid === main.tid);
  const tasks = mine.filter(({ name, ph }) => name === 'RunTask' && ph === 'X');
  if (tasks.length === 0) throw new Error('the trace shows no task');
  const scripts = mine.filter(({ args }) =>
    [args.data?.url, args.data?.scriptName, args.fileName].some((url) => url?.startsWith('chrome-extension://')),
  );
  const sum = (part: (event: TraceEvent) => number) => tasks.reduce((total, task) => total + part(task), 0) / 1_000;
  const within = ({ ts }: TraceEvent) => tasks.find((task) => task.ts <= ts && ts <= task.ts + (task.dur ?? 0));
  return {
    busy: sum(({ dur = 0 }) => dur),
    processor: sum(({ tdur = 0 }) => tdur),
    long: tasks.filter(({ dur = 0 }) => dur > LONG * 1_000).length,
    ours: Math.max(0, ...scripts.map((script) => (within(script)?.dur ?? 0) / 1_000)),
  };
}
