import type { Mark, Marks } from '../messages.ts';

export type Sign = 'out' | 'in' | 'unknown';

/** What a mark shows, and the key of what it says in `_locales`. */
export function saysOf(
  mark: Mark | undefined,
  problem: Marks['problem'],
): { readonly sign: Sign; readonly key: string } {
  const { salesforce = 'unknown', activecampaign = null } = mark ?? {};
  const out = salesforce === 'out';
  if (out) return { sign: 'out', key: activecampaign === 'out' ? 'marks_out_both' : 'marks_out_salesforce' };
  if (activecampaign === 'out') return { sign: 'out', key: 'marks_out_activecampaign' };
  if (salesforce === 'in')
    return { sign: 'in', key: activecampaign === 'in' ? 'marks_in_both' : 'marks_in_salesforce' };
  if (problem === 'unauthorised') return { sign: 'unknown', key: 'marks_unknown_signed_out' };
  return { sign: 'unknown', key: problem ? 'marks_unknown_problem' : 'marks_unknown' };
}
