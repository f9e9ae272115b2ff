import { expect, test } from 'vitest';
import { findPerson, personKnown } from '../../../src/extension/background/person-account.ts';
import { memoryShelf } from './memory.ts';
import { createRig, HOST } from './rig.ts';

/** An org with person accounts: one of them Ann's, and a business. */
function town() {
  const rig = createRig();
  const { org } = rig.sandbox;
  org.addField('Account', 'IsPersonAccount', 'Is Person Account');
  org.addField('Account', 'PersonContactId', 'Contact ID', 'string');
  const contact = org.insert('Contact', { FirstName: 'Ann', LastName: 'Own', Email: 'ann.own@example.com' });
  const person = org.insert('Account', { Name: 'Ann Own', IsPersonAccount: true, PersonContactId: contact });
  org.update('Contact', contact, { AccountId: person });
  const business = org.insert('Account', { Name: 'Acme' });
  return { ...rig, contact, person, business };
}

const asked = ({ sandbox }: Pick<ReturnType<typeof town>, 'sandbox'>) =>
  sandbox.requests.of('salesforce', 'GET', /FROM(\+|%20)Account/).length;

test('the contact behind a person’s account is found, named once, and known from then on; of a business it is known too', async () => {
  const here = town();
  const { services, contact, person, business, read } = here;
  const shelf = memoryShelf();
  expect(await personKnown(shelf, HOST, person)).toBeUndefined();
  expect(await findPerson(services, shelf, HOST, person)).toBe(contact);
  expect(await findPerson(services, shelf, HOST, business)).toBe('');
  expect([await personKnown(shelf, HOST, person), await personKnown(shelf, HOST, business)]).toEqual([contact, '']);
  expect(asked(here)).toBe(2);
  expect((await read(contact)).records).toMatchObject([{ id: contact, name: 'Ann Own', company: null }]);
});

test('an org without person accounts is asked once, for all of its accounts', async () => {
  const here = createRig();
  const shelf = memoryShelf();
  const account = here.sandbox.org.insert('Account', { Name: 'Acme' });
  expect(await findPerson(here.services, shelf, HOST, account)).toBe('');
  expect(await personKnown(shelf, HOST, '001000000000009AAA')).toBe('');
  expect(await personKnown(shelf, 'other.my.salesforce.com', account)).toBeUndefined();
});

test('where nobody is signed in nothing is asked, and nothing is taken for known', async () => {
  const { services, sandbox, sessions, person } = town();
  sessions.clear();
  sandbox.requests.reset();
  const shelf = memoryShelf();
  await expect(findPerson(services, shelf, HOST, person)).rejects.toMatchObject({ kind: 'unauthorised' });
  expect(sandbox.requests.of('salesforce')).toEqual([]);
  expect(await personKnown(shelf, HOST, person)).toBeUndefined();
});
