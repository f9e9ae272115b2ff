import type { AcList } from '../../activecampaign/activecampaign.ts';
import type { Connection } from '../../activecampaign/connection.ts';
import type { OnePerson } from '../../activecampaign/one-person.ts';
import { setMembership } from '../../activecampaign/set-membership.ts';
import { addressOf } from '../../consent/facts.ts';
import { readRecord, readRecordsOf } from '../../salesforce/person.ts';
import { createUpdate, type Reach } from '../../salesforce/records.ts';
import { objectOf, type Salesforce, soqlString } from '../../salesforce/salesforce.ts';
import type { ServiceName } from '../../service/failure.ts';
import { isObject } from '../../service/http.ts';
import type { Act } from './act.ts';
import type { Side } from './drain.ts';
import { listsInScope, membershipsInScope, readContacts } from './membership.ts';
import { OwnFailure } from './problem.ts';
import type { Row } from './row.ts';

/** The services as the admin set them up and the rep signed in to them. Rejects with a failure or `NotConfigured`. */
export interface Services {
  /** @param org 18-character id of the org that is meant: rejects where the sign-in is known to be for another one. */
  salesforce(
    host: string,
    org?: string,
  ): Promise<{
    readonly reach: Reach;
    readonly client: Pick<Salesforce, 'query'>;
    /** 18-character id of whoever is signed in, where Salesforce said it. */
    readonly user?: string | undefined;
    /** API name of the opt-out field. */
    readonly field: string;
  }>;
  /** @param account API address of the account that is meant: rejects where the settings name another one. */
  activecampaign(account?: string): Promise<{
    readonly client: OnePerson;
    /** What `/lists` shows, at most a few minutes old. */
    readonly shown: readonly AcList[];
    readonly chosen: 'all' | readonly string[];
    /** Where people open ActiveCampaign in the browser, without a trailing slash. */
    readonly site: string;
    readonly connection: Connection;
  }>;
}

/**
 * What an act needs of the two services: every live record's box, every membership in scope.
 * @param now milliseconds by the clock that acts are timed by
 */
export function createSides(services: Services, now: () => number): Readonly<Record<ServiceName, Side>> {
  // How far the services' clocks are ahead of the local one: ActiveCampaign told last, and Salesforce's goes with it.
  let ahead = 0;
  const heard = (at = now()) => {
    ahead = at - now();
  };
  const local = (at: number | null) => (at ?? Number.NaN) - ahead;
  return {
    salesforce: salesforceSide(services, local),
    activecampaign: activeCampaignSide(services, local, heard),
  };
}

/** An instant of a service's by the local clock. */
type Local = (at: number | null) => number;

/**
 * The address of the act's record, null when it has none; of one that was deleted or merged away since the click the address that
 * it had, or its heir's. Rejects where nobody can see it: then nothing could be done, and would pass for done.
 */
export async function addressOfAct(services: Services, { host, org, record }: Act): Promise<string | null> {
  const { client, field } = await services.salesforce(host, org);
  const email = (await readRecord(client, record, field))?.email ?? (await emailOfGone(client, record));
  return addressOf(email) || null;
}

/** What `queryAll` shows of a record that no query finds (facts/salesforce.md section 1, "Merge"). */
async function emailOfGone(client: Pick<Salesforce, 'query'>, record: string): Promise<string> {
  const soql = `SELECT Email, MasterRecord.Email FROM ${objectOf(record)} WHERE Id = ${soqlString(record)}`;
  for await (const [row] of client.query(soql, { deleted: true }))
    if (row) return `${row.Email ?? (isObject(row.MasterRecord) && row.MasterRecord.Email) ?? ''}`;
  throw new OwnFailure('salesforce', 'not-found', 'hidden_record');
}

function salesforceSide(services: Services, local: Local): Side {
  return {
    read: async (act) => {
      const { client, field } = await services.salesforce(act.host, act.org);
      const records = act.address
        ? (await readRecordsOf(client, act.address, field, act.record)).records
        : [await readRecord(client, act.record, field)].filter((record) => record?.converted === false);
      return records
        .filter((record) => record !== undefined)
        .map(({ id, object, optedOut, changedAt }) => ({
          id,
          of: object,
          field,
          contact: null,
          value: optedOut,
          stamp: '',
          saidAt: local(Date.parse(`${changedAt}`)),
        }));
    },
    write: async (act, rows) => {
      const { reach, field } = await services.salesforce(act.host, act.org);
      const updates = rows.flatMap(({ id, goal }) => {
        const object = objectOf(id);
        return object === undefined ? [] : [{ object, id, values: { [field]: goal } }];
      });
      const outcomes = await createUpdate(reach)(updates);
      for (const { failure } of outcomes) if (failure) throw failure;
    },
  };
}

function activeCampaignSide(services: Services, local: Local, heard: (at?: number) => void): Side {
  // Lists and memberships are known by numbers that mean others in another account. A no to everything means the same in any.
  const accountOf = ({ wish, account }: Act) => services.activecampaign(wish.kind === 'opt-out' ? undefined : account);
  return {
    read: async (act): Promise<readonly Row[]> => {
      if (!act.address) return [];
      const { client, shown, chosen, connection } = await accountOf(act);
      const contacts = await readContacts(client, act.address);
      heard(connection.serverTime);
      return contacts.flatMap((contact) =>
        membershipsInScope(contact, listsInScope(shown, chosen)).map((row) => ({
          id: row.id,
          of: row.list,
          contact: contact.id,
          value: row.status,
          stamp: [row.subscribedAt, row.unsubscribedAt, contact.bouncedHard].join(),
          // Of two contacts nobody knows which one the person means: neither is subscribed again.
          bounced: contact.bouncedHard > 0 || contacts.length > 1,
          saidAt: local(row.status === 1 ? row.subscribedAt : row.unsubscribedAt),
        })),
      );
    },
    write: async (act, rows) => {
      const { connection } = await accountOf(act);
      const writes = rows.flatMap(({ contact, of: list, goal }) => {
        if (contact === null) return [];
        // 4: subscribed again (facts/activecampaign.md section 4).
        const change = goal === 1 ? ({ status: 1, sourceid: 4 } as const) : ({ status: 2 } as const);
        return [setMembership(connection, { contact, list, ...change })];
      });
      // One that fails keeps no other from being sent.
      const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
  };
}
