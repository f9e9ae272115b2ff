import type { Names, Place } from '../messages.ts';
import type { Settings } from '../settings/catalogue.ts';
import { aimOf } from './act.ts';
import type { Taken, Want } from './api.ts';
import type { Drain } from './drain.ts';
import type { PanelRequest } from './panel-request.ts';
import type { RecordSpeaker } from './sender.ts';
import type { OpenRecord, Statuses } from './statuses.ts';
import { undoOf } from './undo.ts';

export interface PanelPorts {
  readonly statuses: Pick<Statuses, 'address'>;
  readonly outbox: Pick<Drain, 'acts'>;
  /** The names of what led to the record's memberships. */
  names(record: OpenRecord): Promise<Names>;
  settings(): Promise<Pick<Settings, 'allowOptIn'>>;
  /** Keeps how the rep left the pill in an org, and tells the org's open pages. */
  keepPlace(host: string, place: Place): Promise<void>;
  openOptions(): Promise<void>;
  /** @param org what the page says which org it is of */
  openSignIn(host: string, org?: string): Promise<void>;
}

/** Answers a page that shows its status already; in the worker's second script, which a panel has loaded as it opened. */
export async function answerPanel(
  ports: PanelPorts,
  { host, record }: RecordSpeaker,
  request: PanelRequest,
  want: Want,
): Promise<Taken> {
  const person = { host, record };
  switch (request.kind) {
    case 'names':
      return { status: null, names: await ports.names(person) };
    case 'undo': {
      const acts = await ports.outbox.acts({ ...person, address: await ports.statuses.address(person) });
      const act = acts.find(({ id }) => id === request.act);
      const wish = act && undoOf(act);
      return wish ? want(wish, aimOf(act)) : { refused: 'refused_nothing_to_undo' };
    }
    case 'opt-in': {
      if (!(await ports.settings()).allowOptIn) return { refused: 'refused_opt_in_off' };
      const { reason, words, lists } = request;
      return want({ kind: 'opt-in', reason, words: words.trim(), lists: [...new Set(lists)].sort() });
    }
    case 'place':
      await ports.keepPlace(host, request.place);
      break;
    case 'options':
      await ports.openOptions();
      break;
    case 'sign-in':
      await ports.openSignIn(host, request.org);
  }
  return { status: null };
}
