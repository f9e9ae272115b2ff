import { isAmong } from '../../../salesforce/field-name.ts';
import { fieldsOn, lostFrom, withField } from '../../../salesforce/setup/layout.ts';
import type { FieldRight } from '../../../salesforce/setup/setup.ts';
import { ServiceFailure } from '../../../service/failure.ts';
import { STANDARD_FIELD } from '../../settings/catalogue.ts';
import type { OrgSetup } from './org.ts';
import { DESCRIPTION, needsOf, SET, type Step } from './steps.ts';

/** What became of a step. */
export type Outcome =
  | { readonly at: 'there' }
  /** `without`: why the field has no history. */
  | { readonly at: 'done'; readonly without?: unknown }
  | { readonly at: 'failed'; readonly cause: unknown }
  /** Something that it needs failed. */
  | { readonly at: 'waits' };

export type Progress = Outcome | { readonly at: 'working' };

/** Why a step that Salesforce did not refuse is not done. */
export class NotDone extends Error {
  readonly why: 'type' | 'place' | 'gone' | 'lost' | 'unseen';
  /** What it is about: a type, or what a layout lost. */
  readonly of: string;

  constructor(why: NotDone['why'], of = '') {
    super(why);
    this.why = why;
    this.of = of;
  }
}

/**
 * Does the steps one after the other, and tells of each. Every step first looks whether it is done: so it may be stopped anywhere and run
 * again, and makes nothing twice. What fails holds up only what needs it. Does not reject.
 */
export async function install(
  org: OrgSetup,
  steps: readonly Step[],
  tell: (step: number, progress: Progress) => void,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [at, step] of steps.entries()) {
    tell(at, { at: 'working' });
    const ready = needsOf(step, steps).every((need) => ['there', 'done'].includes(outcomes[need]?.at ?? ''));
    const outcome: Outcome = ready
      ? await doStep(org, step).catch((cause: unknown) => ({ at: 'failed', cause }) as const)
      : { at: 'waits' };
    outcomes.push(outcome);
    tell(at, outcome);
  }
  return outcomes;
}

async function doStep(org: OrgSetup, step: Step): Promise<Outcome> {
  const { setup } = org;
  switch (step.kind) {
    case 'field':
      return field(org, step);
    case 'set':
      return once(
        async () => (await setup.permissionSet(SET.name)) !== undefined,
        () => setup.createPermissionSet(SET),
      );
    case 'right': {
      const name = `${step.object}.${step.name}`;
      const set = await theSet(org);
      let known: FieldRight | undefined;
      return once(
        async () => {
          known = (await setup.fieldRights(set)).get(name);
          return known?.edit === true;
        },
        () => setup.giveField(set, step.object, name, known),
      );
    }
    case 'assign': {
      const [set, user] = [await theSet(org), await org.user()];
      return once(
        () => setup.isAssigned(set, user),
        () => setup.assign(set, user),
      );
    }
    case 'layout':
      return layout(org, step);
  }
}

/** Does what is not done yet. A write whose answer is lost, or that somebody else was quicker with, counts as done where it can be seen. */
async function once(isDone: () => Promise<boolean>, work: () => Promise<void>): Promise<Outcome> {
  if (await isDone()) return { at: 'there' };
  try {
    await work();
  } catch (cause) {
    if (!(await isDone().catch(() => false))) throw cause;
  }
  return { at: 'done' };
}

async function theSet({ setup }: OrgSetup): Promise<string> {
  const set = await setup.permissionSet(SET.name);
  if (set === undefined) throw new NotDone('unseen');
  return set;
}

async function field({ setup }: OrgSetup, { object, name, label }: Extract<Step, { kind: 'field' }>): Promise<Outcome> {
  const isThere = async () => {
    const known = await setup.customField(object, name);
    if (known && known.type !== 'Checkbox') throw new NotDone('type', known.type);
    return known !== undefined;
  };
  const create = (tracked: boolean) => setup.createCheckbox({ object, name, label, description: DESCRIPTION, tracked });
  let without: unknown;
  const outcome = await once(isThere, async () => {
    try {
      await create(true);
    } catch (cause) {
      if (!mayBeHistory(cause)) throw cause;
      await create(false);
      without = cause;
    }
  });
  return outcome.at === 'done' && without !== undefined ? { at: 'done', without } : outcome;
}

/**
 * Whether a field may be refused for its history: not turned on for the object, or as many fields are tracked as may be. The words are in
 * the user's language and the code is unsure, so that all that another try may not mend by itself is taken for it.
 */
function mayBeHistory(cause: unknown): boolean {
  if (!(cause instanceof ServiceFailure) || cause.kind !== 'rejected') return false;
  return !/^(UNABLE_TO_LOCK_ROW|DUPLICATE_)/.test(cause.detail.code ?? '');
}

/** Reads the layout as it is now, puts the field into it, saves it, and compares what Salesforce has made of that. */
async function layout(
  { layouts }: OrgSetup,
  { name, layout: fullName }: Extract<Step, { kind: 'layout' }>,
): Promise<Outcome> {
  const read = async () => {
    const document = (await layouts.read([fullName])).get(fullName);
    if (document === undefined) throw new NotDone('gone');
    return document;
  };
  const before = await read();
  // An org may leave its own namespace out of its own layouts.
  const has = (document: string) => isAmong(name, fieldsOn(document));
  if (has(before)) return { at: 'there' };
  const wanted = withField(before, name, [STANDARD_FIELD, 'Email']);
  if (wanted === undefined) throw new NotDone('place');
  const refused = await layouts.update(wanted).then(
    () => undefined,
    (cause: unknown) => ({ cause }),
  );
  const after = await read().catch((cause: unknown) => {
    throw refused ? refused.cause : cause;
  });
  if (refused && !has(after)) throw refused.cause;
  const lost = lostFrom(before, after);
  if (lost.length > 0) throw new NotDone('lost', lost.join(', '));
  if (!has(after)) throw new NotDone('unseen');
  return { at: 'done' };
}
