import type { About, ListLine, Status } from '../../messages.ts';
import type { Words } from '../words.ts';

/** "Why is she opted out?" in one sentence, from what evidence there is; empty while somebody is not out. */
export function whySays(status: Status, about: About, words: Words, now: number): string {
  const { say, moment } = words;
  if (!status.optedOut || status.pending) return '';
  const { act } = about;
  if (act?.stands && act.wish === 'opt-out') return say('why_you', moment(act.at));
  const parts = [activeCampaignSays(status, about, words, now), salesforceSays(status, about, words, now)];
  return say('why_sentence', parts.filter(Boolean).join('; ') || say('why_nothing'));
}

/** Only when no list is active: somebody who is still mailed is not out because of a list that she left. */
function activeCampaignSays({ lists }: Status, { bounce }: About, { say, day }: Words, now: number): string {
  if (lists.some(({ status }) => status === 'active')) return '';
  if (bounce) {
    const bounced = bounce.at ? say('why_bounced_on', day(bounce.at, now)) : say('why_bounced');
    return bounce.words ? say('with_detail', bounced, say('quoted', bounce.words)) : bounced;
  }
  const left = lists.filter(({ status }) => status === 'unsubscribed');
  const last = left.toSorted((a, b) => (a.since ?? '').localeCompare(b.since ?? '')).at(-1);
  return last ? leftSays(last, { say, day }, now) : '';
}

function leftSays({ name, since, via }: ListLine, { say, day }: Pick<Words, 'say' | 'day'>, now: number): string {
  const left = since ? say('why_left_on', name, day(since, now)) : say('why_left', name);
  return via ? say(`why_${via.kind}`, left, via.id) : left;
}

function salesforceSays({ records }: Status, { box }: About, { say, day }: Words, now: number): string {
  if (!records.some(({ optedOut }) => optedOut)) return '';
  return box ? say('why_box', box.by, day(box.at, now)) : '';
}
