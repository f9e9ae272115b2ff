import type { AcContactPage, AcList } from '../../activecampaign/activecampaign.ts';
import { AUTOMATIONS } from '../provenance.ts';
import { type Answer, answered, counted, type Finding, found } from './finding.ts';

export interface ListFacts {
  readonly lists: Answer<readonly AcList[]>;
  /** One page of contacts; undefined when there is nobody. */
  readonly sample: Answer<AcContactPage | undefined>;
  /** `activecampaign.lists` of the configuration. */
  readonly wanted: 'all' | readonly string[];
}

const group = 'activecampaign';
const RIGHTS =
  'Use the key of a user in the Admin group, or let the group of this user see the lists (Settings > Users and Groups).';
/** So many names are listed before the rest is counted. */
const NAMED = 12;

/** Lists shown, lists that do not count, lists in scope, and lists that the key's user may not see. */
export function listFindings(facts: ListFacts): Finding[] {
  return found({ group, check: 'lists', needed: true, remedy: RIGHTS }, facts.lists, (lists) => [
    shownFinding(lists),
    scopeFinding(lists, facts.wanted),
    hiddenFinding(lists, facts),
    { group, check: 'what unsubscribes set off', status: 'ok', words: AUTOMATIONS, remedy: null },
  ]);
}

function shownFinding(lists: readonly AcList[]): Finding {
  const texts = lists.filter((list) => list.channel === 'sms');
  const email = lists.filter((list) => list.channel !== 'sms');
  const sms = texts.length === 0 ? '' : ` SMS lists do not count: ${named(texts)}.`;
  if (email.length === 0)
    return {
      group,
      check: 'lists',
      status: 'problem',
      words: `The key is shown no e-mail list at all.${sms}`,
      remedy: RIGHTS,
    };
  return {
    group,
    check: 'lists',
    status: 'ok',
    words: `${counted(email.length, 'e-mail list')} shown.${sms}`,
    remedy: null,
  };
}

function scopeFinding(lists: readonly AcList[], wanted: ListFacts['wanted']): Finding {
  const place = { group, check: 'lists in scope' } as const;
  const email = lists.filter((list) => list.channel !== 'sms');
  if (wanted === 'all')
    return { ...place, status: 'ok', words: email.length === 0 ? 'None.' : `All: ${named(email)}.`, remedy: null };
  const missing = wanted.filter((id) => !email.some((list) => list.id === id));
  if (missing.length === 0) {
    const inScope = email.filter((list) => wanted.includes(list.id));
    const others = email.length - inScope.length;
    const rest = others === 0 ? '' : ` ${counted(others, 'other list is', 'other lists are')} left alone.`;
    return { ...place, status: 'ok', words: `${named(inScope)}.${rest}`, remedy: null };
  }
  const why = (id: string) =>
    lists.some((list) => list.id === id) ? `list ${id} is an SMS list` : `list ${id} is not shown to this key`;
  return {
    ...place,
    status: 'problem',
    words: `${capital(missing.map(why).join(', '))}.`,
    remedy: `Correct activecampaign.lists. Shown: ${named(email) || 'none'}.`,
  };
}

function hiddenFinding(lists: readonly AcList[], { sample, wanted }: ListFacts): Finding {
  const place = { group, check: 'hidden lists' } as const;
  const contacts = answered(sample)?.contacts;
  if (contacts === undefined && !('value' in sample))
    return { ...place, status: 'unknown', words: 'Not looked at, since no contacts could be read.', remedy: null };
  const shown = new Set(lists.map((list) => list.id));
  const rows = (contacts ?? []).flatMap(({ id, memberships = [] }) =>
    memberships.filter((row) => row.channel !== 'sms' && !shown.has(row.list)).map((row) => ({ id, list: row.list })),
  );
  const hidden = [...new Set(rows.map(({ list }) => list))].sort((a, b) => Number(a) - Number(b));
  const people = counted((contacts ?? []).length, 'contact');
  if (hidden.length === 0)
    return { ...place, status: 'ok', words: `None, as far as ${people} of a sample show.`, remedy: null };
  const on = new Set(rows.map(({ id }) => id)).size;
  const seen = `${on} of ${people} of a sample are on lists that this key is not shown: ${hidden.join(', ')}.`;
  if (wanted !== 'all')
    return { ...place, status: 'ok', words: `${seen} No matter: the lists in scope are named.`, remedy: null };
  return {
    ...place,
    status: 'warning',
    words: `${seen} They do not count, so that somebody who is subscribed there alone may be taken for opted out of everything.`,
    remedy: `${RIGHTS} A list that was deleted can be passed over.`,
  };
}

function named(lists: readonly AcList[]): string {
  const first = lists.slice(0, NAMED).map((list) => `${list.id} ${list.name}`);
  const more = lists.length > NAMED ? [`and ${lists.length - NAMED} more`] : [];
  return [...first, ...more].join(', ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
