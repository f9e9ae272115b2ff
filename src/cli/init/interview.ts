import { capOf } from '../../companion/config.ts';
import { CAP_OPT_IN, CAP_OPT_OUT, CAPS_PART } from '../texts/init.ts';
import { askAccount } from './account.ts';
import type { Asking } from './asking.ts';
import { askOrg } from './org.ts';
import type { Variable } from './secret.ts';
import { orFailed, untilGood } from './trial.ts';

/** A configuration file's content, and the variables that have to be set for it. */
export interface Interview {
  readonly value: Readonly<Record<string, unknown>>;
  readonly variables: readonly Variable[];
}

/** Asks everything, each answer tested before the next question. Writes nothing. */
export async function interview(asking: Asking): Promise<Interview> {
  const org = await askOrg(asking);
  const account = await askAccount(asking, org.value.optOutField);
  asking.out(CAPS_PART);
  const caps = {
    optOut: await askCap(asking, CAP_OPT_OUT, '10%'),
    optIn: await askCap(asking, CAP_OPT_IN, '1%'),
  };
  return {
    value: { salesforce: org.value, activecampaign: account.value, caps, store: './optbridge.sqlite' },
    variables: [...org.variables, ...account.variables],
  };
}

function askCap({ questions, out }: Asking, question: string, fallback: string): Promise<string | number> {
  return untilGood(out, async () => {
    const answer = await questions.ask(question, { fallback });
    orFailed(() => capOf(answer, 'a cap'));
    return /^\d+$/.test(answer) ? Number(answer) : answer;
  });
}
