// Its parts, as src/salesforce/ imports them: once one of them is there, `jsforce` itself lacks names (its modules are in a circle).
import 'jsforce/lib/api/bulk2.js';
import { Connection } from 'jsforce/lib/connection.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { contact, lead } from './world.ts';

/** The real jsforce, over http on loopback: what it can do with a real org it can do here. */
describe('jsforce', () => {
  let sandbox: Sandbox;
  let connection: Connection;
  let close: () => Promise<void>;
  beforeEach(async () => {
    sandbox = createSandbox({ people: 0 });
    const running = await sandbox.listen();
    close = running.close;
    connection = new Connection({
      instanceUrl: running.salesforceUrl,
      accessToken: sandbox.org.grants.openSession(sandbox.org.admin),
      version: '66.0',
    });
  });
  afterEach(() => close());

  test('reads a query of several pages whole, and sees what the limit stands at', async () => {
    const ids = Array.from({ length: 2_500 }, (_, n) => contact(sandbox.org, `P${n}`));
    const found: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const query = connection.query('SELECT Id, Email FROM Contact ORDER BY Id', {
        autoFetch: true,
        maxFetch: 10_000,
      });
      query.on('record', (record: { Id: string }) => found.push(record.Id));
      query.on('end', () => resolve());
      query.on('error', reject);
      query.execute({ autoFetch: true, maxFetch: 10_000 });
    });
    expect(new Set(found)).toEqual(new Set(ids));
    expect(found).toHaveLength(2_500);
    expect(connection.limitInfo.apiUsage).toEqual({ used: 2, limit: 100_000 });
  });

  test('updates one record, and many with one failing', async () => {
    const [ann, bob, lou] = [contact(sandbox.org, 'Ann'), contact(sandbox.org, 'Bob'), lead(sandbox.org, 'Lou')];
    sandbox.org.leadAssignee = sandbox.org.addUser({ username: 'q@acme.example', lastName: 'Queue' });
    const headers = { 'Sforce-Auto-Assign': 'FALSE' };
    await connection.sobject('Lead').update({ Id: lou, HasOptedOutOfEmail: true }, { headers });
    expect(sandbox.org.get('Lead', lou)).toMatchObject({ HasOptedOutOfEmail: true, OwnerId: sandbox.org.admin });
    sandbox.org.lock(bob);
    const outcomes = await connection.sobject('Contact').update([
      { Id: ann, HasOptedOutOfEmail: true },
      { Id: bob, HasOptedOutOfEmail: true },
    ]);
    expect(outcomes).toMatchObject([
      { id: ann, success: true },
      { success: false, errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW' }] },
    ]);
  });

  test('deletes many in one call', async () => {
    const ids = [contact(sandbox.org, 'Ann'), contact(sandbox.org, 'Bob')];
    expect(await connection.sobject('Contact').destroy(ids)).toMatchObject([{ success: true }, { success: true }]);
    expect(ids.map((id) => sandbox.org.get('Contact', id)?.IsDeleted)).toEqual([true, true]);
  });

  test('describes, identifies, and reports an error by its code', async () => {
    expect((await connection.sobject('Lead').describe()).fields.some((f) => f.name === 'HasOptedOutOfEmail')).toBe(
      true,
    );
    expect(await connection.identity()).toMatchObject({ user_id: sandbox.org.admin, organization_id: sandbox.org.id });
    await expect(connection.query('SELECT Nope FROM Contact')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' });
    sandbox.org.grants.expireTokens();
    await expect(connection.query('SELECT Id FROM Contact')).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' });
  });

  test('ingests in bulk and gets both result sheets', async () => {
    const [ann, bob] = [contact(sandbox.org, 'Ann'), contact(sandbox.org, 'Bob')];
    sandbox.org.lock(bob);
    const results = await connection.bulk2.loadAndWaitForResults({
      object: 'Contact',
      operation: 'update',
      input: [
        { Id: ann, HasOptedOutOfEmail: true },
        { Id: bob, HasOptedOutOfEmail: true },
      ],
      pollInterval: 10,
    });
    expect(results.successfulResults).toMatchObject([{ sf__Id: ann, sf__Created: 'false' }]);
    expect(results.failedResults).toMatchObject([
      { sf__Id: bob, sf__Error: expect.stringContaining('UNABLE_TO_LOCK_ROW') },
    ]);
    expect(sandbox.org.get('Contact', ann)?.HasOptedOutOfEmail).toBe(true);
  });

  test('reads a bulk query of one page', async () => {
    const ann = contact(sandbox.org, 'Ann');
    const stream = await connection.bulk2.query('SELECT Id, HasOptedOutOfEmail FROM Contact', { pollInterval: 10 });
    expect(await stream.toArray()).toMatchObject([{ Id: ann, HasOptedOutOfEmail: 'false' }]);
  });
});
