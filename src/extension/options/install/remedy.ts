import { ServiceFailure } from '../../../service/failure.ts';
import type { Step } from './steps.ts';

/** System permissions by the names that Salesforce shows to administrators in English. */
const RIGHTS: Readonly<Record<Step['kind'], readonly string[]>> = {
  field: ['Customize Application'],
  set: ['Manage Profiles and Permission Sets'],
  right: ['Manage Profiles and Permission Sets'],
  assign: ['Assign Permission Sets'],
  layout: ['Modify Metadata Through Metadata API Functions', 'Customize Application'],
};

/** The rights in Salesforce that a step wants, where its failure says that one is missing; else none. */
export function rightsWanted(kind: Step['kind'], cause: unknown): readonly string[] {
  const code = cause instanceof ServiceFailure ? cause.detail.code : undefined;
  if (code === undefined) return [];
  if (code.startsWith('INSUFFICIENT_ACCESS')) return RIGHTS[kind];
  // Who may not see Setup is told that it does not exist.
  return /^(INVALID_TYPE|NOT_FOUND)$/.test(code) ? ['View Setup and Configuration', ...RIGHTS[kind]] : [];
}
