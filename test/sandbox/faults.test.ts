import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorldClock } from '../../src/sandbox/clock.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
let running: Running;
let list: string;

beforeEach(async () => {
  sandbox = createSandbox({ people: 0, clock: new WorldClock(0), activecampaign: { rateLimit: 'off' } });
  list = sandbox.account.addList({ name: 'News' }).id;
  sandbox.account.join(sandbox.account.addContact({ email: 'ann@example.com' }), list);
  running = await sandbox.listen();
});

afterEach(() => running.close());

const service = 'activecampaign';
const headers = { 'Api-Token': CREDENTIALS.activecampaign.key };
const get = (path: string) => fetch(`${running.activecampaignUrl}/api/3/${path}`, { headers });
const leave = () =>
  fetch(`${running.activecampaignUrl}/api/3/contactLists`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ contactList: { list, contact: '1', status: 2 } }),
  });
const status = () => sandbox.account.membership('1', list)?.status;

describe('a fault', () => {
  it('answers with a status, a body and headers instead of the service', async () => {
    const body = { message: 'Bad gateway' };
    sandbox.faults.add({ service, kind: 'status', status: 502, body, headers: { 'Retry-After': '7' } });
    const answer = await leave();
    expect([answer.status, answer.headers.get('Retry-After'), await answer.json()]).toEqual([502, '7', body]);
    expect(status()).toBe(1);
  });

  it('answers with a status after the work is done', async () => {
    sandbox.faults.add({ service, kind: 'status', status: 503, when: 'after' });
    expect((await leave()).status).toBe(503);
    expect(status()).toBe(2);
  });

  it('can be an empty answer with 200', async () => {
    sandbox.faults.add({ service, kind: 'status', status: 200, body: '' });
    expect(await (await get('lists')).text()).toBe('');
  });

  it('drops the connection before the work', async () => {
    sandbox.faults.add({ service, kind: 'drop', method: 'POST' });
    await expect(leave()).rejects.toThrow('fetch failed');
    expect(status()).toBe(1);
  });

  it('drops the connection after the work', async () => {
    sandbox.faults.add({ service, kind: 'drop', when: 'after', method: 'POST' });
    await expect(leave()).rejects.toThrow('fetch failed');
    expect(status()).toBe(2);
    expect(sandbox.requests.of(service, 'POST')).toMatchObject([{ status: null }]);
  });

  it('cuts the JSON in the middle and keeps the 200', async () => {
    sandbox.faults.add({ service, kind: 'cut' });
    const answer = await get('lists');
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow(SyntaxError);
  });

  it('holds an answer back until its time, when the work is done', async () => {
    const done = new Promise<void>((run) => sandbox.faults.add({ service, kind: 'run', when: 'after', run }));
    sandbox.faults.add({ service, kind: 'hold', seconds: 3_600 });
    const held = leave().catch(() => undefined);
    await done;
    expect([status(), await Promise.race([held, 'held'])]).toEqual([2, 'held']);
  });

  it('answers at once what it took longer for than it is held back', async () => {
    sandbox.faults.add({ service, kind: 'hold', seconds: 0 });
    expect((await get('lists')).status).toBe(200);
  });

  it('delays, and the service answers all the same', async () => {
    const fault = sandbox.faults.add({ service, kind: 'delay', seconds: 0.001, when: 'after' });
    expect((await leave()).status).toBe(200);
    expect([fault.hits, status()]).toEqual([1, 2]);
  });

  it('lets a test change the world between two requests', async () => {
    sandbox.faults.add({
      service,
      kind: 'run',
      path: /contactLists/,
      run: () => void sandbox.account.unsubscribe('1', list, { by: 'contact' }),
    });
    expect((await get('lists')).status).toBe(200);
    expect(status()).toBe(1);
    expect(await (await get('contacts/1/contactLists')).text()).toContain('"status":"2"');
  });

  it('meets only its service, method and path, query included', async () => {
    const fault = sandbox.faults.add({
      service,
      kind: 'status',
      status: 500,
      method: 'GET',
      path: /contacts\?.*limit=7/,
    });
    expect((await get('lists')).status).toBe(200);
    expect((await leave()).status).toBe(200);
    expect((await get('contacts?limit=8')).status).toBe(200);
    expect((await get('contacts?limit=7')).status).toBe(500);
    expect((await fetch(`${running.salesforceUrl}/contacts?limit=7`)).status).not.toBe(500);
    expect(fault.hits).toBe(1);
  });

  it('skips so many, meets so many, and is spent', async () => {
    const fault = sandbox.faults.add({ service, kind: 'status', status: 500, skip: 1, times: 2 });
    const statuses: number[] = [];
    for (let request = 0; request < 4; request++) statuses.push((await get('lists')).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect(fault.hits).toBe(2);
  });

  it('is over when switched off', async () => {
    const fault = sandbox.faults.add({ service, kind: 'status', status: 500 });
    sandbox.faults.add({ service, kind: 'status', status: 501 });
    expect((await get('lists')).status).toBe(500);
    fault.off();
    expect((await get('lists')).status).toBe(501);
    sandbox.faults.clear();
    expect((await get('lists')).status).toBe(200);
  });

  it('lets a caller without a network give up waiting', async () => {
    sandbox.faults.add({ service, kind: 'delay', seconds: 3_600 });
    const asked = sandbox.fetch(`${CREDENTIALS.activecampaign.url}/api/3/lists`, {
      headers,
      signal: AbortSignal.timeout(10),
    });
    await expect(asked).rejects.toThrow(/timeout/);
  });

  it('works the same without a network', async () => {
    sandbox.faults.add({ service, kind: 'drop', times: 1 });
    const ask = () => sandbox.fetch(`${CREDENTIALS.activecampaign.url}/api/3/lists`, { headers });
    await expect(ask()).rejects.toThrow(TypeError);
    expect((await ask()).status).toBe(200);
  });
});
