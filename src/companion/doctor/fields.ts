import type { ObjectDescription, PersonObject } from '../../salesforce/salesforce.ts';
import { fieldRemedy, missingFieldRemedy } from '../field-remedy.ts';
import { remedyForUnseen } from '../unseen.ts';
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
  const remedy = remedyForUnseen(
    object,
    'trouble' in facts.description ? facts.description.trouble : { code: null, words: '' },
  );
  return found({ group, check, needed: true, remedy }, facts.description, (description) => [
    boxFinding(facts, description, field),
    emailFinding(object, description),
  ]);
}

function boxFinding(facts: ObjectFacts, description: ObjectDescription, field: string): Finding {
  const { object } = facts;
  const check = `${object}.${field}`;
  const problem = (words: string, remedy: string): Finding => ({ group, check, status: 'problem', words, remedy });
  const access = fieldRemedy(object, field);
  const box = description.fields.get(field);
  if (!box)
    return problem(
      'Not there, or hidden from this user by field-level security.',
      missingFieldRemedy(object, field, description.fields.keys()),
    );
  if (box.type !== 'boolean')
    return problem(`No checkbox but of type ${box.type}.`, 'Set salesforce.optOutField to a checkbox.');
  if (!description.updateable)
    return problem(
      `Readable, but this user may not edit ${object}s.`,
      `Give the API user edit access to ${object}s (object permissions).`,
    );
  if (!box.updateable) return problem('Readable, but read-only for this user.', access);
  return { group, check, status: 'ok', words: `"${box.label}": readable and writable.`, remedy: null };
}

/** How many of the people with an address this user sees: who is not seen is not settled. */
export function peopleFindings(objects: readonly ObjectFacts[]): Finding[] {
  const place = { group, check: 'people' } as const;
  const known = objects.flatMap(({ object, counts }) => {
    const value = answered(counts);
    return value === undefined ? [] : [{ object, ...value }];
  });
  const [failed] = objects.flatMap(({ counts }) => ('trouble' in counts ? [counts.trouble] : []));
  if (known.length === 0) {
    const why = failed === undefined ? 'Not counted.' : `Could not be counted: ${failed.words}.`;
    return [{ ...place, status: 'unknown', words: why, remedy: null }];
  }
  const each = known.map(
    ({ object, withAddress, set }) => `${counted(withAddress, object)} (${set.toLocaleString('en')} opted out)`,
  );
  const words = `This user sees ${each.join(' and ')} with an address, deleted and converted ones aside.`;
  if (known.some(({ withAddress }) => withAddress > 0)) return [{ ...place, status: 'ok', words, remedy: null }];
  const remedy = 'If there are more, let the user see them all: View All on Contacts and Leads, or sharing.';
  return [{ ...place, status: 'warning', words, remedy }];
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
