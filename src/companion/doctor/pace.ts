import { ACCOUNT_LIMIT, tooFast } from '../pace-of-config.ts';
import { type Finding, findingIn } from './finding.ts';

const finding = findingIn('activecampaign');

/** Whether a run asks no more often than ActiveCampaign lets anybody. */
export function paceFinding(account: { readonly url: string; readonly requestsPerSecond: number }): Finding {
  const problem = tooFast(account);
  const own = `${account.requestsPerSecond} requests a second`;
  return problem === null
    ? finding('pace', 'ok', `${own}; an account is allowed ${ACCOUNT_LIMIT}, with all that uses it.`)
    : finding('pace', 'warning', problem.words, problem.remedy);
}
