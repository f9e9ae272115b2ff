import { ACCOUNT_LIMIT, tooFast } from '../pace-of-config.ts';
import { type Finding, findingIn } from './finding.ts';

const finding = findingIn('activecampaign');

/** Whether a run asks no more often than ActiveCampaign lets anybody. */
export function paceFinding(account: { readonly url: string; readonly requestsPerSecond: number }): Finding {
  const problem = tooFast(account);
  const own = `${account.requestsPerSecond} requests a second`;
  const allowed =
    account.requestsPerSecond > ACCOUNT_LIMIT
      ? `, of a stand-in on this machine; ActiveCampaign allows ${ACCOUNT_LIMIT}`
      : `; an account is allowed ${ACCOUNT_LIMIT}, with all that uses it`;
  return problem === null
    ? finding('pace', 'ok', `${own}${allowed}.`)
    : finding('pace', 'warning', problem.words, problem.remedy);
}
