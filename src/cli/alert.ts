import { hostname } from 'node:os';
import { testAlert } from '../companion/alerts.ts';
import { together } from '../companion/config-reader.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { tryOut } from '../companion/tell.ts';
import { channels, withoutSecrets } from './channels.ts';
import { LOOK } from './look.ts';
import { configOf, optionsOf } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { ALERT_HELP, NOBODY_TOLD, triedText, WHICH_ALERT } from './texts/alert.ts';
import { fitted } from './texts/fitted.ts';

/** `optbridge alert test`: one message through every channel of the configuration, and what came of it. */
export async function runAlert(terminal: Terminal): Promise<number> {
  const line = optionsOf('alert', terminal, LOOK);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(ALERT_HELP));
    return EXIT_CODES.done;
  }
  const { config } = together({
    line: () => line.check(1, 'alert test'),
    what: () => {
      if (line.positionals[0] !== 'test') throw new UsageError(WHICH_ALERT);
    },
    config: () => configOf('alert test', options.config, terminal),
  });
  if (config.alerts.webhook === null && config.alerts.command === null) throw new UsageError(NOBODY_TOLD);
  const ways = channels(withoutSecrets(process.env, config));
  const sent = await tryOut(
    testAlert(hostname()),
    { run: null, outcome: 'done', exitCode: EXIT_CODES.done },
    config.alerts,
    ways,
  );
  const outcome = sent.every(({ told }) => told) ? 'done' : 'failed';
  const exitCode = EXIT_CODES[outcome];
  terminal.out(options.json ? `${JSON.stringify({ outcome, exitCode, sent })}\n` : triedText(sent));
  return exitCode;
}
