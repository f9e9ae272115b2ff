import type { AcList } from '../../activecampaign/activecampaign.ts';
import { accountOrigin } from '../../activecampaign/origin.ts';
import { STANDARD_FIELD } from '../../companion/config.ts';
import { keyFindings } from '../../companion/doctor/contacts.ts';
import { answered, asked } from '../../companion/doctor/finding.ts';
import { listFindings } from '../../companion/doctor/lists.ts';
import { impatient } from '../../companion/impatient.ts';
import { connectActiveCampaign } from '../connect.ts';
import { ACCOUNT_URL, ACTIVECAMPAIGN_PART, GOOD, KEY, KEY_SEES, LISTS } from '../texts/init.ts';
import type { Asking } from './asking.ts';
import { askSecret, type Variable, variablesOf } from './secret.ts';
import { orFailed, passed, untilGood } from './trial.ts';

/** The `activecampaign` part of a configuration file. */
export interface AccountPart {
  readonly value: { readonly url: string; readonly key: unknown; readonly lists?: 'all' | readonly string[] };
  readonly variables: readonly Variable[];
}

/** Asks about ActiveCampaign: address and key, and with a field of one's own the lists that it is about. */
export async function askAccount(asking: Asking, optOutField: string): Promise<AccountPart> {
  const { out } = asking;
  out(ACTIVECAMPAIGN_PART);
  const before: { url?: string } = {};
  const { url, secret, lists } = await untilGood(out, () => askKey(asking, before));
  const variables = variablesOf(asking, KEY, secret);
  const value = { url, key: secret.stored };
  if (optOutField === STANDARD_FIELD) return { value, variables };
  return { value: { ...value, lists: await untilGood(out, () => askLists(asking, lists)) }, variables };
}

const NOT_ASKED = { skipped: 'it was not asked' };

/** Address and key belong together: without the key nobody knows whether this is an account at all. */
async function askKey(asking: Asking, before: { url?: string }) {
  const url = await untilGood(asking.out, async () => {
    // After a key that was refused, Enter keeps the address.
    const answer = await asking.questions.ask(ACCOUNT_URL, before.url === undefined ? {} : { fallback: before.url });
    return orFailed(() => accountOrigin(answer));
  });
  before.url = url;
  const secret = await askSecret(asking, KEY, 'AC_KEY');
  const { activecampaign } = orFailed(() =>
    connectActiveCampaign({ url, key: secret.value, requestsPerSecond: 4 }, impatient),
  );
  const me = await asked(() => activecampaign.me());
  passed(keyFindings({ me, sample: NOT_ASKED }));
  const lists = await asked(() => activecampaign.lists());
  const findings = listFindings({ lists, sample: NOT_ASKED, wanted: 'all' });
  passed(findings);
  const shown = findings.find(({ check }) => check === 'lists in scope');
  asking.out(GOOD(KEY_SEES(answered(me)?.username, shown?.words.replace(/^All: /, ''))));
  return { url, secret, lists: answered(lists) ?? [] };
}

/** No default: a field of one's own is there to keep sales and marketing apart, and only its owner knows how. */
async function askLists({ questions, out }: Asking, lists: readonly AcList[]): Promise<'all' | readonly string[]> {
  const answer = await questions.ask(LISTS);
  const wanted = answer.toLowerCase() === 'all' ? 'all' : answer.split(/[\s,]+/).filter((id) => id !== '');
  const findings = listFindings({ lists: { value: lists }, sample: NOT_ASKED, wanted });
  passed(findings);
  out(GOOD(findings.find(({ check }) => check === 'lists in scope')?.words ?? ''));
  return wanted;
}
