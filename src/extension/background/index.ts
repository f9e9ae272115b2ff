import { longId } from '../../salesforce/salesforce.ts';
import { browser } from '../browser.ts';
import type { PageAnswer, PageRequest } from '../page-messages.ts';
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
import { createFlood } from './flood.ts';
import { createGlance, WHILE } from './glance.ts';
import type { Hands } from './hands.ts';
import { createKeeper } from './keeper.ts';
import type * as More from './more/index.ts';
import { more, seldom } from './more.ts';
import { outboxStore } from './outbox-store.ts';
import { personKnown } from './person-account.ts';
import { readPerson } from './reading.ts';
import type * as Seldom from './seldom/index.ts';
import { createServices } from './services.ts';
import { currentSession } from './signed-in.ts';
import { createStatusCache } from './status-cache.ts';
import { createStatuses } from './statuses.ts';
import { injectOverlay, openRecords, push, pushStatus, recordTabs, shownIn, tabsShowing } from './tabs.ts';
import { toolbar } from './toolbar.ts';

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
const signedIn = (host: string) => sessionSeen.at(host).catch(() => undefined);

/** One of our own pages has something to say, or a policy has changed: any of it may be another. */
function lookAgain(): void {
  for (const seen of [settingsSeen, reachSeen, sessionSeen]) seen.forget();
}

const keeper = createKeeper({ shelf, now });

const services = createServices({
  settings,
  sessions: {
    current: sessionSeen.at,
    renewed: async (host, refused) => second().renewed(host, refused).finally(sessionSeen.forget),
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
    later(PROGRESS, countStuck);
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

const book = createBook(bookPorts);

const problemOf: Hands['problemOf'] = (cause) => more().problemOf(cause);

const statuses = createStatuses({
  problemOf,
  waitAfter: (...failed) => more().waitAfter(...failed),
  cache: createStatusCache(browser.storage.session, now, (area, entry) => more().makeRoom(area, entry)),
  read: ({ host, record }) =>
    readPerson(services, host, record, now).catch(async (cause) => {
      throw await second().explained(host, cause);
    }),
  openAct: (record, address) => book.openAct(address.then((address) => ({ ...record, address }))),
  open: openRecords,
  tabs: tabsShowing,
  push: (record, status, known) => pushStatus(record, status, (tab) => void lookAt(tab), known),
  now,
  chance,
  later,
});

const lookAt = createBadge({ toolbar, shown: shownIn, current: (record) => statuses.current(record), say });

/** Whether anything is due is found out here, so that a worker with nothing to do runs this script alone. */
const work = async () => {
  // A store that fails may hold something, and is looked at again.
  if ((await book.nextDue().catch(() => 0)) !== undefined) await second().work();
};

const hands: Hands = {
  ...bookPorts,
  services,
  statuses,
  book,
  keeper,
  shelf,
  sessionStore,
  signedInHosts,
  settings: inForce,
  places: { placeOf, recordTabs, push, inject: injectOverlay },
  shown: shownIn,
  openRecords,
  toolbar,
  look: lookAt,
  work,
  openOptions: async () => browser.runtime.openOptionsPage(),
  say,
  chance,
  later,
  lock,
  problemOf,
  second: () => second(),
  seldom: () => third(),
};

let secondMade: ReturnType<typeof More.createSecond> | undefined;
const second = () => (secondMade ??= more().createSecond(hands));

let thirdMade: ReturnType<typeof Seldom.createSeldom> | undefined;
const third = () => (thirdMade ??= seldom().createSeldom(hands));

const countStuck = () => void second().countStuck();
const retryUnreachable = () => void second().retryUnreachable();

async function fromPage(request: PageRequest): Promise<PageAnswer> {
  lookAgain();
  return third().fromPage(request);
}

const answer = createApi({
  statuses,
  outbox: book,
  isFlood: createFlood(now),
  stands: async (record, wish) => second().stands(record, wish),
  work,
  inject: injectOverlay,
  placeOf,
  about: async (record) => second().about(record),
  aim: async (host, org) => {
    const [known, { activeCampaignUrl }] = await Promise.all([signedIn(host), inForce()]);
    return {
      org: org && !known?.cookiesErr ? longId(org) : known?.organization,
      account: activeCampaignUrl ?? undefined,
    };
  },
  signedInElsewhere: async (host, org) => {
    const known = await signedIn(host);
    return !!known?.organization && !known.cookiesErr && known.organization !== longId(org);
  },
  prepare: (host) => void Promise.allSettled([services.salesforce(host), services.activecampaign()]),
  lookAt: async (tab) => later(PROGRESS, () => void lookAt(tab)),
  tell: (tab, status) => push(tab, { kind: 'status', status }),
  parsePanel: (message) => more().parsePanel(message),
  fromPanel: async (...asked) => second().fromPanel(...asked),
  personKnown: (...page) => personKnown(shelf, ...page),
  findPerson: async (...page) => third().findPerson(...page),
  fromList: async (speaker, request) =>
    (await inForce()).listMarks ? third().fromList(speaker, request) : { refused: 'switched off' },
  parsePage: (message) => seldom().parsePage(message),
  pageSpeaker: (...who) => seldom().pageSpeaker(...who),
  fromPage,
});

const self_ = { id: browser.runtime.id, origin: browser.runtime.getURL('').replace(/\/$/, '') };

browser.runtime.onMessage.addListener((message: unknown, sender, respond) => {
  answer(message, sender, self_).then(respond, () => respond({ ok: false, refused: 'failed' }));
  return true;
});
// A script that is to run late has to run now too; see more.ts.
for (const part of [more, seldom]) globalThis.addEventListener('install', part);
browser.commands.onCommand.addListener((_, tab) => {
  // Where no record is shown there is nothing to open.
  if (tab?.id !== undefined)
    third()
      .openPanel(tab.id)
      .catch(() => undefined);
});
browser.alarms.onAlarm.addListener(work);
browser.runtime.onStartup.addListener(() => {
  retryUnreachable();
  countStuck();
});
browser.runtime.onInstalled.addListener(countStuck);
browser.permissions.onAdded.addListener(() => {
  reachSeen.forget();
  void second().goOn();
});
browser.permissions.onRemoved.addListener(reachSeen.forget);
globalThis.addEventListener('online', retryUnreachable);
// A policy has changed. Firefox reads it as it starts, and never again.
browser.storage.managed?.onChanged?.addListener(() => void fromPage({ kind: 'settings-changed' }));

// By default a content script may read every area but `session`, a policy's key included (facts/extension.md). The
// setting lasts, but is made at each start in case an area was reset. Firefox has no such method.
for (const area of [browser.storage.local, browser.storage.sync, browser.storage.session, browser.storage.managed])
  area?.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' })?.catch(() => undefined);

void work();
