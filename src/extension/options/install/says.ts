import type { PersonObject } from '../../../salesforce/salesforce.ts';
import { failureSays } from '../../failure-says.ts';
import { say } from '../../say.ts';
import type { Access } from './look.ts';
import { layoutLabel } from './look.ts';
import { rightsWanted } from './remedy.ts';
import { NotDone, type Progress } from './run.ts';
import { SET, type Step } from './steps.ts';

const OBJECTS: Readonly<Record<PersonObject, string>> = {
  Contact: 'options_install_contacts',
  Lead: 'options_install_leads',
};

export const objectSays = (object: PersonObject) => say(OBJECTS[object]);

const ACCESS: Readonly<Record<Access, string>> = {
  edit: 'options_install_edit',
  'read-only': 'options_install_read',
  hidden: 'options_install_hidden',
};

export const accessSays = (access: Access) => say(ACCESS[access]);

/** What a step does. */
export function stepSays(step: Step): string {
  switch (step.kind) {
    case 'field':
      return say('options_install_step_field', step.label, step.name, objectSays(step.object));
    case 'set':
      return say('options_install_step_set', SET.label, SET.name);
    case 'right':
      return say('options_install_step_right', `${step.object}.${step.name}`);
    case 'assign':
      return say('options_install_step_assign');
    case 'layout':
      return say('options_install_step_layout', layoutLabel(step.layout), objectSays(step.object));
  }
}

const NOT_DONE: Readonly<Record<NotDone['why'], string>> = {
  type: 'options_install_type',
  place: 'options_install_place',
  gone: 'options_install_gone',
  lost: 'options_install_lost',
  unseen: 'options_install_unseen',
};

/** How far a step has come, or what it is before it is begun. */
export function progressSays(step: Step, progress: Progress | undefined, was: boolean): string {
  if (progress === undefined) return say(was ? 'options_install_is' : 'options_install_will');
  switch (progress.at) {
    case 'working':
      return say('options_install_working');
    case 'there':
      return say('options_install_is');
    case 'waits':
      return say('options_install_waits');
    case 'done':
      if (progress.without === undefined) return say('options_install_done');
      return `${say('options_install_untracked')} ${failureSays(progress.without)}`;
    case 'failed': {
      const { cause } = progress;
      const words = cause instanceof NotDone ? say(NOT_DONE[cause.why], cause.of) : failureSays(cause);
      const rights = rightsWanted(step.kind, cause);
      return [words, rights.length > 0 && say('options_install_rights', rights.join(', '))].filter(Boolean).join(' ');
    }
  }
}
