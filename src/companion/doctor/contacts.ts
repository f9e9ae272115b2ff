import type { AcContactPage } from '../../activecampaign/activecampaign.ts';
import { type Answer, counted, type Finding, found } from './finding.ts';

export interface KeyFacts {
  readonly me: Answer<{ readonly id: string; readonly username: string }>;
  /** One page of contacts; undefined when there is nobody. */
  readonly sample: Answer<AcContactPage | undefined>;
}

const group = 'activecampaign';
const KEY =
  'Check activecampaign.key and activecampaign.url: copy both again from Settings > Developer of the key’s user.';

/** Whether ActiveCampaign takes the key, and what the key may read. */
export function keyFindings(facts: KeyFacts): Finding[] {
  const check = 'key';
  const key = found({ group, check, needed: true, remedy: KEY }, facts.me, ({ id, username }) => [
    { group, check, status: 'ok', words: `Accepted; it is the key of user ${id} (${username}).`, remedy: null },
  ]);
  const remedy = 'Use the key of a user in the Admin group, who may see every contact.';
  const contacts = found({ group, check: 'contacts', needed: true, remedy }, facts.sample, (page) => [
    contactsFinding(page),
  ]);
  return [...key, ...contacts, writeFinding()];
}

function contactsFinding(page: AcContactPage | undefined): Finding {
  const place = { group, check: 'contacts' } as const;
  const sample = page?.contacts ?? [];
  const remedy = 'Use the key of a user in the Admin group, who may see every contact.';
  if (sample.length === 0)
    return { ...place, status: 'warning', words: 'This key is shown no contact at all.', remedy };
  const all = page?.total === undefined ? 'Readable' : `${counted(page.total, 'contact')} readable`;
  const partial = sample.filter(({ memberships, tags }) => memberships === undefined || tags === undefined).length;
  const people = counted(sample.length, 'contact');
  if (partial > 0)
    return {
      ...place,
      status: 'warning',
      words: `${all}, but ${partial} of ${people} of a sample came without all of their list memberships or tags. Such people are left alone.`,
      remedy,
    };
  return { ...place, status: 'ok', words: `${all}, with list memberships and tags.`, remedy: null };
}

/** There is no call that tells: whoever wants to know has to change something. */
function writeFinding(): Finding {
  return {
    group,
    check: 'right to unsubscribe',
    status: 'unknown',
    words:
      'Cannot be tested without writing. The first run tells: what ActiveCampaign refuses is reported person by person.',
    remedy: null,
  };
}
