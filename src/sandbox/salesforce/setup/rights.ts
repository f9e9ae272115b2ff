import type { AccessRules } from '../access.ts';
import { SalesforceError } from '../errors.ts';

/** System permissions that Setup asks for, by their API names. */
export const RIGHTS = [
  'ViewSetup',
  'CustomizeApplication',
  'ModifyMetadata',
  'ManageProfilesPermissionsets',
  'AssignPermissionSets',
] as const;
export type Right = (typeof RIGHTS)[number];

/** The objects that Setup consists of, and the right to write each. */
const WRITTEN_BY = {
  PermissionSet: 'ManageProfilesPermissionsets',
  FieldPermissions: 'ManageProfilesPermissionsets',
  PermissionSetAssignment: 'AssignPermissionSets',
  CustomField: 'CustomizeApplication',
  FlexiPage: 'CustomizeApplication',
} as const;

/** Who may do what in Setup: nobody anything, unless it was given. */
export class SetupRights {
  readonly #given = new Map<string, Set<Right>>();
  readonly #rules: readonly AccessRules[];

  /** @param rules of the org's records and of its Tooling API: objects without the right to see them do not exist */
  constructor(rules: readonly AccessRules[]) {
    this.#rules = rules;
    for (const access of rules) for (const type of Object.keys(WRITTEN_BY)) access.set('everyone', 'hidden', type);
  }

  give(user: string, ...rights: readonly Right[]): void {
    this.#given.set(user, new Set([...(this.#given.get(user) ?? []), ...rights]));
    this.#apply(user);
  }

  take(user: string, ...rights: readonly Right[]): void {
    for (const right of rights) this.#given.get(user)?.delete(right);
    this.#apply(user);
  }

  has(user: string, right: Right): boolean {
    return this.#given.get(user)?.has(right) === true;
  }

  /** Throws what Salesforce says of a missing right to the Metadata API (seen in public logs). */
  forMetadata(user: string): void {
    if (!this.has(user, 'ModifyMetadata'))
      throw new SalesforceError(
        403,
        'INSUFFICIENT_ACCESS',
        'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
      );
  }

  #apply(user: string): void {
    const sees = this.has(user, 'ViewSetup');
    for (const [type, right] of Object.entries(WRITTEN_BY))
      for (const access of this.#rules)
        access.set(user, !sees ? 'hidden' : this.has(user, right) ? 'edit' : 'read-only', type);
  }
}
