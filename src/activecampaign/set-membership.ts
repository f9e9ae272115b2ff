import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import type { MembershipChange } from './activecampaign.ts';
import type { Connection } from './connection.ts';
import { countOf, idOf } from './wire.ts';

/** Sets one membership's status; see `ActiveCampaign.setMembership`. */
export async function setMembership(connection: Connection, change: MembershipChange): Promise<void> {
  const { contact, list, status, sourceid } = change;
  const contactList = { list, contact, status, ...(sourceid === undefined ? {} : { sourceid }) };
  const row = await connection.ask({ method: 'POST', path: '/contactLists', body: { contactList } }, (body) =>
    isObject(body.contactList) ? body.contactList : undefined,
  );
  const now = countOf(row.status);
  const other = [idOf(row.contact) ?? contact, idOf(row.list) ?? list].join() !== [contact, list].join();
  if (now !== status || other) {
    throw new ServiceFailure({
      service: 'activecampaign',
      kind: 'rejected',
      call: 'POST /api/3/contactLists',
      words: other
        ? 'the reply is about another membership'
        : `the reply says status ${now ?? 'unknown'}, not ${status}`,
    });
  }
}
