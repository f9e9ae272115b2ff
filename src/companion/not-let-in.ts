import type { ServiceFailure } from '../service/failure.ts';
import { UNPAID } from './remedies.ts';
import { theirWords } from './their-words.ts';

/** How ActiveCampaign tells a key that it knows, whose user may not do this one thing (`You do not have permission to view lists.`). */
const MAY_NOT = /permission/i;

/**
 * What to say where a service refuses us, and what to do about it: an account that is not paid for, a right that is missing, or else the sign-in.
 * @param setting where the configuration holds the sign-in
 */
export function notLetIn(service: string, setting: string, error: ServiceFailure): string {
  const words = theirWords(error);
  if (error.unpaid) return `${service} refused: ${words}. ${UNPAID}`;
  const keyItself = error.detail.call.endsWith('/users/me');
  if (service === 'ActiveCampaign' && MAY_NOT.test(words) && !keyItself)
    return `ActiveCampaign does not let the user of this key do that: ${words}. Give the user’s group the right, or use the key of a user in the Admin group (activecampaign.key).`;
  return `${service} refused the sign-in: ${words}. Check ${setting} and the rights of its user.`;
}
