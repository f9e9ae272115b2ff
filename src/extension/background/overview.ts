import type { Change, Overview, Waiting } from '../page-messages.ts';
import { type Act, isDone, SERVICES } from './act.ts';
import { isMisdirected } from './discard.ts';
import { doneOf } from './done.ts';
import type { Outbox } from './outbox.ts';
import type { PlacePorts } from './placed.ts';
import { pendingOf } from './status.ts';
import type { OpenRecord, Statuses } from './statuses.ts';

/** As many changes as the popup shows. */
const CHANGES = 20;

export interface OverviewPorts {
  readonly outbox: Pick<Outbox, 'open' | 'latest'>;
  readonly statuses: Pick<Statuses, 'show' | 'current' | 'reading'>;
  /** What a tab shows of an org, null where it is another page. */
  shown(tab: number): Promise<{ readonly host: string; readonly record: string | null } | null>;
  readonly places: Pick<PlacePorts, 'placeOf'>;
  openRecords(): Promise<readonly OpenRecord[]>;
  /** Hosts of the orgs that somebody is signed in to. */
  signedInHosts(): Promise<readonly string[]>;
}

/**
 * What the popup shows, of what is known here: asked for every second, so nothing but the tab's record is read anew.
 */
export async function overviewOf(ports: OverviewPorts, tab: number, read: boolean): Promise<Overview> {
  const { outbox, statuses } = ports;
  const [shown, open, over, tabs, signedIn] = await Promise.all([
    ports.shown(tab),
    outbox.open(),
    outbox.latest(CHANGES),
    ports.openRecords(),
    ports.signedInHosts(),
  ]);

  async function whomOf(act: Act) {
    const { id, host, record, wish } = act;
    const reading = await statuses.reading({ host, record });
    const list = wish.kind === 'unsubscribe' ? wish.list : null;
    const listName = reading?.lists.find((line) => line.list === list)?.name ?? list;
    return { id, host, record, name: reading?.name ?? null, address: act.address ?? null, listName };
  }

  const waiting = async (act: Act): Promise<Waiting> => {
    const { problem: _, ...pending } = pendingOf(act);
    const problems = SERVICES.flatMap((service) => act.halves[service].problem ?? []);
    return { ...(await whomOf(act)), ...pending, problems, misdirected: isMisdirected(act) };
  };
  const change = async (act: Act): Promise<Change> => ({ ...(await whomOf(act)), ...doneOf(act) });

  const hosts = [...signedIn, ...(shown ? [shown.host] : []), ...[...tabs, ...open].map(({ host }) => host)];
  const record = shown?.record ? { host: shown.host, record: shown.record } : null;
  return {
    host: shown?.host ?? null,
    hidden: !!shown && !!(await ports.places.placeOf(shown.host))?.hidden,
    status: record && (await (read ? statuses.show(record, false) : statuses.current(record))),
    queue: await Promise.all(open.filter((act) => !isDone(act)).map(waiting)),
    changes: await Promise.all(over.map(change)),
    orgs: [...new Set(hosts)].sort().map((host) => ({ host, signedIn: signedIn.includes(host) })),
  };
}
