import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Calls, createWorld, type Floor, floorOf } from './people.ts';
import type { Order, Told } from './stand-in.ts';

/** The command as it is installed: one built file. `npm run bench` builds it. */
const COMMAND = 'dist/bench/optbridge.js';

export type Kind = 'first' | 'idle' | 'full' | 'apart';

/** Runs one after another on one world, which begins as it is, or with one in ten apart. */
const SERIES = { 'first, idle, full': ['first', 'idle', 'full'], apart: ['apart'] } as const;

/** What the kernel counted for the companion's process; see gauge.js. */
interface Gauged {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** `VmHWM`: the most memory that the process ever held, in MB. */
  readonly peakMegabytes: number;
}

/** One run of the companion, as measured. */
export interface Measured extends Gauged {
  readonly people: number;
  readonly kind: Kind;
  readonly calls: Calls;
  readonly floor: Floor;
  /** Contacts that came, with their memberships, by the hundred. */
  readonly pages: number;
  /** Megabytes that came, unpacked. */
  readonly received: number;
  /** Of the store afterwards, in MB. */
  readonly store: number;
  /** The machine's load average of the last minute at the end: CPU and memory grow with it. */
  readonly load?: number;
  /** By the clock on the wall, with the pace taken off; says something about this machine only. */
  readonly seconds: number;
}

/**
 * Runs the companion on a world of so many people: on a new store, with nothing changed, and `--full`; or once on a new
 * store where one in ten differs.
 */
export async function measure(people: number, series: keyof typeof SERIES = 'first, idle, full'): Promise<Measured[]> {
  const folder = mkdtempSync(
    join(existsSync('/dev/shm') && people <= 100_000 ? '/dev/shm' : tmpdir(), 'optbridge-bench-'),
  );
  const standIn = fork(new URL('./stand-in.ts', import.meta.url), { stdio: 'inherit' });
  try {
    const ready = await told(standIn, 'ready');
    const apart = series === 'apart';
    standIn.send({ kind: 'world', people, apart } satisfies Order);
    const url = `http://127.0.0.1:${ready.port}`;
    const config = join(folder, 'config.json');
    writeFileSync(
      config,
      JSON.stringify({
        salesforce: { url, auth: { kind: 'client-credentials', clientId: 'bench', clientSecret: 'bench' } },
        activecampaign: { url, key: 'bench', requestsPerSecond: 1_000_000 },
        caps: { optOut: 'none', optIn: 'none' },
        store: join(folder, 'store.sqlite'),
      }),
    );
    const world = createWorld(people, apart);
    const runs: Measured[] = [];
    for (const kind of SERIES[series]) {
      const changed = kind !== 'idle';
      if (changed) {
        standIn.send({ kind: 'change' } satisfies Order);
        world.round += 1;
      }
      const run = await runOnce(folder, config, kind === 'full' ? ['--full'] : []);
      standIn.send({ kind: 'calls' } satisfies Order);
      const { salesforce, activecampaign, bytes, contacts } = await told(standIn, 'calls');
      runs.push({
        ...run,
        people,
        kind,
        calls: { salesforce, activecampaign },
        floor: floorOf(world, changed, kind === 'idle' ? 'changes' : 'everybody'),
        pages: contacts / 100,
        load: loadavg()[0] ?? 0,
        received: bytes / 1e6,
        store: ['', '-wal'].reduce((sum, end) => sum + sizeOf(join(folder, `store.sqlite${end}`)), 0) / 1e6,
      });
    }
    return runs;
  } finally {
    standIn.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOnce(folder: string, config: string, more: readonly string[]) {
  const gauge = join(folder, 'gauge.json');
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...(process.env.OPTBRIDGE_BENCH_NODE?.split(' ').filter((flag) => flag !== '') ?? []),
      '--import',
      new URL('./gauge.js', import.meta.url).href,
      COMMAND,
      'sync',
      '--config',
      config,
      ...more,
    ],
    { env: { ...process.env, OPTBRIDGE_BENCH_GAUGE: gauge }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let out = '';
  child.stdout.on('data', (part) => {
    if (out.length < 10_000) out += String(part);
  });
  const [code] = (await once(child, 'close')) as [number];
  const seconds = (performance.now() - begun) / 1000;
  if (code !== 0) throw new Error(`the companion ended with ${code}:\n${out.slice(0, 2000)}`);
  const gauged = JSON.parse(readFileSync(gauge, 'utf8')) as Gauged;
  return { ...gauged, seconds };
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

async function told<K extends Told['kind']>(child: ChildProcess, kind: K): Promise<Extract<Told, { kind: K }>> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Told];
    if (message.kind === kind) return message as Extract<Told, { kind: K }>;
  }
}
