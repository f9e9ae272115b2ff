import type { Installation } from './installation.ts';
import { rhythm } from './utc.ts';

/**
 * A task for Windows' Task Scheduler (task schema 1.2). A trigger there is in the machine's own time or in UTC, never
 * in a time zone of choice. So it wakes `--due` in a rhythm that meets every scheduled time, in UTC, where no clock
 * changes; `--due` lets pass what is none. No encoding is declared: `>` writes UTF-16 in one shell and bytes in another,
 * and only ASCII is written. The schema has a trigger's elements in an order (triggerBaseType); all others are free.
 */
export function windowsTask(here: Installation): string {
  const { node, script, config, secrets, nights, now } = here;
  const { minute, every } = rhythm(nights, now);
  const words = [script, 'schedule', '--due', '--config', config].map(argument).join(' ');
  const when = `${nights.cron} in ${nights.timeZone}`;
  return [
    '<?xml version="1.0"?>',
    '<!--',
    '  To register it, as the user that is to run it:',
    '    schtasks /Create /TN OptBridge /XML optbridge.xml',
    ...(secrets.length > 0
      ? ['  The secrets are environment variables of that user; set each once, then sign in anew:'].concat(
          secrets.map((name) => `    setx ${name} ...`),
        )
      : []),
    '  The task wakes often and does nothing until a run is due; so the time zone is that of',
    "  the settings whatever the machine's is, and a night that was missed is caught up.",
    '-->',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    `    <Description>${xml(`OptBridge: settles email opt-outs in Salesforce and ActiveCampaign. A run is due at ${when}.`)}</Description>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <TimeTrigger>',
    `      <StartBoundary>2026-01-01T00:${String(minute).padStart(2, '0')}:00Z</StartBoundary>`,
    '      <Repetition>',
    `        <Interval>${every === 60 ? 'PT1H' : `PT${every}M`}</Interval>`,
    '        <StopAtDurationEnd>false</StopAtDurationEnd>',
    '      </Repetition>',
    '    </TimeTrigger>',
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    '      <LogonType>S4U</LogonType>',
    '      <RunLevel>LeastPrivilege</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>',
    '    <Enabled>true</Enabled>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    `      <Command>${xml(node)}</Command>`,
    `      <Arguments>${xml(words)}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\n');
}

function xml(text: string): string {
  return text.replaceAll(/[&<>"']|[^\n -~]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** A word of a Windows command line. A path holds no quotation mark there. */
function argument(text: string): string {
  return /[\s&()^;,=]/.test(text) ? `"${text}"` : text;
}
