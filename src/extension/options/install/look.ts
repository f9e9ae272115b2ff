import { isAmong } from '../../../salesforce/field-name.ts';
import { OBJECTS, type PersonObject } from '../../../salesforce/salesforce.ts';
import { fieldsOn } from '../../../salesforce/setup/layout.ts';
import type { CustomField, FieldRight } from '../../../salesforce/setup/setup.ts';
import { STANDARD_FIELD } from '../../settings/catalogue.ts';
import type { OrgSetup } from './org.ts';
import { SET, type Step } from './steps.ts';

/** What was found, or why it could not be looked at. */
export type Found<T> = { readonly value: T } | { readonly trouble: unknown };

export type Access = 'edit' | 'read-only' | 'hidden';

export interface LayoutThere {
  /** As the Metadata API has it. */
  readonly layout: string;
  /** As people know it. */
  readonly label: string;
  readonly has: boolean;
  /** All of it, for a copy. */
  readonly document: string;
}

export interface ObjectThere {
  readonly object: PersonObject;
  readonly field: Found<CustomField | undefined>;
  /** What the signed-in user may do with the field and with the standard one. */
  readonly access: Found<{ readonly own: Access; readonly standard: Access }>;
  readonly layouts: Found<readonly LayoutThere[]>;
  /** Lightning pages that show fields of their own, and not this one. */
  readonly forms: Found<readonly string[]>;
}

export interface There {
  /** The field's API name as the org spells it. */
  readonly name: string;
  readonly objects: readonly ObjectThere[];
  readonly set: Found<{ readonly rights: ReadonlyMap<string, FieldRight>; readonly assigned: boolean } | undefined>;
}

async function found<T>(looking: Promise<T>): Promise<Found<T>> {
  return looking.then(
    (value) => ({ value }),
    (trouble: unknown) => ({ trouble }),
  );
}

/** Looks at all that is there of a field in an org. Changes nothing; does not reject: each part tells its own trouble. */
export async function lookAt(org: OrgSetup, given: string): Promise<There> {
  // Who may not ask is told so of each part.
  const name = await org.setup.fullName(given).catch(() => given);
  const layouts = found(allLayouts(org, name));
  const set = found(setThere(org));
  const objects = await Promise.all(OBJECTS.map((object) => objectThere(org, object, name, layouts)));
  return { name, objects, set: await set };
}

async function objectThere(
  { setup, describe }: OrgSetup,
  object: PersonObject,
  name: string,
  layouts: Promise<Found<ReadonlyMap<PersonObject, readonly LayoutThere[]>>>,
): Promise<ObjectThere> {
  const accessTo = async () => {
    const { fields } = await describe(object);
    const to = (field: string): Access =>
      fields.get(field) ? (fields.get(field)?.updateable ? 'edit' : 'read-only') : 'hidden';
    return { own: to(name), standard: to(STANDARD_FIELD) };
  };
  const forms = async () =>
    (await setup.dynamicForms(object)).filter(({ fields }) => !isAmong(name, fields)).map(({ label }) => label);
  const [field, access, dynamic, all] = await Promise.all([
    found(setup.customField(object, name)),
    found(accessTo()),
    found(forms()),
    layouts,
  ]);
  const own = 'value' in all ? { value: all.value.get(object) ?? [] } : all;
  return { object, field, access, layouts: own, forms: dynamic };
}

async function allLayouts(
  { layouts }: OrgSetup,
  name: string,
): Promise<ReadonlyMap<PersonObject, readonly LayoutThere[]>> {
  const names = await layouts.list();
  const of = (object: PersonObject) => names.filter((layout) => layout.startsWith(`${object}-`));
  const documents = await layouts.read(OBJECTS.flatMap(of));
  const there = (layout: string): LayoutThere[] => {
    const document = documents.get(layout);
    // What Salesforce lists and does not give cannot be changed either.
    if (document === undefined) return [];
    return [{ layout, label: layoutLabel(layout), has: isAmong(name, fieldsOn(document)), document }];
  };
  return new Map(OBJECTS.map((object) => [object, of(object).flatMap(there)]));
}

/** `Contact-Contact %28Sales%29 Layout` -> `Contact (Sales) Layout`. */
export function layoutLabel(layout: string): string {
  const name = layout.slice(layout.indexOf('-') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function setThere({ setup, user }: OrgSetup) {
  const id = await setup.permissionSet(SET.name);
  if (id === undefined) return undefined;
  return { rights: await setup.fieldRights(id), assigned: await setup.isAssigned(id, await user()) };
}

/** Whether a step was done already when the org was looked at; false where that is not known. */
export function wasThere(step: Step, { objects, set }: There): boolean {
  const held = 'value' in set ? set.value : undefined;
  switch (step.kind) {
    case 'field':
      return objects.some(
        ({ object, field }) => object === step.object && 'value' in field && field.value !== undefined,
      );
    case 'set':
      return held !== undefined;
    case 'right':
      return held?.rights.get(`${step.object}.${step.name}`)?.edit === true;
    case 'assign':
      return held?.assigned === true;
    case 'layout':
      return false;
  }
}

/** Whether the field is there on both objects, is a checkbox, and is seen by who looked. */
export function isUsable({ objects }: There): boolean {
  return objects.every(
    ({ field, access }) =>
      'value' in field && field.value?.type === 'Checkbox' && 'value' in access && access.value.own !== 'hidden',
  );
}
