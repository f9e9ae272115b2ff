import { dirname } from 'node:path';
import type { CronFields } from '../../companion/cron-fields.ts';
import { type Installation, secretsFile, shellWord } from './installation.ts';

/** A service and its timer (systemd.timer(5), systemd.time(7)); needs systemd 235 or later for the time zone. */
export function systemdUnits(here: Installation): string {
  const { node, script, config, store, reports, secrets, user } = here;
  const words = [node, script, 'schedule', '--due', '--config', config].map(commandWord);
  const folders = new Set(
    [dirname(store), ...(reports === null ? [] : [`-${reports}`])].map((folder) => quoted(escaped(folder))),
  );
  return [
    '# Two files. To put them where they belong, as root:',
    '#   optbridge schedule --print systemd --config FILE |',
    `#     awk '/^# ==> /{f=$3} f{print > f}'`,
    '#   systemctl daemon-reload && systemctl enable --now optbridge.timer',
    '# Then: systemctl list-timers optbridge, journalctl -u optbridge',
    ...(secrets.length > 0
      ? [
          `# The secrets are read from ${secretsFile(here)} (chmod 600), one a line:`,
          ...secrets.map((name) => `#   ${name}=...`),
        ]
      : []),
    '',
    '# ==> /etc/systemd/system/optbridge.service',
    '[Unit]',
    'Description=OptBridge: settle email opt-outs in Salesforce and ActiveCampaign',
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    ...(user === null
      ? ['# Better not root: an account of its own that may write the store.', '#User=optbridge']
      : [`User=${user}`]),
    ...(secrets.length > 0 ? [`EnvironmentFile=${escaped(secretsFile(here))}`] : []),
    `ExecStart=${words.join(' ')}`,
    '# A stop finishes the batch in hand first; exit code 6 says that it did.',
    'TimeoutStopSec=15min',
    'KillMode=mixed',
    'SuccessExitStatus=6',
    'UMask=0077',
    'NoNewPrivileges=yes',
    'ProtectSystem=full',
    ...(reports === null
      ? []
      : [`# The folder of the reports has to be there before the first night: mkdir -p ${shellWord(reports)}`]),
    `ReadWritePaths=${[...folders].join(' ')}`,
    '',
    '# ==> /etc/systemd/system/optbridge.timer',
    '[Unit]',
    'Description=OptBridge every night',
    '',
    '[Timer]',
    `OnCalendar=${onCalendar(here.fields, here.nights.timeZone)}`,
    '# A night that failed is tried again every hour: --due runs until one is finished, and then no more.',
    'OnCalendar=*-*-* *:05:00',
    'AccuracySec=1s',
    '# A night that was missed while the machine was off comes at its next start.',
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A cron pattern in systemd's words, such as `Mon,Fri *-*-* 20:00:00 America/Los_Angeles`. */
export function onCalendar({ minutes, hours, days, months, weekdays }: CronFields, timeZone: string): string {
  const list = (values: readonly number[] | null) =>
    values?.map((value) => String(value).padStart(2, '0')).join(',') ?? '*';
  const week = weekdays ? `${weekdays.map((day) => WEEKDAYS[day] ?? '').join(',')} ` : '';
  return `${week}*-${list(months)}-${list(days)} ${list(hours)}:${list(minutes)}:00 ${timeZone}`;
}

/** `%` begins a specifier everywhere in a unit. */
function escaped(text: string): string {
  return text.replaceAll('%', '%%');
}

function quoted(text: string): string {
  return /[\s"'\\]/.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : text;
}

/** In a command line `$` begins a variable too. */
function commandWord(text: string): string {
  return quoted(escaped(text).replaceAll('$', '$$$$'));
}
