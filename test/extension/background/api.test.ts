import { describe, expect, test } from 'vitest';
import { createApi } from '../../../src/extension/background/api.ts';
import { createFlood } from '../../../src/extension/background/flood.ts';
import { answerPage } from '../../../src/extension/background/page-api.ts';
import { parsePage } from '../../../src/extension/background/page-request.ts';
import { pageSpeaker } from '../../../src/extension/background/page-sender.ts';
import { answerPanel } from '../../../src/extension/background/panel-api.ts';
import { parsePanel } from '../../../src/extension/background/panel-request.ts';
import { keepPlace, type PlacePorts } from '../../../src/extension/background/placed.ts';
import { problemOf } from '../../../src/extension/background/problem-of.ts';
import { waitAfter } from '../../../src/extension/background/retry.ts';
import type { Sender } from '../../../src/extension/background/sender.ts';
import { stands } from '../../../src/extension/background/standing.ts';
import type { Known } from '../../../src/extension/background/status.ts';
import { createStatuses, type OpenRecord } from '../../../src/extension/background/statuses.ts';
import type { Place } from '../../../src/extension/messages.ts';
import { createScene } from './outbox.world.ts';

const SELF = { id: 'abcdefghijklmnopabcdefghijklmnop', origin: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop' };
const ORIGIN = 'https://acme.lightning.force.com';
const HOST = 'acme.my.salesforce.com';
const ANN = '003000000000001AAA';
/** The org that the sign-in is for. */
const ORG = '00D000000000001';
const ACCOUNT = 'https://acme.api-us1.com';
const BEN = '003000000000002AAA';
/** A person account, and a business. */
const ACCOUNT_OF_ANN = '001000000000001AAA';
const BUSINESS = '001000000000002AAA';

const overlayOf = (record: string): Sender => ({
  id: SELF.id,
  frameId: 0,
  documentId: 'doc',
  origin: ORIGIN,
  url: `${ORIGIN}/lightning/r/Contact/${record}/view`,
  tab: { id: 7, url: `${ORIGIN}/lightning/r/Contact/${record}/view` },
});
const OPTIONS: Sender = { id: SELF.id, origin: SELF.origin, url: `${SELF.origin}/src/extension/options/index.html` };

/** The API over an outbox in memory; readings never end, so that only what is known at once is answered. */
function api(
  optIn: () => boolean = () => true,
  fate: Parameters<typeof createScene>[1] = () => 'done',
  hears: () => boolean = () => true,
) {
  const scene = createScene({ salesforce: new Map([[ANN, false]]), activecampaign: new Map() }, fate);
  const { outbox } = scene.wake();
  const log: string[] = [];
  const looked: number[] = [];
  const prepared: string[] = [];
  const kept = new Map<string, Place>();
  const known = new Map<string, Known>();
  /** The contacts behind accounts, as far as they were asked for. */
  const persons = new Map<string, string>();
  /** What else happens while the overlay is brought. */
  const meanwhile = { bringing: () => undefined as unknown };
  const statuses = createStatuses({
    problemOf,
    waitAfter,
    cache: {
      get: async ({ record }) => known.get(record),
      set: async () => undefined,
      outdate: async (host) => void log.push(`outdate ${host}`),
    },
    read: ({ record }) => {
      log.push(`read ${record}`);
      return new Promise(() => undefined);
    },
    openAct: (record, address) => outbox.openAct(address.then((address) => ({ ...record, address }))),
    open: async (): Promise<readonly OpenRecord[]> => [{ host: HOST, record: ANN }],
    tabs: async () => [],
    push: async () => 0,
    now: () => scene.clock,
    chance: () => 0,
    later: () => undefined,
  });
  const work = async () => void log.push(`work on ${(await outbox.nextDue()) === undefined ? 'nothing' : 'something'}`);
  const places: PlacePorts = {
    placeOf: async (host) => kept.get(host),
    recordTabs: async () => [{ tabId: 7, host: HOST }],
    push: async (tab, said) => {
      log.push(`push ${said.kind} to ${tab}`);
      return hears();
    },
    inject: async ({ tabId, documentId }, part, place) => {
      log.push(`inject ${part} ${tabId} ${documentId ?? ''}${place?.at ? ` at ${place.at.x}` : ''}`);
      meanwhile.bringing();
    },
  };
  const answer = createApi({
    statuses,
    outbox,
    isFlood: createFlood(() => scene.clock),
    work,
    about: async ({ record }) => ({
      record,
      act: null,
      undo: null,
      bounce: null,
      boxes: [],
      tags: null,
      optIn: optIn(),
      preferenceLink: null,
    }),
    inject: places.inject,
    placeOf: places.placeOf,
    aim: async (_host, org) => ({ org: org ?? ORG, account: ACCOUNT }),
    prepare: (host) => void prepared.push(host),
    signedInElsewhere: async (_host, org) => org !== ORG,
    stands: (record, wish) => stands({ statuses, outbox }, record, wish),
    parsePanel,
    fromPanel: (...asked) =>
      answerPanel(
        {
          statuses,
          outbox,
          names: async () => ({ 'campaign 7': 'Spring offer' }),
          settings: async () => ({ allowOptIn: optIn() }),
          keepPlace: (host, place) => keepPlace(places, host, place, async (host, place) => void kept.set(host, place)),
          openOptions: async () => void log.push('open options'),
          openSignIn: async (...page) => void log.push(`sign in to ${page.join(' ').trim()}`),
        },
        ...asked,
      ),
    personKnown: async (_host, account) => persons.get(account),
    findPerson: async (_host, account) => {
      log.push(`ask about ${account}`);
      persons.set(account, account === ACCOUNT_OF_ANN ? ANN : '');
      return persons.get(account) ?? '';
    },
    fromList: async ({ tabId }, { kind }) => {
      log.push(`${kind} in ${tabId}`);
      return { status: null };
    },
    lookAt: async (tab) => void looked.push(tab),
    tell: async (tab, { state }) => log.push(`tell ${tab}: ${state}`),
    parsePage,
    pageSpeaker,
    fromPage: (request) =>
      answerPage(
        {
          services: { activecampaign: () => Promise.reject(new Error('no key')) },
          statuses,
          outbox,
          work,
          shown: async () => ({ host: HOST, record: null }),
          openRecords: async () => [],
          signedInHosts: async () => [],
          places,
          shelf: { clear: async (prefix) => void log.push(`forget ${prefix}`) },
          closeLate: async (address) => void log.push(`close late ${address}`),
          forgetClients: () => void log.push('forget clients'),
          problemOf,
        },
        request,
      ),
  });
  const turn = () => new Promise((done) => setImmediate(done));
  return {
    scene,
    outbox,
    log,
    looked,
    prepared,
    known,
    meanwhile,
    turn,
    say: (message: unknown, sender: Sender) => answer(message, sender, SELF),
  };
}

describe('the page of an account', () => {
  const onAccount = (id: string): Sender => {
    const url = `${ORIGIN}/lightning/r/Account/${id}/view`;
    return { ...overlayOf(ANN), url, tab: { id: 7, url } };
  };

  test('that is a person’s is one of the contact’s record, once it is known whose; it is asked for once', async () => {
    const { say, log, outbox } = api();
    const page = onAccount(ACCOUNT_OF_ANN);
    expect(await say({ kind: 'opt-out', record: ANN }, page)).toEqual({
      ok: false,
      refused: 'the tab shows no record',
    });
    for (let n = 0; n < 2; n++)
      expect(await say({ kind: 'person', account: ACCOUNT_OF_ANN }, page)).toMatchObject({ ok: true, person: ANN });
    expect(log).toEqual([`ask about ${ACCOUNT_OF_ANN}`]);
    expect(await say({ kind: 'opt-out', record: BEN }, page)).toMatchObject({
      refused: 'the tab shows another record',
    });
    expect(await say({ kind: 'opt-out', record: ANN }, page)).toMatchObject({ ok: true, status: { record: ANN } });
    expect(await outbox.open()).toMatchObject([{ record: ANN }]);
  });

  test('that is a business’s shows no record, and neither does one that another account is asked about from', async () => {
    const { say, log } = api();
    const page = onAccount(BUSINESS);
    for (let n = 0; n < 2; n++)
      expect(await say({ kind: 'person', account: BUSINESS }, page)).toEqual({ ok: false, refused: 'nobody' });
    expect(log).toEqual([`ask about ${BUSINESS}`]);
    expect(await say({ kind: 'seen', record: ANN }, page)).toEqual({ ok: false, refused: 'the tab shows no record' });
    expect(await say({ kind: 'person', account: ACCOUNT_OF_ANN }, page)).toMatchObject({ ok: false });
    expect(await say({ kind: 'person', account: BUSINESS }, overlayOf(ANN))).toMatchObject({ ok: false });
    expect(await say({ kind: 'person', account: BUSINESS }, OPTIONS)).toMatchObject({ ok: false });
    expect(await say({ kind: 'person', account: ANN }, page)).toEqual({ ok: false, refused: 'malformed' });
    expect(log).toHaveLength(1);
  });
});

describe('a content script', () => {
  test('that sees a record gets the overlay into its own document', async () => {
    const { say, log, turn } = api();
    const answer = await say({ kind: 'seen', record: ANN }, overlayOf(ANN));
    expect(answer).toMatchObject({ ok: true, status: { record: ANN, state: 'loading' } });
    await turn();
    expect(log).toEqual(['inject overlay 7 doc', `read ${ANN}`, 'list in 7']);
  });

  test('that sees a record is told what another tab got to know while its overlay was on the way', async () => {
    const { say, log, known, meanwhile, scene, turn } = api();
    const readAt = new Date(scene.clock).toISOString();
    const reading = { state: 'subscribed', name: 'Ann', address: 'ann@example.com', optedOut: false, readAt } as const;
    meanwhile.bringing = () =>
      known.set(ANN, {
        reading: { ...reading, lists: [], records: [], activeCampaignUrl: null },
        problem: null,
        outdated: false,
      });
    expect(await say({ kind: 'seen', record: ANN }, overlayOf(ANN))).toMatchObject({ status: { state: 'loading' } });
    await turn();
    expect(log).toEqual(['inject overlay 7 doc', 'tell 7: subscribed', 'list in 7']);
  });

  test('that sees a record of another org than the sign-in’s gets the overlay, and nothing is read', async () => {
    const { say, log, prepared, turn } = api();
    const answer = await say({ kind: 'seen', record: ANN, org: '00D000000000002' }, overlayOf(ANN));
    expect(answer).toMatchObject({ ok: true, status: { problem: { kind: 'other-org' } } });
    await turn();
    expect(log).toEqual(['inject overlay 7 doc', 'list in 7']);
    expect(prepared).toEqual([]);
  });

  test('that asks for the status hears loading, and both sides are read', async () => {
    const { say, log, turn } = api();
    const answer = await say({ kind: 'status', record: ANN, fresh: false }, overlayOf(ANN));
    expect(answer).toMatchObject({ ok: true, status: { record: ANN, state: 'loading' } });
    await turn();
    expect(log).toEqual([`read ${ANN}`]);
  });

  test('that opts out hears pending when the wish is durable, and the work begins', async () => {
    const { say, log, scene, turn } = api();
    const answer = await say({ kind: 'opt-out', record: ANN.slice(0, 15) }, overlayOf(ANN));
    expect(answer).toMatchObject({ ok: true, status: { record: ANN, state: 'pending', optedOut: true } });
    expect([...scene.acts.values()].map(({ host, record }) => [host, record])).toEqual([[HOST, ANN]]);
    await turn();
    expect(log).toContain('work on something');
  });

  test('that opts out has written down which org and which account that is for', async () => {
    const { say, scene } = api();
    await say({ kind: 'opt-out', record: ANN }, overlayOf(ANN));
    expect([...scene.acts.values()]).toMatchObject([{ org: ORG, account: ACCOUNT }]);
  });

  test('that undoes an act does so where that act was done', async () => {
    const { say, scene } = api();
    const done = { host: HOST, record: ANN, address: null, org: 'an earlier org', account: 'an earlier account' };
    const { id } = await scene.wake().outbox.want(done);
    await scene.wake().outbox.drain();
    scene.tick(1_000);
    await say({ kind: 'undo', record: ANN, act: id }, overlayOf(ANN));
    expect([...scene.acts.values()].at(-1)).toMatchObject({
      wish: { kind: 'undo', of: id },
      org: 'an earlier org',
      account: 'an earlier account',
    });
  });

  test('whose panel opens gets what is in it into its own document, and what is known beyond the status', async () => {
    const { say, log } = api();
    const answer = await say({ kind: 'about', record: ANN }, overlayOf(ANN));
    expect(answer).toMatchObject({ ok: true, status: null, about: { record: ANN, optIn: true } });
    expect(log).toEqual(['inject overlay-more 7 doc']);
  });

  test('that asks for names gets those that are to be had', async () => {
    const answer = await api().say({ kind: 'names', record: ANN }, overlayOf(ANN));
    expect(answer).toEqual({ ok: true, status: null, names: { 'campaign 7': 'Spring offer' } });
  });

  test('that cannot go on for want of a setting or an access gets the options page opened', async () => {
    const { say, log } = api();
    expect(await say({ kind: 'options', record: ANN }, overlayOf(ANN))).toEqual({ ok: true, status: null });
    expect(log).toEqual(['open options']);
  });

  test('of a page of another org than the sign-in’s is told so, and writes nothing', async () => {
    const { say, scene, log } = api();
    const org = '00D000000000002';
    expect(await say({ kind: 'status', record: ANN, fresh: false, org }, overlayOf(ANN))).toMatchObject({
      status: { state: 'unavailable', address: null, problem: { service: 'salesforce', kind: 'other-org' } },
    });
    for (const request of [
      { kind: 'opt-out' },
      { kind: 'unsubscribe', list: '1' },
      { kind: 'undo', act: 'act-1' },
      { kind: 'opt-in', reason: 'phone', words: '', lists: [] },
    ])
      expect(await say({ ...request, record: ANN, org }, overlayOf(ANN))).toEqual({
        ok: false,
        refused: 'refused_other_org',
      });
    expect(scene.acts.size).toBe(0);
    await say({ kind: 'sign-in', record: ANN, org }, overlayOf(ANN));
    expect(log).toEqual([`sign in to ${HOST} ${org}`]);
    // The same org, and a page that does not tell.
    await say({ kind: 'opt-out', record: ANN, org: ORG }, overlayOf(ANN));
    expect(scene.acts.size).toBe(1);
    expect(await say({ kind: 'opt-out', record: ANN, org: 'acme' }, overlayOf(ANN))).toMatchObject({ ok: false });
  });

  test('that opts in is refused where the settings forbid it, and nothing is written down', async () => {
    const request = { kind: 'opt-in', record: ANN, reason: 'phone', words: '', lists: ['2', '1', '2'] };
    const forbidden = api(() => false);
    expect(await forbidden.say(request, overlayOf(ANN))).toEqual({
      ok: false,
      refused: 'refused_opt_in_off',
    });
    expect(forbidden.scene.acts.size).toBe(0);
    const allowed = api();
    await allowed.say(request, overlayOf(ANN));
    expect([...allowed.scene.acts.values()].map(({ wish }) => wish)).toEqual([
      { kind: 'opt-in', reason: 'phone', words: '', lists: ['1', '2'] },
    ]);
  });

  test('can undo no act but a finished one of this person', async () => {
    const { say, scene } = api();
    await scene.wake().outbox.want({ host: HOST, record: BEN, address: null });
    await scene.wake().outbox.drain();
    const [act = ''] = scene.acts.keys();
    for (const id of [act, 'no-act'])
      expect(await say({ kind: 'undo', record: ANN, act: id }, overlayOf(ANN))).toEqual({
        ok: false,
        refused: 'refused_nothing_to_undo',
      });
    expect(scene.acts.size).toBe(1);
  });

  test('that says where the pill goes has it kept for its org, and the next page gets it with the overlay', async () => {
    const { say, log } = api();
    const at = { x: 'left', y: 'top', dx: 8, dy: 40 } as const;
    await say({ kind: 'place', record: ANN, place: { at, hidden: false } }, overlayOf(ANN));
    await say({ kind: 'seen', record: ANN }, overlayOf(ANN));
    expect(log.slice(0, 2)).toEqual(['push place to 7', 'inject overlay 7 doc at left']);
  });

  test('of an org where the rep hid the pill gets no overlay; the record is read for the toolbar button all the same', async () => {
    const { say, log, looked, turn } = api();
    await say({ kind: 'place', record: ANN, place: { at: null, hidden: true } }, overlayOf(ANN));
    await say({ kind: 'seen', record: ANN }, overlayOf(ANN));
    await turn();
    expect(log).toEqual(['push place to 7', `read ${ANN}`, 'list in 7']);
    expect(looked).toEqual([7]);
  });

  test('of an org where the rep hid the pill has nothing read by a sign-in for another org', async () => {
    const { say, log, turn } = api();
    await say({ kind: 'place', record: ANN, place: { at: null, hidden: true } }, overlayOf(ANN));
    await say({ kind: 'seen', record: ANN, org: '00D000000000002' }, overlayOf(ANN));
    await turn();
    expect(log).toEqual(['push place to 7', 'list in 7']);
  });

  test.each([
    null,
    { at: null },
    { at: null, hidden: 'no' },
    { at: { x: 'left', y: 'top', dx: -1, dy: 0 }, hidden: false },
    { at: { x: 'middle', y: 'top', dx: 1, dy: 0 }, hidden: false },
    { at: { x: 'left', y: 'top', dx: 1, dy: Number.POSITIVE_INFINITY }, hidden: false },
    { at: { x: 'left', y: 'top', dx: 1 }, hidden: false },
  ])('cannot have %j kept as a place', async (place) => {
    const { say, log } = api();
    expect(await say({ kind: 'place', record: ANN, place }, overlayOf(ANN))).toEqual({
      ok: false,
      refused: 'malformed',
    });
    expect(log).toEqual([]);
  });

  test('that wants to sign in gets the window for the org of its page', async () => {
    const { say, log } = api();
    await say({ kind: 'sign-in', record: ANN }, overlayOf(ANN));
    expect(log).toEqual([`sign in to ${HOST}`]);
  });
});

describe('the toolbar button', () => {
  test('is drawn anew for the tab whose record’s status is told, and for one that says its record is left', async () => {
    const { say, looked } = api();
    await say({ kind: 'status', record: ANN, fresh: false }, overlayOf(ANN));
    expect(looked).toEqual([7]);
    const list = { ...overlayOf(ANN), tab: { id: 8, url: `${ORIGIN}/lightning/o/Contact/list` } };
    expect(await say({ kind: 'left' }, list)).toEqual({ ok: true, status: null });
    expect(looked).toEqual([7, 8]);
  });
});

test('a page that may show a list is heard whatever record it shows', async () => {
  const { say, log } = api();
  const list = { ...overlayOf(ANN), tab: { id: 8, url: `${ORIGIN}/lightning/r/Account/001000000000001AAA/view` } };
  await say({ kind: 'list' }, list);
  await say({ kind: 'marks', addresses: ['ann@example.com'] }, list);
  expect(log).toEqual(['list in 8', 'marks in 8']);
});

describe('refused, and nothing happens', () => {
  const rows: readonly [why: string, message: unknown, sender: Sender, refused: string][] = [
    [
      'an opt-out of a record that the tab does not show',
      { kind: 'opt-out', record: BEN },
      overlayOf(ANN),
      'the tab shows another record',
    ],
    ['an opt-out by one of our own pages', { kind: 'opt-out', record: ANN }, OPTIONS, 'not the top frame'],
    [
      'a content script that says the settings changed',
      { kind: 'settings-changed' },
      overlayOf(ANN),
      'not a page of ours',
    ],
    [
      'a content script that asks for the queue',
      { kind: 'overview', tab: 7, read: true },
      overlayOf(ANN),
      'not a page of ours',
    ],
    ['a content script that asks about the key', { kind: 'account' }, overlayOf(ANN), 'not a page of ours'],
    [
      'a content script that wants an act tried again',
      { kind: 'retry', act: 'act-1' },
      overlayOf(ANN),
      'not a page of ours',
    ],
    [
      'a content script that wants an act discarded',
      { kind: 'discard', act: 'act-1' },
      overlayOf(ANN),
      'not a page of ours',
    ],
    ['a content script that opens a panel', { kind: 'open-panel', tab: 7 }, overlayOf(ANN), 'not a page of ours'],
    [
      'a content script that says the pill was moved in another org',
      { kind: 'place-changed', host: 'other.my.salesforce.com' },
      overlayOf(ANN),
      'not a page of ours',
    ],
    [
      'a content script that says somebody signed in',
      { kind: 'session-changed', host: HOST },
      overlayOf(ANN),
      'not a page of ours',
    ],
    ['one of our own pages that leaves a record', { kind: 'left' }, OPTIONS, 'not the top frame'],
    ['one of our own pages that asks about a list', { kind: 'marks', addresses: [] }, OPTIONS, 'not the top frame'],
    [
      'a frame in the page that asks about a list',
      { kind: 'marks', addresses: [] },
      { ...overlayOf(ANN), frameId: 2 },
      'not the top frame',
    ],
    [
      'a page of another site that asks about a list',
      { kind: 'list' },
      { ...overlayOf(ANN), origin: 'https://lightning.force.com.example' },
      'not a Salesforce page',
    ],
    ['a message of no known kind', { kind: 'opt-in', record: ANN }, overlayOf(ANN), 'malformed'],
  ];
  test.each(rows)('%s', async (_, message, sender, refused) => {
    const { say, log, scene, turn } = api();
    expect(await say(message, sender)).toEqual({ ok: false, refused });
    await turn();
    expect(log).toEqual([]);
    expect(scene.acts.size).toBe(0);
  });
});

describe('a page of our own', () => {
  test('that says the settings changed makes everything new: clients, readings, what waits', async () => {
    const { say, log, turn } = api();
    expect(await say({ kind: 'settings-changed' }, OPTIONS)).toEqual({ ok: true });
    await turn();
    expect(log.slice(0, 3)).toEqual(['forget clients', 'outdate ', 'forget marks ']);
    expect(log.slice(3).sort()).toEqual([`read ${ANN}`, 'work on nothing']);
  });

  test('that says the pill was moved or brought back has the open pages of that org follow', async () => {
    const { say, log } = api();
    expect(await say({ kind: 'place-changed', host: HOST }, OPTIONS)).toEqual({ ok: true });
    expect(log).toEqual(['push place to 7']);
    const unheard = api(undefined, undefined, () => false);
    await unheard.say({ kind: 'place-changed', host: HOST }, OPTIONS);
    await unheard.say({ kind: 'place-changed', host: 'other.my.salesforce.com' }, OPTIONS);
    expect(unheard.log).toEqual(['push place to 7', 'inject overlay 7 ']);
  });

  test('that says somebody signed in has the pages of that org read again, and of no other', async () => {
    const { say, log, turn } = api();
    const other = 'other.my.salesforce.com';
    await say({ kind: 'session-changed', host: other }, OPTIONS);
    await turn();
    expect(log).toEqual([`outdate ${other}`, `forget marks ${other}`, 'work on nothing']);
    await say({ kind: 'session-changed', host: HOST }, OPTIONS);
    await turn();
    expect(log.slice(3, 5)).toEqual([`outdate ${HOST}`, `forget marks ${HOST}`]);
    expect(log).toContain(`read ${ANN}`);
  });

  test('that asks what there is to show hears it, and nothing is set about', async () => {
    const { say, log, turn } = api();
    expect(await say({ kind: 'overview', tab: 7, read: true }, OPTIONS)).toMatchObject({ overview: { host: HOST } });
    expect(await say({ kind: 'account' }, OPTIONS)).toMatchObject({ ok: true, problem: { service: 'optbridge' } });
    await say({ kind: 'open-panel', tab: 7 }, OPTIONS);
    await turn();
    expect(log).toEqual(['inject overlay 7 ', 'inject overlay-more 7 ', 'push open to 7']);
  });

  test('that wants an act tried again has that act due at once, and no other', async () => {
    const held = api(undefined, (operation) => (operation === 'salesforce read' ? 'refused' : 'done'));
    const { say, scene, turn } = held;
    for (const record of [ANN, BEN]) await held.outbox.want({ host: HOST, record, address: `${record}@example.com` });
    await held.outbox.drain();
    const dueOf = () => [...scene.acts.values()].map(({ halves }) => halves.salesforce.nextTry <= scene.clock);
    expect(dueOf()).toEqual([false, false]);
    const [id] = scene.acts.keys();
    expect(await say({ kind: 'retry', act: id }, OPTIONS)).toEqual({ ok: true });
    await turn();
    expect(dueOf()).toEqual([true, false]);
  });

  test('that wants an act discarded which is only refused, and so may still arrive, is told no', async () => {
    const held = api(undefined, (operation) => (operation === 'salesforce read' ? 'refused' : 'done'));
    const { id } = await held.outbox.want({ host: HOST, record: ANN, address: 'ann@example.com' });
    await held.outbox.drain();
    expect(await held.say({ kind: 'discard', act: id }, OPTIONS)).toEqual({ ok: false, refused: 'sendable' });
    expect(await held.say({ kind: 'discard', act: 'act-99' }, OPTIONS)).toEqual({ ok: false, refused: 'sendable' });
    expect((await held.outbox.open()).map((act) => act.ended)).toEqual([null]);
  });
});

describe('a flood', () => {
  const status = (record: string) => ({ kind: 'status', record, fresh: true });
  const many = <T>(count: number, one: () => Promise<T>) => Promise.all(Array.from({ length: count }, one));
  const refusals = (answers: readonly { readonly ok: boolean }[]) => answers.filter((answer) => !answer.ok);

  test('of questions from one document is refused with a reason, and no other document with it', async () => {
    const { say } = api();
    const answers = await many(1_000, () => say(status(ANN), overlayOf(ANN)));
    expect(refusals(answers).length).toBe(1_000 - 120);
    expect(answers.at(-1)).toEqual({ ok: false, refused: 'refused_crowd' });
    expect(await say(status(ANN), { ...overlayOf(ANN), documentId: 'another' })).toMatchObject({ ok: true });
  });

  test('ebbs: four questions a second are taken for as long as anybody likes', async () => {
    const { say, scene } = api();
    await many(1_000, () => say(status(ANN), overlayOf(ANN)));
    for (let second = 0; second < 100; second++) {
      scene.tick(1_000);
      expect(refusals(await many(4, () => say(status(ANN), overlayOf(ANN))))).toEqual([]);
    }
    expect((await say(status(ANN), overlayOf(ANN))).ok).toBe(false);
  });

  test('is none when somebody turns a page every half second for an hour, and opens the panel each time', async () => {
    const { say, scene } = api();
    for (let page = 0; page < 7_200; page++) {
      scene.tick(500);
      const record = page % 2 ? ANN : BEN;
      expect(await say(status(record), overlayOf(record))).toMatchObject({ ok: true });
      expect(await say({ kind: 'about', record }, overlayOf(record))).toMatchObject({ ok: true });
    }
  });

  test('of opt-outs loses none: the one that stands is not set about anew, and of another person it is taken', async () => {
    const { say, scene, log, turn } = api();
    const out = () => say({ kind: 'opt-out', record: ANN }, overlayOf(ANN));
    // The first are in the outbox before the rest come.
    const answers = [...(await many(30, out)), ...(await many(970, out))];
    expect(refusals(answers)).toEqual([]);
    expect(answers.at(-1)).toMatchObject({ ok: true, status: { state: 'pending', optedOut: true } });
    await turn();
    expect(log.filter((line) => line.startsWith('work')).length).toBe(30);
    expect(await say({ kind: 'opt-out', record: BEN }, overlayOf(BEN))).toMatchObject({
      ok: true,
      status: { state: 'pending' },
    });
    expect([...scene.acts.values()].map(({ record, wish }) => [record, wish.kind])).toEqual([
      [ANN, 'opt-out'],
      [BEN, 'opt-out'],
    ]);
  });

  test('of one list after the other being left loses none', async () => {
    const { say, scene } = api();
    let list = 0;
    const leave = () => say({ kind: 'unsubscribe', record: ANN, list: `${++list}` }, overlayOf(ANN));
    expect(refusals(await many(200, leave))).toEqual([]);
    expect(scene.acts.size).toBe(200);
  });

  test('of opt-ins is refused, from whichever document it comes: a dozen, and then six a minute', async () => {
    const { say, scene } = api();
    const optIn = { kind: 'opt-in', record: ANN, reason: 'mistake', words: '', lists: [] };
    let documents = 0;
    const ask = () => say(optIn, { ...overlayOf(ANN), documentId: `${++documents}` });
    expect(refusals(await many(1_000, ask)).length).toBe(1_000 - 12);
    scene.tick(60_000);
    expect(refusals(await many(1_000, ask)).length).toBe(1_000 - 6);
  });

  test('of words about the tab is refused too', async () => {
    const { say, looked } = api();
    expect(refusals(await many(1_000, () => say({ kind: 'left' }, overlayOf(ANN)))).length).toBe(1_000 - 120);
    expect(looked.length).toBe(120);
  });

  test('of one kind keeps no other from being heard: a no is taken in the middle of anything', async () => {
    const { say } = api();
    await many(1_000, () => say(status(ANN), overlayOf(ANN)));
    expect(await say({ kind: 'opt-out', record: ANN }, overlayOf(ANN))).toMatchObject({ ok: true });
  });
});

test('a thousand documents are not all remembered for ever, and the count of what lets mail in is', () => {
  const flood = createFlood(() => 0);
  for (let turn = 0; turn < 12; turn++) expect(flood({ tabId: 1, documentId: 'first' }, 'opt-in')).toBe(false);
  for (let tabId = 0; tabId < 10_000; tabId++) flood({ tabId, documentId: undefined }, 'status');
  expect(flood({ tabId: 1, documentId: 'last' }, 'undo')).toBe(true);
});
