// Loaded into the companion's process with `--import`: when the process ends, it writes what the kernel counted for it
// into the file that OPTBRIDGE_BENCH_GAUGE names. JavaScript, because Node's reading of TypeScript would be measured too.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.env.OPTBRIDGE_BENCH_GAUGE;
process.on('exit', () => {
  if (file === undefined) return;
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  const gauged = {
    userSeconds: userCPUTime / 1e6,
    systemSeconds: systemCPUTime / 1e6,
    peakMegabytes: kilobytes / 1024,
  };
  writeFileSync(file, JSON.stringify(gauged));
});
