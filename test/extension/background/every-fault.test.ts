import { beforeEach, describe, expect, test } from 'vitest';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import type { Fault, FaultKind, FaultRoute, Service } from '../../../src/sandbox/faults.ts';
import { createRig, HOST, type Rig } from './rig.ts';

/** Every way in which the sandbox lets a request fail, with the answers that the services are known to give. */
const WAYS: readonly (readonly [string, FaultKind])[] = [
  ...[400, 401, 402, 403, 404, 409, 420, 422, 429, 500, 502, 503, 504].map(
    (status) => [`answers ${status}`, { kind: 'status', status, body: { message: 'no' } }] as const,
  ),
  ['answers with a web page', { kind: 'status', status: 200, body: '<html><title>Maintenance</title></html>' }],
  ['answers with nothing', { kind: 'status', status: 200, body: '' }],
  ['answers with a redirect', { kind: 'status', status: 302, headers: { Location: 'https://example.com/' } }],
  ['asks for an hour of quiet', { kind: 'status', status: 429, headers: { 'Retry-After': '3600' } }],
  ['breaks the connection before anything is done', { kind: 'drop' }],
  ['breaks the connection when it is done', { kind: 'drop', when: 'after' }],
  ['fails when it is done', { kind: 'status', when: 'after', status: 500 }],
  ['cuts its answer', { kind: 'cut' }],
  ['is slow', { kind: 'delay', seconds: 0.005 }],
];

const ROUTES: readonly (readonly [string, Service, Omit<FaultRoute, 'service'>])[] = [
  ['Salesforce, asked,', 'salesforce', { method: 'GET', path: /query/ }],
  ['Salesforce, told,', 'salesforce', { method: 'PATCH' }],
  ['Salesforce, renewing the token,', 'salesforce', { path: /token/ }],
  ['ActiveCampaign, asked,', 'activecampaign', { method: 'GET' }],
  ['ActiveCampaign, told,', 'activecampaign', { method: 'POST' }],
];

let rig: Rig;
let ann: ReturnType<Rig['sandbox']['character']>;
beforeEach(() => {
  rig = createRig();
  ann = rig.sandbox.character('ann');
});

/** What both services say of Ann. */
const truth = () => ({
  boxes: ann.records.map(({ type, id }) => rig.sandbox.org.get(type, id)?.HasOptedOutOfEmail),
  statuses: [...(rig.sandbox.account.contact(ann.activecampaignId)?.memberships.values() ?? [])].map((m) => m.status),
});
const OUT = { boxes: [true, true], statuses: [2, 2, 2] };
const openAct = () => rig.outbox.openAct({ host: HOST, record: ann.contactRecord, address: undefined });

async function signInAgain(): Promise<void> {
  const { extensionClientId: clientId, repUsername } = CREDENTIALS.salesforce;
  const { org } = rig.sandbox;
  const { access, refresh } = org.grants.openFamily(org.userNamed(repUsername) ?? '', clientId, 'api refresh_token');
  rig.sessions.set(HOST, { host: HOST, clientId, accessToken: access, refreshToken: refresh });
  await rig.outbox.hurry(({ kind }) => kind === 'unauthorised');
  await rig.outbox.drain();
}

/** Six hours at a time: the longest that any retry waits. */
async function later(): Promise<void> {
  rig.tick(6 * 3_600_000);
  await rig.outbox.drain();
}

describe.each(ROUTES)('%s', (_, service, route) => {
  test.each(WAYS)('%s: the click arrives, or stands in the queue with its reason until it does', async (_, way) => {
    if (route.path?.source === 'token') rig.sandbox.org.grants.expireTokens();
    const fault: Fault = { service, ...route, ...way };
    const added = rig.sandbox.faults.add(fault);
    await rig.optOut(ann.contactRecord);
    for (let tries = 0; tries < 3; tries++) await later();
    expect(added.hits, 'the fault is met').toBeGreaterThan(0);

    const act = await openAct();
    if (act) {
      // What the failing side did not hold up has arrived already.
      const problems = Object.values(act.halves).flatMap(({ step, problem }) => (step === 'verified' ? [] : [problem]));
      for (const problem of problems) {
        // These two kinds say it all; every other comes with the service's words, or with a text of ours.
        const told = /^(unreachable|malformed)$/.test(`${problem?.kind}`) || problem?.words || problem?.own;
        expect(told, problem?.kind).toBeTruthy();
      }
      const times = Object.values(act.halves).flatMap(({ step, nextTry }) => (step === 'verified' ? [] : [nextTry]));
      expect(await rig.outbox.nextDue()).toBe(Math.min(...times));
    } else expect(truth()).toEqual(OUT);

    added.off();
    for (let tries = 0; tries < 3; tries++) await later();
    if (rig.sessions.size === 0) {
      expect((await openAct())?.halves.salesforce.problem).toMatchObject({ kind: 'unauthorised', retryAt: null });
      await signInAgain();
    }
    expect(await openAct()).toBeUndefined();
    expect(truth()).toEqual(OUT);
    expect(await rig.outbox.nextDue()).toBeUndefined();
  });
});

test('both sides in every way at once, one way after the other, and the click arrives in the end', async () => {
  await rig.outbox.want({ host: HOST, record: ann.contactRecord, address: undefined });
  for (const [, way] of WAYS) {
    const faults = (['salesforce', 'activecampaign'] as const).map((service) =>
      rig.sandbox.faults.add({ service, path: /services\/data|api\/3/, ...way }),
    );
    await later();
    for (const fault of faults) fault.off();
  }
  await later();
  await later();
  expect(truth()).toEqual(OUT);
  expect(await openAct()).toBeUndefined();
});
