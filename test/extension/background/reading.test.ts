import { describe, expect, test } from 'vitest';
import { answerOf } from '../../../src/extension/background/reading.ts';
import type { Wish } from '../../../src/extension/background/wish.ts';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { createRig, HOST } from './rig.ts';

describe('the answer about a person of the sandbox', () => {
  const rows: readonly [who: string, state: string, optedOut: boolean, why: string][] = [
    ['ann', 'subscribed', false, 'in on both sides'],
    ['ben', 'differs', true, 'left every list, the box is clear'],
    ['cleo', 'differs', true, 'the box is set, ActiveCampaign still mails'],
    ['dan', 'differs', true, 'mail came back for good, the box is clear'],
    ['eva', 'not-in-activecampaign', false, 'in Salesforce only, the box is clear'],
    ['finn', 'no-email', false, 'has no address'],
    ['gwen', 'differs', true, 'the box is set on one of two records'],
    ['hugo', 'opted-out', true, 'out on both sides'],
    ['kim', 'subscribed', false, 'never confirmed, the box is clear: on no list, and not out'],
    ['leo', 'subscribed', false, 'a converted lead does not count'],
    ['mia', 'differs', true, 'a list for texts does not count'],
  ];
  const { sandbox, read } = createRig();
  test.each(rows)('%s: %s, opted out %s: %s', async (who, state, optedOut) => {
    const { contactRecord } = sandbox.character(who);
    expect(await read(contactRecord)).toMatchObject({ state, optedOut });
  });
});

test('a person without an ActiveCampaign contact whose box is set everywhere is opted out', () => {
  expect(answerOf([true], [], { lists: new Set(['1']), qualifyingTags: [] })).toEqual({
    state: 'opted-out',
    optedOut: true,
  });
});

test('a set box beside no active membership is opted out, whether or not anybody unsubscribed', () => {
  const contact = { id: '1', bouncedHard: 0, memberships: [], tags: [] };
  expect(answerOf([true], [contact], { lists: new Set(['1']), qualifyingTags: [] }).state).toBe('opted-out');
});

test('every live record with the address and every list is shown, with why and since when', async () => {
  const { sandbox, read } = createRig();
  const ann = sandbox.character('ann');
  const reading = await read(ann.contactRecord);
  expect(reading).toMatchObject({ name: 'Ann Lee', address: 'ann.lee@example.com' });
  expect(reading.records).toEqual([
    { id: ann.contactRecord, object: 'Contact', name: 'Ann Lee', company: 'Harbour Mill', optedOut: false },
    { id: ann.leadRecord, object: 'Lead', name: 'Ann Lee', company: 'Harbour Mill', optedOut: false },
  ]);
  expect(reading.lists.map(({ name, status, reason }) => [name, status, reason])).toEqual([
    ['Events', 'active', null],
    ['Newsletter', 'active', null],
    ['Product news', 'unsubscribed', 'Too many emails'],
  ]);
  expect(reading.lists.map(({ since }) => since?.slice(0, 10))).toEqual(['2024-02-06', '2024-02-06', '2025-04-09']);
  expect(reading.activeCampaignUrl).toBe(`https://acme.activehosted.com/app/contacts/${ann.activecampaignId}`);
});

test('a rep without access to leads sees the contacts, is told so, and can opt out; the leads are left to the nightly run', async () => {
  const { sandbox, read, optOut, marks } = createRig();
  const ann = sandbox.character('ann');
  sandbox.org.allow('everyone', 'hidden', 'Lead');
  expect(await read(ann.contactRecord)).toMatchObject({
    state: 'subscribed',
    unseen: ['Lead'],
    records: [{ id: ann.contactRecord }],
  });
  await optOut(ann.contactRecord);
  expect(await read(ann.contactRecord)).toMatchObject({ state: 'opted-out', unseen: ['Lead'] });
  expect(sandbox.org.get('Contact', ann.contactRecord)?.HasOptedOutOfEmail).toBe(true);
  expect(sandbox.org.get('Lead', ann.leadRecord)?.HasOptedOutOfEmail).toBe(false);
  expect(await marks(['ann.lee@example.com'])).toMatchObject({
    problem: null,
    marks: { 'ann.lee@example.com': { salesforce: 'out' } },
  });
});

