import { type Act, movable } from './act.ts';

/**
 * Whether an act can never be sent as things stand: all that is left of it is meant for another org or another ActiveCampaign
 * account than those of the sign-in and the settings. What waits for anything else may arrive by itself.
 */
export function isMisdirected(act: Act): boolean {
  const left = movable(act);
  return left.length > 0 && left.every((service) => isElsewhere(act.halves[service].problem?.kind));
}

const isElsewhere = (kind?: string): boolean => kind === 'other-org' || kind === 'other-account';
