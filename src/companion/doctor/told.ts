import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import type { Config } from '../config.ts';
import { type Finding, findingIn } from './finding.ts';

const finding = findingIn('schedule');

/** Whether anybody learns of a night that nobody watches: by alerts, and by pages. Nobody is alerted to find that out. */
export function toldFindings({ report, alerts }: Pick<Config, 'report' | 'alerts'>): Finding[] {
  const to = [...(alerts.webhook === null ? [] : ['a webhook']), ...(alerts.command === null ? [] : ['a command'])];
  return [
    to.length === 0
      ? finding(
          'alerts',
          'warning',
          'Nobody is told when a night fails, is refused, or is odd.',
          'Set alerts.webhook or alerts.command.',
        )
      : missing(alerts.command)
        ? finding('alerts', 'warning', `${alerts.command?.[0]} is not there.`, 'Correct alerts.command.')
        : finding('alerts', 'ok', `To ${to.join(' and ')}; not tried out now. optbridge alert test does.`),
    ...(report.dir === null ? [] : [folderFinding(report.dir)]),
  ];
}

/** A program that is named by its path, and is not there; of any other only the system knows. */
function missing(command: Config['alerts']['command']): boolean {
  const [program = ''] = command ?? [];
  return isAbsolute(program) && !existsSync(program);
}

function folderFinding(dir: string): Finding {
  const there = statSync(dir, { throwIfNoEntry: false });
  if (there && !there.isDirectory())
    return finding('reports', 'warning', `${dir} is no folder: no page is written.`, 'Correct report.dir.');
  const first = there ? dir : nearestThere(dir);
  if (mayWrite(first)) return finding('reports', 'ok', `${dir}, ${there ? 'writable' : 'made by the first run'}.`);
  return finding(
    'reports',
    'warning',
    `${dir} cannot be written by this user: no page is written.`,
    `Give the user that runs OptBridge write access to ${first}, or correct report.dir.`,
  );
}

/** The folder nearest above that is there: the first run makes those below it. */
function nearestThere(dir: string): string {
  const above = dirname(dir);
  return above === dir || statSync(above, { throwIfNoEntry: false }) ? above : nearestThere(above);
}

function mayWrite(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return statSync(dir).isDirectory();
  } catch {
    return false;
  }
}