describe('of two contacts whose addresses differ in case only', () => {
  /** Ann is on lists as ann.lee@example.com, and on Events as this too. */
  function withTwin(status: 1 | 2) {
    const rig = createRig();
    const { account } = rig.sandbox;
    const ann = rig.sandbox.character('ann');
    const events = [...account.lists.values()].find(({ name }) => name === 'Events')?.id ?? '';
    const twin = account.spellApart(account.addContact({ email: 'twin@example.com' }), 'Ann.Lee@example.com');
    account.join(twin, events, status);
    return { ...rig, ann, twin, events };
  }

  test('both are shown, each with its address as it is there, and its link', async () => {
    const { read, ann, twin } = withTwin(1);
    const reading = await read(ann.contactRecord);
    expect(reading.state).toBe('subscribed');
    expect(reading.twins).toEqual([
      { email: 'ann.lee@example.com', url: `https://acme.activehosted.com/app/contacts/${ann.activecampaignId}` },
      { email: 'Ann.Lee@example.com', url: `https://acme.activehosted.com/app/contacts/${twin.id}` },
    ]);
    expect(reading.lists.map(({ name, contact }) => [name, contact])).toContainEqual(['Events', 'Ann.Lee@example.com']);
    expect(reading.tags).toBeUndefined();
  });

  test('the person is out when one is, whether or not the other gets mail', async () => {
    const { read, ann } = withTwin(2);
    expect(await read(ann.contactRecord)).toMatchObject({ state: 'differs', optedOut: true });
  });

  test('an opt-out goes to both, and an opt-in subscribes neither', async () => {
    const { read, optOut, about, outbox, ann, twin, tick, events } = withTwin(1);
    await optOut(ann.contactRecord);
    const after = await read(ann.contactRecord);
    expect(after.state).toBe('opted-out');
    expect(twin.memberships.get(events)?.status).toBe(2);
    tick(1);
    const wish: Wish = { kind: 'opt-in', reason: 'email', words: '', lists: [events] };
    await optOut(ann.contactRecord, wish);
    expect(await read(ann.contactRecord)).toMatchObject({ state: 'differs', records: [{ optedOut: false }, {}] });
    expect(twin.memberships.get(events)?.status).toBe(2);
    expect(await outbox.nextDue()).toBeUndefined();
    expect((await about(ann.contactRecord)).tags).toBeNull();
  });
});

test('the lead of a person gets the same answer as the contact', async () => {
  const { sandbox, read } = createRig();
  const ann = sandbox.character('ann');
  const { state, lists, records } = await read(ann.leadRecord);
  expect({ state, lists, records }).toMatchObject(
    await read(ann.contactRecord).then(({ state, lists, records }) => ({ state, lists, records })),
  );
});

test('only lists that the admin chose count', async () => {
  const { sandbox, read, settings } = createRig();
  const { contactRecord } = sandbox.character('ann');
  const all = await read(contactRecord);
  const productNews = all.lists.find(({ name }) => name === 'Product news');
  settings.lists = productNews?.list ?? '';
  const chosen = await read(contactRecord);
  expect(chosen.lists).toEqual([productNews]);
  expect(chosen.state).toBe('differs');
});

