import type { OverlayState, Problem, Status } from '../messages.ts';
import type { Model } from './overlay.ts';
import type { Words } from './words.ts';

export type Tone = 'ok' | 'out' | 'warn' | 'wait' | 'none';

/** What the pill and the head of the panel say. */
export interface Face {
  readonly state: OverlayState;
  readonly tone: Tone;
  /** The pill: the status, a detail, and what changes every second and is not read out. */
  readonly label: string;
  readonly detail: string;
  readonly countdown: string;
  /** The panel: what holds, and what that means in general (more/meaning.ts goes into detail). */
  readonly title: string;
  readonly words: string;
}

const TONES: Readonly<Record<OverlayState, Tone>> = {
  loading: 'none',
  subscribed: 'ok',
  'opted-out': 'out',
  differs: 'warn',
  pending: 'wait',
  'not-in-activecampaign': 'none',
  'no-email': 'none',
  'signed-out': 'wait',
  unavailable: 'warn',
};

type Snake<S extends string> = S extends `${infer A}-${infer B}` ? `${A}_${Snake<B>}` : S;

/** A word of the code in the form that keys of `_locales` may have. */
function snake<S extends string>(word: S): Snake<S> {
  return word.replaceAll('-', '_') as Snake<S>;
}

/** One model, one face: everything the overlay says about a person's status is chosen here. */
export function faceOf({ gone, status, now }: Pick<Model, 'gone' | 'status' | 'now'>, words: Words): Face {
  const { say } = words;
  const state = gone ? 'unavailable' : (status?.state ?? 'loading');
  // Out in Salesforce is all that somebody unknown to ActiveCampaign can be.
  const said = state === 'not-in-activecampaign' && status?.optedOut ? 'opted-out' : state;
  const other = state === 'pending' && status?.pending?.wish !== 'opt-out';
  const key = gone ? 'gone' : other ? 'saving' : snake(said);
  const retryAt = state === 'pending' ? status?.pending?.retryAt : state === 'unavailable' && status?.problem?.retryAt;
  return {
    state,
    tone: TONES[said],
    label: say(key),
    detail: (!gone && status && detailOf(status, words, now)) || '',
    countdown: gone ? '' : againIn(retryAt || null, now, words),
    // Said by the panel alone.
    get title() {
      return say(`${key}_title`);
    },
    get words() {
      return say(`${key}_words`);
    },
  };
}

/** A problem in a short sentence, by what can be done about it; the service's own words are shown apart. */
export function problemSays({ service, kind }: Problem, { say }: Words): string {
  return say(`problem_${snake(kind)}`, say(`service_${service}`));
}

/** "trying again in 8 sec", or nothing when it waits for somebody. */
export function againIn(retryAt: string | null, now: number, { say, span }: Words): string {
  if (!retryAt) return '';
  const left = Date.parse(retryAt) - now;
  return left > 500 ? say('again_in', span(left)) : say('again_now');
}

/** How many lists there are and are active, on how many records the person is out, and whether ActiveCampaign says no where they differ. */
export function counts({ lists, records }: Status) {
  // Two contacts with one address may be on the same list.
  const numberOf = (lines: Status['lists']) => new Set(lines.map(({ list }) => list)).size;
  const active = numberOf(lists.filter((line) => line.status === 'active'));
  const out = records.filter((line) => line.optedOut).length;
  // Never joined or unconfirmed is neither in nor out; no record that is out leaves nothing else to differ by.
  const saysNo = out === 0 || (active === 0 && lists.some((line) => line.status === 'unsubscribed'));
  return { on: numberOf(lists), active, saysNo, out, all: records.length };
}

function detailOf(status: Status, words: Words, now: number): string {
  const { say, count, day } = words;
  const { lists, pending, problem } = status;
  const { on, active } = counts(status);
  switch (status.state) {
    case 'subscribed':
      return active === 0 ? say('no_active_list') : count('lists_of', on, active);
    case 'opted-out': {
      // The latest unsubscription is since when nobody mails.
      const since = lists.map((line) => (line.status === 'unsubscribed' && line.since) || '').sort();
      const latest = since.at(-1);
      if (latest) return say('since', day(latest, now));
      return status.activeCampaignUrl ? '' : say('activecampaign_unknown');
    }
    case 'differs':
      return words.join(salesforceSays(status, words), activeCampaignSays(status, words));
    case 'not-in-activecampaign':
      return salesforceSays(status, words);
    case 'pending':
      if (!pending?.retryAt) return '';
      return words.join(say('queued'), pending.attempt > 1 && say('try', pending.attempt));
    case 'unavailable':
      return problem ? problemSays(problem, words) : '';
    default:
      return '';
  }
}

function salesforceSays(status: Status, { say }: Words): string {
  const { out, all } = counts(status);
  if (out > 0 && out < all) return say('salesforce_part', out, all);
  return say(out > 0 || (all === 0 && status.optedOut) ? 'salesforce_out' : 'salesforce_in');
}

function activeCampaignSays(status: Status, { say, count }: Words): string {
  const { active, saysNo } = counts(status);
  if (!status.activeCampaignUrl) return say('activecampaign_unknown');
  return saysNo ? say('activecampaign_out') : count('activecampaign_on', active);
}
