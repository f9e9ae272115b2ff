import type { AcContactPage } from '../../activecampaign/activecampaign.ts';
import { type Answer, counted, type Finding, findingIn, found } from './finding.ts';

export interface SourceFacts {
  /** One page of contacts; undefined when there is nobody. */
  readonly sample: Answer<AcContactPage | undefined>;
  /** `activecampaign.personSources` of the configuration. */
  readonly wanted: 'any' | readonly string[];
}

const place = { group: 'activecampaign', check: 'whose subscriptions count' } as const;
const finding = findingIn(place.group);

/**
 * Which subscriptions may clear a box, and where those of a sample came from: the `sourceid` that tells a person's own
 * act from an import or an automation is not documented (facts/activecampaign.md section 4), so an admin has to look.
 */
export function sourceFindings({ sample, wanted }: SourceFacts): Finding[] {
  return found({ ...place, needed: false, remedy: '' }, sample, (page) => {
    const active = (page?.contacts ?? []).flatMap(({ memberships = [] }) =>
      memberships.filter((row) => row.status === 1),
    );
    return [wanted === 'any' ? anyFinding(active) : namedFinding(active, wanted)];
  });
}

type Rows = readonly { readonly sourceid: string | null }[];

function anyFinding(active: Rows): Finding {
  const seen = active.length === 0 ? '' : ` In a sample: ${bySource(active)}.`;
  return finding(
    place.check,
    'ok',
    `All: an import or an automation that puts somebody on a list again clears the box, as if they had asked for it. Name the sources that are a person’s own act in activecampaign.personSources to prevent that.${seen}`,
  );
}

function namedFinding(active: Rows, wanted: readonly string[]): Finding {
  const own = active.filter(({ sourceid }) => sourceid !== null && wanted.includes(sourceid)).length;
  const words = `Those with sourceid ${wanted.join(', ')}: ${own} of ${counted(active.length, 'subscription')} in a sample.`;
  if (own > 0 || active.length === 0) return finding(place.check, 'ok', words);
  return finding(
    place.check,
    'warning',
    `${words} The others count as nobody’s own act and never clear a box. In the sample: ${bySource(active)}.`,
    'Correct activecampaign.personSources: optbridge show ADDRESS --json names the sources of somebody whom you know.',
  );
}

/** The sources that occur, the most frequent first: `120 by sourceid 3, 15 by sourceid 0, 2 without one`. */
function bySource(rows: Rows): string {
  const groups = [...Map.groupBy(rows, ({ sourceid }) => sourceid)].sort((a, b) => b[1].length - a[1].length);
  return groups
    .map(([source, { length }]) => `${length} ${source === null ? 'without one' : `by sourceid ${source}`}`)
    .join(', ');
}
