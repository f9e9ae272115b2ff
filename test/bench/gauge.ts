import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Loaded into the companion's process with `--import`: when the process ends, it writes what the kernel counted for it
 * into the file that OPTBRIDGE_BENCH_GAUGE names. It costs nothing while the run goes on.
 */

export interface Gauged {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** `VmHWM`: the most memory that the process ever held, in MB. */
  readonly peakMegabytes: number;
}

const file = process.env.OPTBRIDGE_BENCH_GAUGE;
process.on('exit', () => {
  if (file === undefined) return;
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  const gauged: Gauged = {
    userSeconds: userCPUTime / 1e6,
    systemSeconds: systemCPUTime / 1e6,
    peakMegabytes: kilobytes / 1024,
  };
  writeFileSync(file, JSON.stringify(gauged));
});
