import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createActiveCampaign } from '../activecampaign/client.ts';
import { capOf, loadConfig } from '../companion/config.ts';
import { BusyError } from '../companion/lock.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { type Happening, sync } from '../companion/sync.ts';
import { createJsforce } from '../salesforce/jsforce.ts';
import { giveUp } from './give-up.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { BUSY, NO_CONFIG, progressLine, summary, USAGE } from './texts.ts';

const OPTIONS = {
  config: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  full: { type: 'boolean', default: false },
  'accept-change': { type: 'boolean', default: false },
  'cap-opt-out': { type: 'string' },
  'cap-opt-in': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function optionsOf(terminal: Terminal) {
  try {
    return parseArgs({ args: [...terminal.arguments], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError(`optbridge sync: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `optbridge sync`: one run. */
export async function runSync(terminal: Terminal): Promise<number> {
  const options = optionsOf(terminal);
  if (options.help) {
    terminal.out(USAGE);
    return EXIT_CODES.done;
  }
  if (options.config === undefined) throw new UsageError(NO_CONFIG);
  const caps = {
    ...(options['cap-opt-out'] === undefined ? {} : { optOut: capOf(options['cap-opt-out'], '--cap-opt-out') }),
    ...(options['cap-opt-in'] === undefined ? {} : { optIn: capOf(options['cap-opt-in'], '--cap-opt-in') }),
  };
  const config = loadConfig(options.config, terminal.env);
  const shared = { fetch, sleep, random: Math.random, now: Date.now };
  const { url, auth } = config.salesforce;
  const { key, requestsPerSecond } = config.activecampaign;
  try {
    const report = await sync(
      {
        config,
        salesforce: createJsforce({ ...shared, url, auth }),
        activecampaign: createActiveCampaign({ ...shared, url: config.activecampaign.url, key, requestsPerSecond }),
        now: Date.now,
        random: Math.random,
        sleep,
        watch: progressTo(terminal),
      },
      { dryRun: options['dry-run'], full: options.full, acceptChange: options['accept-change'], caps },
    );
    terminal.out(options.json ? `${JSON.stringify(report)}\n` : summary(report));
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return giveUp(terminal, 'busy', BUSY(config.store));
  }
}

/** Progress on a line of its own for each step; on a terminal a step overwrites its own line. */
function progressTo(terminal: Terminal): (happening: Happening) => void {
  let open = '';
  return (happening) => {
    const line = progressLine(happening);
    if (!terminal.terminal) {
      terminal.err(`${line}\n`);
      return;
    }
    const same = open === happening.kind;
    terminal.err(`${open === '' ? '' : same ? '\r\u001b[K' : '\n'}${line}`);
    open = happening.kind;
    if (happening.kind === 'planned') {
      terminal.err('\n');
      open = '';
    }
  };
}
