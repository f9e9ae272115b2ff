import type { About, ListLine } from '../../messages.ts';
import { counts } from '../face.ts';
import { moment } from '../times.ts';
import type { View } from '../view.ts';
import { isMine } from './mine.ts';
import { called } from './via.ts';

type Said = Pick<View, 'model' | 'words'>;

/** "Why is she opted out?" in one sentence, from what evidence there is; empty while somebody is not out. */
export function whySays(view: Said): string {
  const { status, about } = view.model;
  if (!status?.optedOut || status.pending || !about) return '';
  const { say } = view.words;
  const { act } = about;
  if (act?.stands && act.wish === 'opt-out') return say('why_you', moment(act.at, view.words));
  const parts = [activeCampaignSays(view, about), salesforceSays(view, about)];
  const unsaid = counts(status).out ? 'why_box_unknown' : 'why_nothing';
  return say('why_sentence', parts.filter(Boolean).join('; ') || say(unsaid));
}

/**
 * Only when no list is active: somebody who is still mailed is not out because of a list that she left, unless it is as
 * another of several contacts that she is mailed.
 */
function activeCampaignSays(view: Said, about: About): string {
  const { bounce } = about;
  const { model, words } = view;
  const { say, day } = words;
  const lists = model.status?.lists ?? [];
  if (!model.status?.twins && lists.some(({ status }) => status === 'active')) return '';
  if (bounce) {
    const bounced = bounce.at ? say('why_bounced_on', day(bounce.at, model.now)) : say('why_bounced');
    return bounce.words ? say('with_detail', bounced, say('quoted', bounce.words)) : bounced;
  }
  const left = lists.filter(({ status }) => status === 'unsubscribed');
  const last = left.toSorted((a, b) => (a.since ?? '').localeCompare(b.since ?? '')).at(-1);
  return last ? leftSays(last, isMine(about, last.list), view) : '';
}

function leftSays({ name, since, via, reason }: ListLine, mine: boolean, { model, words }: Said): string {
  const { say, day } = words;
  const left = since ? say('why_left_on', name, day(since, model.now)) : say('why_left', name);
  if (mine) return say('why_by_you', left);
  const by = via && via.kind !== 'form' ? say(`why_${via.kind}`, left, called(via, model.names, words)) : left;
  return reason ? say('with_detail', by, say('quoted', reason)) : by;
}

function salesforceSays({ model, words }: Said, { boxes: [box] }: About): string {
  if (!box || !model.status || !counts(model.status).out) return '';
  const day = words.day(box.at, model.now);
  return box.by === null ? words.say('why_box_nightly', day) : words.say('why_box', box.by, day);
}
