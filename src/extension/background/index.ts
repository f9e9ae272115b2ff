import { longId } from '../../salesforce/salesforce.ts';
import { browser } from '../browser.ts';
import { placeOf } from '../places.ts';
import { say } from '../say.ts';
import { settingsPorts } from '../settings/saved.ts';
import { readSettings } from '../settings/settings.ts';
import { sessionStore, signedInHosts } from '../signin/session-store.ts';
import './shared.ts';
import { type Act, isDone } from './act.ts';
import { createApi } from './api.ts';
import { createBadge } from './badge.ts';
import { createBook } from './book.ts';
import { shelf } from './cache.ts';
import type { Drain } from './drain.ts';
import { createFlood } from './flood.ts';
import { createGlance, WHILE } from './glance.ts';
import { createKeeper } from './keeper.ts';
import { more } from './more.ts';
import type { Outbox } from './outbox.ts';
import { outboxStore } from './outbox-store.ts';
import { readPerson } from './reading.ts';
import { createServices } from './services.ts';
import { currentSession } from './signed-in.ts';
import { createStatusCache } from './status-cache.ts';
import { createStatuses } from './statuses.ts';
import { injectOverlay, openRecords, push, pushStatus, recordTabs, shownIn, tabsShowing } from './tabs.ts';
import { toolbar } from './toolbar.ts';
import { ALARM, createWaker } from './wake.ts';

// Everything is wired and every listener registered before the first await: an event that woke this worker is
// delivered only to listeners that are there when the first turn of the script ends.

const now = () => Date.now();
const chance = () => Math.random();
const later = (ms: number, work: () => void) => void setTimeout(work, ms);
const lock = <T>(name: string, work: () => Promise<T>): Promise<T> => navigator.locks.request(name, work) as Promise<T>;

const settingsSeen = createGlance(() => readSettings(settingsPorts), now, WHILE);
const settings = () => settingsSeen.at('');
const inForce = async () => (await settings()).settings;

const mayReach = (origin: string) => browser.permissions.contains({ origins: [`${origin}/*`] });
const reachSeen = createGlance(mayReach, now, WHILE);

const sessionSeen = createGlance((host) => currentSession(sessionStore, host), now, WHILE);
/** 18-character id of the org that the sign-in for this host is for, where that is known. */
const signedInTo = (host: string) =>
  sessionSeen.at(host).then(
    ({ organization }) => organization,
    () => undefined,
  );

/** One of our own pages has something to say: it may have changed any of it. */
function lookAgain(): void {
  for (const seen of [settingsSeen, reachSeen, sessionSeen]) seen.forget();
}

const keeper = createKeeper({ shelf, now });

const services = createServices({
  settings,
  sessions: {
    current: sessionSeen.at,
    renewed: async (host, refused) => {
      const { createSessions, refreshToken: refresh, authorizeSilently } = more();
      return createSessions({ store: sessionStore, refresh, authorizeSilently, lock })
        .renewed(host, refused)
        .finally(sessionSeen.forget);
    },
  },
  refusals: {
    salesforce: (call, reply) => more().salesforceRefusal(call, reply),
    activecampaign: (call, reply) => more().activeCampaignRefusal(call, reply),
  },
  keeper,
  mayReach: reachSeen.at,
  fetch: (url, init) => fetch(url, init),
  now,
  sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
  random: chance,
});

const bookPorts = {
  store: outboxStore,
  now,
  newId: () => crypto.randomUUID(),
  changed: (act: Act) => {
    if (isDone(act)) {
      untold.delete(act.id);
      void statuses.actChanged(act, true);
    } else tellSoon(act);
    // Neither the click nor the services wait for a sign on the toolbar.
    later(PROGRESS, () => void countStuck());
    // Lists ask anew about everybody when anybody has changed.
    if (isDone(act)) void shelf.clear(`marks ${act.host}`);
  },
};

/** How far an act has come is shown so often at most, in milliseconds: telling the page holds up the act. */
const PROGRESS = 100;
const untold = new Map<string, Act>();
function tellSoon(act: Act): void {
  if (!untold.has(act.id))
    later(PROGRESS, () => {
      const latest = untold.get(act.id);
      untold.delete(act.id);
      if (latest) void statuses.actChanged(latest, false);
    });
  untold.set(act.id, act);
}

let drain: Drain | undefined;
/** What sets about acts is in the second script. */
function drainer(): Drain {
  const { createDrain, createSides, addressOfAct, logAct } = more();
  drain ??= createDrain({
    ...bookPorts,
    sides: createSides(services, now),
    address: (act) => addressOfAct(services, act),
    logs: async () => (await inForce()).logChanges,
    log: (act) => logAct(services, act, say),
    chance,
    lock,
  });
  return drain;
}

const outbox: Outbox = {
  ...createBook(bookPorts),
  drain: async () => drainer().drain(),
  hurry: async (gone) => drainer().hurry(gone),
  discard: async (id) => drainer().discard(id),
  holds: async (person, wish) => drainer().holds(person, wish),
};

