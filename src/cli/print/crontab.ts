import { dirname, join } from 'node:path';
import { cronText } from '../../companion/cron-fields.ts';
import { type Installation, secretsFile, shellWord } from './installation.ts';

/** So many minutes after the first line the second asks whether the first was enough. */
const LATER = 5;

/**
 * Crontab lines. Only some crons know CRON_TZ, and the others take it for a variable of no meaning and start the job in
 * the machine's own time. So the job is `--due`, and a second line asks every hour: whichever cron it is, one run a night.
 */
export function crontab(here: Installation): string {
  const { fields, nights, secrets } = here;
  const command = commandOf(here);
  const minute = ((fields.minutes?.[0] ?? 0) + LATER) % 60;
  return [
    `# OptBridge, every night (crontab -e). The time zone is that of the settings.`,
    '#',
    '# Cronie (Red Hat, Fedora, Amazon Linux, Arch) knows CRON_TZ: the first line starts',
    '# the run to the minute. The crons of Debian, Ubuntu, macOS and BusyBox do not, and',
    "# start it in the machine's own time. The second line is for them, and for nights",
    '# that the machine was off or the run failed: it asks every hour, so that the run',
    '# comes within an hour of its time there, in summer and in winter. --due runs only if',
    '# no run has been finished since the last scheduled time, so it is one run a night.',
    '#',
    '# CRON_TZ holds for every line below it: keep these lines last, or in a crontab of',
    '# their own.',
    ...(secrets.length > 0
      ? [
          `# The secrets are read from ${secretsFile(here)} (chmod 600), one a line:`,
          ...secrets.map((name) => `#   ${name}='...'`),
        ]
      : []),
    `CRON_TZ=${nights.timeZone}`,
    `${cronText(fields)} ${command}`,
    `${minute} * * * * ${command}`,
    '',
  ].join('\n');
}

function commandOf(here: Installation): string {
  const { node, script, config, store, secrets } = here;
  const log = join(dirname(store), 'optbridge.log');
  const parts = [
    'umask 077',
    ...(secrets.length > 0 ? ['set -a', `. ${cronWord(secretsFile(here))}`, 'set +a'] : []),
    `${[node, script, 'schedule', '--due', '--config', config].map(cronWord).join(' ')} >> ${cronWord(log)} 2>&1`,
  ];
  return parts.join('; ');
}

/**
 * A word of the shell, as every cron hands it on: % ends the command in most, \% stands for it there and \\ may stand for one \,
 * and BusyBox takes all of them as they are. So the shell makes both characters.
 */
function cronWord(text: string): string {
  if (!/[%\\]/.test(text)) return shellWord(text);
  return text
    .split(/([%\\])/)
    .filter((part) => part !== '')
    .map((part) => MADE[part] ?? shellWord(part))
    .join('');
}

const MADE: Readonly<Record<string, string>> = { '%': `"$(printf '\\045')"`, '\\': `"$(printf '\\134')"` };
