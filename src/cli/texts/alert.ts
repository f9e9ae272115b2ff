import type { Tried } from '../../companion/tell.ts';
import { LOOK_OPTIONS } from './help.ts';
import { wrapped } from './plain.ts';

export const ALERT_HELP = `optbridge alert: see whether alerts arrive

Usage
  optbridge alert test [--json]
      Sends one message that says that it is a test to alerts.webhook, and gives
      one to alerts.command, as a night does that failed; says what came of
      each. Asks neither Salesforce nor ActiveCampaign, and leaves the store as
      it is.

Options
${LOOK_OPTIONS}

Exit codes: 0 each was given, 1 one could not be given, 2 wrong usage or
configuration, or nobody is to be told
`;

export const WHICH_ALERT = 'optbridge alert: say what: test. See optbridge alert --help.';
export const NOBODY_TOLD =
  'optbridge alert test: nobody is to be told. Set alerts.webhook or alerts.command in the configuration.';

export function triedText(tried: readonly Tried[]): string {
  const lines = tried.flatMap(({ via, told, words }) =>
    wrapped(`${(told ? 'given' : 'NOT GIVEN').padEnd(9)}  alerts.${via}: ${words.replace(/\.$/, '')}.`, '           '),
  );
  const end = tried.every(({ told }) => told) ? ['Look whether it has arrived.'] : [];
  return `${[...lines, ...end].join('\n')}\n`;
}
