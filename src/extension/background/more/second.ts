import { browser } from '../../browser.ts';
import { authorizeSilently, refreshToken, revokeSession } from '../../signin/login.ts';
import { openSignIn } from '../../signin/window.ts';
import { aboutPerson } from '../about.ts';
import type { Act } from '../act.ts';
import type { Want } from '../api.ts';
import { createDrain } from '../drain.ts';
import { halfNamed } from '../half-name.ts';
import type { Hands } from '../hands.ts';
import { namesOf } from '../names.ts';
import { restOfStore } from '../outbox-store-rest.ts';
import { answerPanel } from '../panel-api.ts';
import type { PanelRequest } from '../panel-request.ts';
import type { RecordSpeaker } from '../sender.ts';
import { createSessions } from '../session.ts';
import { addressOfAct, createSides } from '../sides.ts';
import { stands } from '../standing.ts';
import type { OpenRecord } from '../statuses.ts';
import { createStuck } from '../stuck.ts';
import { ALARM, createWaker } from '../wake.ts';
import type { Wish } from '../wish.ts';

/** Everything that the second script does, on what the first one hands to it. */
export function createSecond(hands: Hands) {
  const { services, statuses, book, keeper, settings, places, work, seldom } = hands;
  const explained = (host: string, cause: unknown) => halfNamed(hands, host, cause);
  /** The same, with what its failure comes from. */
  const explaining =
    <T>(ask: (act: Act) => Promise<T>) =>
    (act: Act): Promise<T> =>
      ask(act).catch(async (cause: unknown) => {
        throw await explained(act.host, cause);
      });
  const sides = createSides(services, hands.now);
  const drain = createDrain({
    ...hands,
    store: { ...hands.store, ...restOfStore },
    sides: { ...sides, salesforce: { ...sides.salesforce, read: explaining(sides.salesforce.read) } },
    address: explaining((act) => addressOfAct(services, act)),
    logs: async () => (await settings()).logChanges,
    log: async (act) => seldom().log(act),
  });
  const outbox = { ...book, ...drain };
  const { reading } = statuses;
  return {
    ...drain,
    explained,
    work: createWaker({
      ...hands,
      ...outbox,
      setAlarm: (when) => browser.alarms.create(ALARM, { when }),
      clearAlarm: () => browser.alarms.clear(ALARM),
    }),
    renewed: createSessions({
      ...hands,
      store: hands.sessionStore,
      refresh: refreshToken,
      revoke: revokeSession,
      authorizeSilently,
    }).renewed,
    countStuck: createStuck({ ...hands, ...book, ...places }),
    stands: (record: OpenRecord, wish: Wish) => stands({ statuses, outbox }, record, wish),
    about: (record: OpenRecord) => aboutPerson({ services, outbox, reading, settings }, record),
    fromPanel: (speaker: RecordSpeaker, request: PanelRequest, want: Want) =>
      answerPanel(
        {
          ...hands,
          outbox,
          openSignIn,
          names: async (record) => namesOf(services, keeper, await reading(record)),
          keepPlace: async (...place) => seldom().keepPlace(...place),
        },
        speaker,
        request,
        want,
      ),
    /** The network is back. */
    retryUnreachable: async () => {
      await drain.hurry(({ kind }) => kind === 'unreachable');
      await work();
    },
    /** An access was given again: what waits for it goes on, and open pages show it. */
    goOn: async () => {
      await drain.hurry(({ kind }) => kind === 'withdrawn');
      void statuses.refreshOpen(() => true);
      await work();
    },
  };
}