const statuses = createStatuses({
  problemOf: (cause) => more().problemOf(cause),
  waitAfter: (...failed) => more().waitAfter(...failed),
  cache: createStatusCache(browser.storage.session, now, (area, entry) => more().makeRoom(area, entry)),
  read: ({ host, record }) => readPerson(services, host, record, now),
  openAct: (record, address) => outbox.openAct(address.then((address) => ({ ...record, address }))),
  open: openRecords,
  tabs: tabsShowing,
  push: (record, status, known) => pushStatus(record, status, (tab) => void lookAt(tab), known),
  now,
  chance,
  later,
});

const lookAt = createBadge({ toolbar, shown: shownIn, current: (record) => statuses.current(record), say });

let counter: (() => Promise<void>) | undefined;
async function countStuck(): Promise<void> {
  counter ??= more().createStuck({
    toolbar,
    open: outbox.open,
    recordTabs,
    look: lookAt,
    say,
  });
  await counter();
}

const work = createWaker({
  outbox,
  setAlarm: (when) => browser.alarms.create(ALARM, { when }),
  clearAlarm: () => browser.alarms.clear(ALARM),
  now,
  later,
});

const placePorts = { placeOf, recordTabs, push, inject: injectOverlay };

const pagePorts = {
  services,
  statuses,
  outbox,
  work,
  shown: shownIn,
  openRecords,
  signedInHosts,
  places: placePorts,
  forgetClients: () => services.forget(),
};

const listPorts = { services, shelf, reading: statuses.reading, open: outbox.open, now, inject: injectOverlay };

const answer = createApi({
  statuses,
  outbox,
  isFlood: createFlood(now),
  work,
  inject: injectOverlay,
  about: async (record) =>
    more().aboutPerson({ services, outbox, reading: statuses.reading, settings: inForce }, record),
  names: async (record) => more().namesOf(services, keeper, await statuses.reading(record)),
  mayOptIn: async () => (await inForce()).allowOptIn,
  places: {
    of: placeOf,
    keep: async (host, place) => more().keepPlace(placePorts, host, place, more().savePlace),
  },
  undoOf: (act) => more().undoOf(act),
  aim: async (host, org) => {
    const [known, { activeCampaignUrl }] = await Promise.all([signedInTo(host), inForce()]);
    return { org: org ? longId(org) : known, account: activeCampaignUrl ?? undefined };
  },
  signedInElsewhere: async (host, org) => {
    const known = await signedInTo(host);
    return known !== undefined && known !== longId(org);
  },
  prepare: (host) => void Promise.allSettled([services.salesforce(host), services.activecampaign()]),
  openOptions: async () => browser.runtime.openOptionsPage(),
  openSignIn: async (host) => more().openSignIn(host),
  fromList: async (speaker, request) =>
    (await inForce()).listMarks ? more().answerList(listPorts, speaker, request) : { refused: 'switched off' },
  lookAt: async (tab) => later(PROGRESS, () => void lookAt(tab)),
  tell: (tab, status) => push(tab, { kind: 'status', status }),
  parsePage: (message) => more().parsePage(message),
  fromPage: async (request) => {
    lookAgain();
    return more().answerPage(pagePorts, request);
  },
});

const self_ = { id: browser.runtime.id, origin: browser.runtime.getURL('').replace(/\/$/, '') };

browser.runtime.onMessage.addListener((message: unknown, sender, respond) => {
  answer(message, sender, self_).then(respond, () => respond({ ok: false, refused: 'failed' }));
  return true;
});
// A script that is to run late has to run now too; see more.ts.
globalThis.addEventListener('install', more);
browser.commands.onCommand.addListener((_, tab) => {
  // Where no record is shown there is nothing to open.
  if (tab?.id !== undefined)
    more()
      .openPanel(placePorts, tab.id)
      .catch(() => undefined);
});
browser.alarms.onAlarm.addListener(work);
browser.runtime.onStartup.addListener(() => {
  void retryUnreachable();
  void countStuck();
});
browser.runtime.onInstalled.addListener(countStuck);
browser.permissions.onAdded.addListener(goOn);
browser.permissions.onRemoved.addListener(reachSeen.forget);
globalThis.addEventListener('online', retryUnreachable);

/** An access was given again: what waits for it goes on, and open pages show it. */
async function goOn(): Promise<void> {
  reachSeen.forget();
  await outbox.hurry(({ kind }) => kind === 'withdrawn');
  void statuses.refreshOpen(() => true);
  await work();
}

async function retryUnreachable(): Promise<void> {
  await outbox.hurry((problem) => problem.kind === 'unreachable');
  await work();
}

// By default a content script may read every area but `session`, a policy's key included (facts/extension.md). The
// setting lasts, but is made at each start in case an area was reset. Firefox has no such method.
for (const area of [browser.storage.local, browser.storage.sync, browser.storage.session, browser.storage.managed])
  area?.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' })?.catch(() => undefined);

void work();
