import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { type Config, configText } from '../../companion/config.ts';
import { together } from '../../companion/config-reader.ts';
import { cronFields } from '../../companion/cron-fields.ts';
import { nightsOf } from '../../companion/nights.ts';
import { EXIT_CODES } from '../../companion/report.ts';
import { configFileIfAny, configOf } from '../options.ts';
import { type Terminal, UsageError } from '../terminal.ts';
import { DISABLED, NO_KIND } from '../texts/schedule.ts';
import { crontab } from './crontab.ts';
import { githubWorkflow } from './github-actions.ts';
import type { Installation } from './installation.ts';
import { secretNames } from './secret-names.ts';
import { systemdUnits } from './systemd.ts';
import { windowsTask } from './windows.ts';

const KINDS: Readonly<Record<string, (here: Installation) => string>> = {
  systemd: systemdUnits,
  cron: crontab,
  windows: windowsTask,
  'github-actions': githubWorkflow,
};

/**
 * `optbridge schedule --print KIND`. The secrets need not be there: only the names of their variables are printed.
 * @param wellSaid what else has to hold of the command line
 */
export function printSchedule(
  kind: string,
  named: string | undefined,
  terminal: Terminal,
  wellSaid: Readonly<Record<string, () => void>>,
): number {
  const file = configFileIfAny(named);
  const secrets = file === undefined ? [] : secretNames(readIfThere(file));
  const { printed, config } = together<{ printed: (here: Installation) => string; config: Config }>({
    ...wellSaid,
    printed: () => kindNamed(kind),
    config: () => configOf('schedule', file, { ...terminal, env: withPlaces(secrets, terminal.env) }),
  });
  const { cron, timeZone } = config.schedule;
  const { username, uid } = userInfo();
  terminal.out(
    printed({
      node: process.execPath,
      script: resolve(process.argv[1] ?? 'optbridge'),
      config: resolve(file ?? ''),
      store: config.store,
      reports: config.report.dir,
      folder: process.cwd(),
      user: uid === 0 ? null : username,
      secrets,
      keyFile: config.salesforce.auth.kind === 'jwt',
      fields: cronFields(cron),
      nights: nightsOf(cron, timeZone),
      now: Date.now(),
    }),
  );
  if (!config.nightly.enabled) terminal.err(`${DISABLED}\n`);
  return EXIT_CODES.done;
}

function kindNamed(kind: string): (here: Installation) => string {
  const printed = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!printed) throw new UsageError(NO_KIND(kind, Object.keys(KINDS)));
  return printed;
}

/** Reading the configuration says what is wrong with it; here it is looked at before. */
function readIfThere(file: string): string {
  try {
    return configText(file);
  } catch {
    return '';
  }
}

/** An address, so that it may stand for a webhook as well as for a key. Nothing is sent to it. */
const PLACE = 'https://secret.invalid/';

function withPlaces(secrets: readonly string[], env: Terminal['env']): Terminal['env'] {
  return { ...env, ...Object.fromEntries(secrets.map((name) => [name, env[name] ?? PLACE])) };
}
