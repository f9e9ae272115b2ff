import { partsOf } from '../../../salesforce/field-name.ts';
import { OBJECTS, type PersonObject } from '../../../salesforce/salesforce.ts';
import { STANDARD_FIELD } from '../../settings/catalogue.ts';

/** The permission set that is made (facts/salesforce.md section 10). */
export const SET = {
  name: 'Email_OptOut_Sync',
  label: 'Email opt-out sync',
  description: 'Read and edit the email opt-out fields of contacts and leads. Made by OptBridge.',
};

/** What a field says of itself in the org; English, as one org has readers of several languages. */
export const DESCRIPTION =
  'Whether this person wants no more sales email. Kept in step with ActiveCampaign by OptBridge.';

/** One thing to be done, each by itself and each only where it is not done yet. */
export type Step =
  | { readonly kind: 'field'; readonly object: PersonObject; readonly name: string; readonly label: string }
  | { readonly kind: 'set' }
  | { readonly kind: 'right'; readonly object: PersonObject; readonly name: string }
  | { readonly kind: 'assign' }
  | { readonly kind: 'layout'; readonly object: PersonObject; readonly name: string; readonly layout: string };

/** The field to install: the custom one of the settings where it is one that can be made, else the usual. */
export function fieldToInstall(inForce: string): string {
  const { bare } = partsOf(inForce);
  return /^[A-Za-z](?:_?[A-Za-z0-9])*__c$/.test(bare) && bare.length <= 43 ? inForce : 'Sales_Opt_Out__c';
}

/** `Sales_Opt_Out__c` -> `Sales Opt Out`. */
export function fieldLabel(name: string): string {
  return partsOf(name).bare.replace(/__c$/, '').replaceAll('_', ' ');
}

/** All that installing a field comes to, in the order in which it is done, on these layouts. What is there already is among it. */
export function stepsFor(
  name: string,
  layouts: readonly { readonly object: PersonObject; readonly layout: string }[],
): readonly Step[] {
  const label = fieldLabel(name);
  return [
    ...OBJECTS.map((object): Step => ({ kind: 'field', object, name, label })),
    { kind: 'set' },
    ...[name, STANDARD_FIELD].flatMap((of) => OBJECTS.map((object): Step => ({ kind: 'right', object, name: of }))),
    { kind: 'assign' },
    ...layouts.map(({ object, layout }): Step => ({ kind: 'layout', object, name, layout })),
  ];
}

/** What has to be there before a step can be: the indexes of other steps. */
export function needsOf(step: Step, steps: readonly Step[]): readonly number[] {
  const needs = (other: Step): boolean => {
    if (other.kind === 'set') return step.kind === 'right' || step.kind === 'assign';
    if (other.kind !== 'field' || (step.kind !== 'right' && step.kind !== 'layout')) return false;
    return other.object === step.object && other.name === step.name;
  };
  return steps.flatMap((other, at) => (needs(other) ? [at] : []));
}
