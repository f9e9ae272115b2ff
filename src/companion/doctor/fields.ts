import type { ObjectDescription, PersonObject } from '../../salesforce/salesforce.ts';
import { type Answer, answered, counted, type Finding, found } from './finding.ts';

/** How many live records with an address there are, and on how many the box is set. */
export interface RecordCounts {
  readonly withAddress: number;
  readonly set: number;
}

export interface ObjectFacts {
  readonly object: PersonObject;
  readonly description: Answer<ObjectDescription>;
  readonly counts: Answer<RecordCounts>;
}

const group = 'salesforce';

/** Whether the opt-out field and Email of one object are there, readable and writable. */
export function fieldFindings(facts: ObjectFacts, field: string): Finding[] {
  const { object } = facts;
  const check = `${object}.${field}`;
  const remedy = `Give the API user read and edit access to ${object}s (object permissions), for example by a permission set.`;
  return found({ group, check, needed: true, remedy }, facts.description, (description) => [
    boxFinding(facts, description, field),
    emailFinding(object, description),
  ]);
}

function boxFinding(facts: ObjectFacts, description: ObjectDescription, field: string): Finding {
  const { object } = facts;
  const check = `${object}.${field}`;
  const problem = (words: string, remedy: string): Finding => ({ group, check, status: 'problem', words, remedy });
  const access = `Give the API user read and edit access to ${check} (field-level security), for example by a permission set.`;
  const box = description.fields.get(field);
  if (!box) return problem('Not there, or hidden from this user by field-level security.', access);
  if (box.type !== 'boolean')
    return problem(`No checkbox but of type ${box.type}.`, 'Set salesforce.optOutField to a checkbox.');
  if (!description.updateable)
    return problem(
      `Readable, but this user may not edit ${object}s.`,
      `Give the API user edit access to ${object}s (object permissions).`,
    );
  if (!box.updateable) return problem('Readable, but read-only for this user.', access);
  return { group, check, status: 'ok', ...countsInWords(facts, box.label) };
}

function countsInWords({ object, counts }: ObjectFacts, label: string): Pick<Finding, 'words' | 'remedy'> {
  const known = answered(counts);
  const rights = `"${label}": readable and writable`;
  if (known === undefined) {
    const why = 'trouble' in counts ? ` How many there are could not be counted: ${counts.trouble.words}.` : '';
    return { words: `${rights}.${why}`, remedy: null };
  }
  const { withAddress, set } = known;
  const of = counted(withAddress, `live ${object} with an address`, `live ${object}s with an address`);
  if (withAddress === 0)
    return {
      words: `${rights}. This user sees no live ${object} with an address.`,
      remedy: `If there are ${object}s, let the user see them all (View All on the object, or sharing).`,
    };
  return { words: `${rights}; set on ${set.toLocaleString('en')} of ${of}.`, remedy: null };
}

function emailFinding(object: PersonObject, description: ObjectDescription): Finding {
  const check = `${object}.Email`;
  if (description.fields.has('Email')) return { group, check, status: 'ok', words: 'Readable.', remedy: null };
  return {
    group,
    check,
    status: 'problem',
    words: 'Hidden from this user by field-level security.',
    remedy: `Give the API user read access to ${check}.`,
  };
}
