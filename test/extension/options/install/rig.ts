import type { Sessions } from '../../../../src/extension/background/session.ts';
import { lookAt } from '../../../../src/extension/options/install/look.ts';
import { type OrgSetup, orgSetup } from '../../../../src/extension/options/install/org.ts';
import { install, type Outcome } from '../../../../src/extension/options/install/run.ts';
import { stepsFor } from '../../../../src/extension/options/install/steps.ts';
import { createSandbox, type Sandbox } from '../../../../src/sandbox/sandbox.ts';
import { standstill } from '../../../service/standstill.ts';

export const HOST = 'acme.my.salesforce.com';
export const FIELD = 'Sales_Opt_Out__c';

export const LAYOUTS = [
  { object: 'Contact', layout: 'Contact-Contact Layout' },
  { object: 'Lead', layout: 'Lead-Lead Layout' },
] as const;

export const STEPS = stepsFor(FIELD, LAYOUTS);

/** An org without people, and its administrator signed in to it. */
export interface Rig {
  readonly sandbox: Sandbox;
  readonly org: OrgSetup;
  /** The administrator's id. */
  readonly admin: string;
  /** Installs the field, on both layouts unless others are given. */
  install(steps?: typeof STEPS): Promise<readonly Outcome[]>;
  look(): ReturnType<typeof lookAt>;
}

export function rig(sandbox = createSandbox({ people: 0 })): Rig {
  const { admin, grants } = sandbox.org;
  const session = () => ({ accessToken: grants.openSession(admin), host: HOST, clientId: '', refreshToken: null });
  let current = session();
  const sessions: Sessions = {
    current: async () => current,
    renewed: async () => {
      current = session();
      return current;
    },
  };
  const org = orgSetup(HOST, { ...standstill(), sessions, fetch: (url, init) => sandbox.fetch(url, init) });
  return {
    sandbox,
    org,
    admin,
    install: (steps = STEPS) => install(org, steps, () => undefined),
    look: () => lookAt(org, FIELD),
  };
}

/** All of an org's Setup that an installation may touch, but for ids. */
export function setupOf({ org }: Sandbox) {
  const fields = (['Contact', 'Lead'] as const).flatMap((object) =>
    [...org.table(object).schema.fields.values()]
      .filter(({ custom }) => custom)
      .map(({ name, label }) => `${object}.${name} ${label} ${org.rules.isTracked(object, name)}`),
  );
  return {
    fields,
    sets: org.all('PermissionSet').map(({ Name }) => Name),
    rights: org.all('FieldPermissions').map((row) => `${row.Field} ${row.PermissionsRead} ${row.PermissionsEdit}`),
    assigned: org.all('PermissionSetAssignment').map(({ AssigneeId }) => AssigneeId),
    layouts: org.setup.layouts.all.map(({ fullName, body }) => `${fullName} ${body}`),
  };
}

/** What became of each step, in a word. */
export const said = (outcomes: readonly Outcome[]) => outcomes.map(({ at }) => at);
