import { counts } from '../face.ts';
import type { View } from '../view.ts';

/** What the state means for this person, in a sentence. */
export function meaningOf({ face, model: { status }, words }: Pick<View, 'face' | 'model' | 'words'>): string {
  if (!status) return face.words;
  const { state, optedOut, activeCampaignUrl } = status;
  if (state === 'differs') {
    const { active, saysNo, out, all } = counts(status);
    if (out === 0) return words.say('says_activecampaign');
    if (out < all) {
      const other = active ? words.count('part_mails', active) : '';
      const none = activeCampaignUrl ? (saysNo ? 'part_out' : 'part_none') : 'part_unknown';
      return words.say('says_part', out, all, other || words.say(none));
    }
    return words.count('says_salesforce', active);
  }
  const half = optedOut && !activeCampaignUrl && (state === 'opted-out' || state === 'not-in-activecampaign');
  return half ? words.say('out_salesforce_words') : face.words;
}
