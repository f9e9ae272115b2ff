import { longId, soqlString } from '../../salesforce/salesforce.ts';
import type { Shelf } from './keeper.ts';
import type { Services } from './sides.ts';

/**
 * The contact behind an account's page, as Salesforce was asked about it: a person account is a contact for everything but its
 * page (facts/salesforce.md section 1). Empty: it is a business, or nobody may see; undefined: not asked yet.
 *
 * @param account 18-character id
 */
export async function personKnown(shelf: Shelf, host: string, account: string): Promise<string | undefined> {
  const [own, all] = await Promise.all([account, ''].map((of) => shelf.get(keyOf(host, of))));
  return (own ?? all) as string | undefined;
}

/**
 * Asks Salesforce for the contact behind an account, once; an org without person accounts, once for all of its accounts. Rejects
 * where it cannot be asked.
 */
export async function findPerson(
  services: Pick<Services, 'salesforce'>,
  shelf: Shelf,
  host: string,
  account: string,
): Promise<string> {
  const { client } = await services.salesforce(host);
  const soql = `SELECT PersonContactId FROM Account WHERE Id = ${soqlString(account)} AND IsPersonAccount = true`;
  let [person, of] = ['', account];
  try {
    for await (const [row] of client.query(soql)) person = longId(`${row?.PersonContactId ?? ''}`);
  } catch (cause) {
    if ((cause as { detail?: { code?: string } }).detail?.code !== 'INVALID_FIELD') throw cause;
    of = '';
  }
  await shelf.set(keyOf(host, of), person);
  return person;
}

const keyOf = (host: string, account: string) => `person ${host} ${account}`;
