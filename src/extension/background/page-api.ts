import type { PageAnswer, PageRequest } from '../page-messages.ts';
import type { Drain } from './drain.ts';
import type { Shelf } from './keeper.ts';
import { type OverviewPorts, overviewOf } from './overview.ts';
import { openPanel, type PlacePorts, tellPlace } from './placed.ts';
import type { problemOf } from './problem-of.ts';
import type { Services } from './sides.ts';
import type { Statuses } from './statuses.ts';

export interface PagePorts extends OverviewPorts {
  readonly services: Pick<Services, 'activecampaign'>;
  readonly statuses: OverviewPorts['statuses'] & Pick<Statuses, 'refreshOpen' | 'outdate'>;
  /** Where marks are kept beside the readings. */
  readonly shelf: Pick<Shelf, 'clear'>;
  readonly outbox: OverviewPorts['outbox'] & Pick<Drain, 'hurry' | 'discard'>;
  /** Works the outbox off; does not reject. */
  work(): Promise<void>;
  readonly places: PlacePorts;
  /** Closes the window of a sign-in that nobody waits for any more, as soon as it opens. */
  closeLate(address: string): Promise<void>;
  /** Drops clients that were built from earlier settings. */
  forgetClients(): void;
  readonly problemOf: typeof problemOf;
}

/**
 * Rejects unless ActiveCampaign takes the key now. That its lists are known says nothing of that: they are kept for minutes, and
 * the popup said "Connected" above a click that the account refused.
 */
export async function askAccount(services: PagePorts['services']): Promise<void> {
  const { connection } = await services.activecampaign();
  await connection.ask({ path: '/users/me' }, (body) => body);
}

/**
 * What was read by other settings, or by somebody else's rights, is no answer any more: a page that was opened just after
 * showed it. Where the browser does not forget it, it is old in seconds, and what waits goes on all the same.
 */
async function forgetReadings({ statuses, shelf }: PagePorts, host = ''): Promise<void> {
  await Promise.allSettled([statuses.outdate(host), shelf.clear(`marks ${host}`)]);
}

/** Answers the options page, the popup and the sign-in window; in the worker's third script, as nobody waits for it. */
export async function answerPage(ports: PagePorts, request: PageRequest): Promise<PageAnswer> {
  const { statuses, outbox } = ports;
  switch (request.kind) {
    case 'session-changed':
      await forgetReadings(ports, request.host);
      await outbox.hurry((problem, act) => problem.service === 'salesforce' && act.host === request.host);
      void statuses.refreshOpen((open) => open.host === request.host);
      break;
    case 'sign-in-left':
      void ports.closeLate(request.address).catch(() => undefined);
      return { ok: true };
    case 'settings-changed':
      ports.forgetClients();
      await forgetReadings(ports);
      await outbox.hurry(() => true);
      void statuses.refreshOpen(() => true);
      break;
    case 'retry':
      await outbox.hurry((_, act) => act.id === request.act);
      break;
    case 'discard': {
      const discarded = await outbox.discard(request.act);
      void ports.work();
      return discarded ? { ok: true } : { ok: false, refused: 'sendable' };
    }
    case 'overview':
      return { ok: true, overview: await overviewOf(ports, request.tab, request.read) };
    case 'account': {
      const failed = await askAccount(ports.services).then(() => null, ports.problemOf);
      if (!failed) return { ok: true, problem: null };
      const { retryAfter: _, ...problem } = failed;
      return { ok: true, problem };
    }
    case 'open-panel':
      await openPanel(ports.places, request.tab);
      return { ok: true };
    case 'place-changed':
      await tellPlace(ports.places, request.host);
      return { ok: true };
  }
  void ports.work();
  return { ok: true };
}