describe('not knowing is never an answer', () => {
  test('when ActiveCampaign is out of reach', async () => {
    const { sandbox, read } = createRig();
    sandbox.faults.add({ service: 'activecampaign', kind: 'drop' });
    await expect(read(sandbox.character('ann').contactRecord)).rejects.toMatchObject({
      kind: 'unreachable',
      detail: { service: 'activecampaign' },
    });
  });

  test('when Salesforce is down', async () => {
    const { sandbox, read } = createRig();
    sandbox.faults.add({ service: 'salesforce', path: /query/, kind: 'status', status: 503, body: 'maintenance' });
    await expect(read(sandbox.character('ann').contactRecord)).rejects.toMatchObject({
      detail: { service: 'salesforce' },
    });
  });

  test('when nobody is signed in: no request is sent at all', async () => {
    const { sandbox, read, sessions } = createRig();
    sessions.clear();
    await expect(read(sandbox.character('ann').contactRecord)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(sandbox.requests.of('salesforce')).toEqual([]);
  });

  test('when the record is gone', async () => {
    await expect(createRig().read('003000000000001AAA')).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('when a list that counts is not to be seen', async () => {
    const { sandbox, read, settings } = createRig();
    settings.lists = '1, 987';
    await expect(read(sandbox.character('ann').contactRecord)).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('987'),
    });
  });

  test('when not all of the memberships can be read', async () => {
    const { sandbox, read } = createRig();
    sandbox.switches.sideLoadCap = 1;
    const { contactRecord } = sandbox.character('ann');
    expect((await read(contactRecord)).lists).toHaveLength(3);
    const body = { message: 'No Result found for Subscriber with id 1' };
    sandbox.faults.add({ service: 'activecampaign', path: /contacts\/\d+$/, kind: 'status', status: 404, body });
    await expect(read(contactRecord)).rejects.toMatchObject({ kind: 'malformed' });
  });

  test('when the browser keeps us from a service’s host, before anything is sent there', async () => {
    const { sandbox, read, withdrawn } = createRig();
    const { contactRecord } = sandbox.character('ann');
    withdrawn.add(CREDENTIALS.activecampaign.url);
    await expect(read(contactRecord)).rejects.toMatchObject({ kind: 'withdrawn', service: 'activecampaign' });
    expect(sandbox.requests.of('activecampaign')).toEqual([]);
    withdrawn.clear();
    expect(await read(contactRecord)).toMatchObject({ state: 'subscribed' });
    withdrawn.add(`https://${HOST}`);
    await expect(read(contactRecord)).rejects.toMatchObject({ kind: 'withdrawn', service: 'salesforce' });
  });

  test('when a setting is missing or cannot be used', async () => {
    const { sandbox, read, settings } = createRig();
    const { contactRecord } = sandbox.character('ann');
    settings.activeCampaignKey = '';
    await expect(read(contactRecord)).rejects.toMatchObject({ name: 'NotConfigured', service: 'activecampaign' });
    settings.optOutField = 'no field';
    await expect(read(contactRecord)).rejects.toMatchObject({ name: 'NotConfigured', service: 'salesforce' });
  });
});

test('a membership whose status nobody knows is shown so, and is neither active nor an opt-out', async () => {
  const { sandbox, read } = createRig();
  const { contactRecord, activecampaignId } = sandbox.character('ann');
  for (const row of sandbox.account.contact(activecampaignId)?.memberships.values() ?? [])
    Object.assign(row, { status: 91 });
  const { lists, state } = await read(contactRecord);
  expect([new Set(lists.map(({ status }) => status)), state]).toEqual([new Set(['unknown']), 'subscribed']);
});

test('an expired sign-in is renewed in the middle of a reading, once', async () => {
  const { sandbox, read, sessions } = createRig();
  const before = [...sessions.values()][0];
  sandbox.org.grants.expireTokens();
  expect(await read(sandbox.character('ann').contactRecord)).toMatchObject({ state: 'subscribed' });
  expect(sandbox.requests.of('salesforce', 'POST', /oauth2\/token/)).toHaveLength(1);
  expect([...sessions.values()][0]?.refreshToken).not.toBe(before?.refreshToken);
});
