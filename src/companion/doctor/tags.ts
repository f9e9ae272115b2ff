import type { AcTag } from '../../activecampaign/survey.ts';
import { STANDARD_FIELD } from '../config.ts';
import { type Answer, answered, counted, type Finding, found } from './finding.ts';

/** One tag, asked for by its name. */
export interface TagFacts {
  readonly name: string;
  /** It qualifies a contact for the way from ActiveCampaign to Salesforce. */
  readonly qualifies: boolean;
  /** ActiveCampaign's own integration for Salesforce gives it. */
  readonly official: boolean;
  /** Undefined when the account has no tag of this name. */
  readonly tag: Answer<AcTag | undefined>;
  /** How many of its contacts changed lately; undefined where ActiveCampaign did not say. */
  readonly changed: Answer<number | undefined>;
}

/** What counts as lately. */
export const LATELY_DAYS = 7;

const group = 'activecampaign';

/** The qualifying tags and how many contacts carry each, and whether the tool that gives them is at work. */
export function tagFindings(tags: readonly TagFacts[], field: string): Finding[] {
  const qualifying = tags.filter(({ qualifies }) => qualifies);
  return [...qualifying.flatMap(tagFinding), ...noneFinding(qualifying), otherToolFinding(tags, field)];
}

function tagFinding({ name, tag }: TagFacts): Finding[] {
  const check = `tag ${name}`;
  return found({ group, check, needed: false, remedy: '' }, tag, (there) => [
    {
      group,
      check,
      status: 'ok',
      words:
        there === undefined
          ? 'The account has no such tag.'
          : there.contacts === undefined
            ? 'There; how many contacts carry it is not said.'
            : `On ${counted(there.contacts, 'contact')}.`,
      remedy: null,
    },
  ]);
}

/** Without a qualified contact nothing ever goes to Salesforce. Said only when it is sure. */
function noneFinding(qualifying: readonly TagFacts[]): Finding[] {
  const carried = qualifying.some(({ tag }) => !('value' in tag) || (tag.value && tag.value.contacts !== 0));
  if (carried) return [];
  return [
    {
      group,
      check: 'qualified contacts',
      status: 'warning',
      words: 'No contact carries a qualifying tag: unsubscribes and bounces will not reach Salesforce.',
      remedy:
        'Tag the contacts whose opt-outs shall reach Salesforce, or set activecampaign.qualifyingTags to the tags that they carry.',
    },
  ];
}

/**
 * The official integration for Salesforce writes the same field by rules of its own (facts/activecampaign.md section 12).
 * All that shows of it are its tags; a contact may also have changed for another reason, hence "may".
 */
function otherToolFinding(tags: readonly TagFacts[], field: string): Finding {
  const place = { group, check: 'other tools' } as const;
  if (field !== STANDARD_FIELD)
    return {
      ...place,
      status: 'ok',
      words: `ActiveCampaign's own integration for Salesforce writes ${STANDARD_FIELD}, not ${field}.`,
      remedy: null,
    };
  const there = tags.filter(({ official, tag }) => official && !('value' in tag && tag.value === undefined));
  if (there.length === 0)
    return {
      ...place,
      status: 'ok',
      words: "No sign of ActiveCampaign's own integration for Salesforce: its tags are not there.",
      remedy: null,
    };
  const changed = there.map((tag) => answered(tag.changed));
  const most = Math.max(0, ...changed.filter((count) => count !== undefined));
  if (most > 0)
    return {
      ...place,
      status: 'warning',
      words: `At least ${counted(most, 'contact')} with a tag of ActiveCampaign's own integration for Salesforce changed in the last ${LATELY_DAYS} days. It may be at work, and it writes Email Opt Out too: it clears the box when somebody joins any list.`,
      remedy: 'If it is connected, take Email Opt Out from its field mappings, so that one tool decides.',
    };
  if (changed.includes(undefined))
    return {
      ...place,
      status: 'unknown',
      words: "Whether ActiveCampaign's own integration for Salesforce is at work could not be found out.",
      remedy: null,
    };
  return {
    ...place,
    status: 'ok',
    words: `Tags of ActiveCampaign's own integration for Salesforce are there, but no contact with one changed in the last ${LATELY_DAYS} days.`,
    remedy: null,
  };
}
