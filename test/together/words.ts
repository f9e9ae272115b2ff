import type { Act } from '../../src/extension/background/act.ts';
import { isDone } from '../../src/extension/background/act.ts';
import { letsIn } from '../../src/extension/background/wish.ts';
import type { Change, Office } from './office.ts';

/** Who said what about whom, and what may follow from it. Knows nothing of the rules' code: it is what people were promised. */

/** A word of somebody. */
interface Word {
  readonly at: number;
  readonly says: 'no' | 'yes' | 'bounced';
  /** A list's id, or everything. */
  readonly of: string | 'all';
  readonly by: 'person' | 'hand' | 'click';
  /** The click, for one. */
  readonly act?: string;
}

export class Words {
  readonly #here: Office;
  readonly #said = new Map<string, Word[]>();
  readonly #clicks: { readonly rep: 0 | 1; readonly address: string; readonly id: string }[] = [];

  readonly #tracked: boolean;

  /** @param tracked whether field history tells when a box was set: without it nobody can tell that it was set anew (docs/what-happens.md) */
  constructor(here: Office, tracked: boolean) {
    this.#here = here;
    this.#tracked = tracked;
  }

  #say(address: string, word: Omit<Word, 'at'>): void {
    const said = this.#said.get(address) ?? [];
    said.push({ at: this.#here.clock.now(), ...word });
    this.#said.set(address, said);
  }

  /** The person subscribed or unsubscribed; leaving the last list is leaving all. */
  person(address: string, says: 'no' | 'yes', list: string): void {
    const left = says === 'no' && this.#rows(address).every(({ list: of, value }) => !of || value !== 1);
    this.#say(address, { says, of: left ? 'all' : list, by: 'person' });
  }

  bounced(address: string): void {
    this.#say(address, { says: 'bounced', of: 'all', by: 'person' });
  }

  /** Somebody set or cleared a box by hand. */
  hand(address: string, set: boolean): void {
    this.#say(address, { says: set ? 'no' : 'yes', of: 'all', by: 'hand' });
  }

  clicked(rep: 0 | 1, address: string, { id }: Act): void {
    this.#clicks.push({ rep, address, id });
  }

  #rows(address: string) {
    return [...this.#here.rows().values()].filter((row) => row.address === address);
  }

  #acts(address: string): Act[] {
    const ids = new Map(this.#clicks.filter((click) => click.address === address).map(({ rep, id }) => [id, rep]));
    return [...ids].map(([id, rep]) => this.#here.reps[rep].act(id));
  }

  /** Clicks by one rep about one person. */
  #actsOf(rep: number, address: string): Act[] {
    const ids = new Set(
      this.#clicks.filter((click) => click.address === address && click.rep === rep).map(({ id }) => id),
    );
    return [...ids].map((id) => this.#here.reps[rep as 0 | 1].act(id));
  }

  /** What a change lets in that somebody had ruled out, in a sentence; or null. */
  wrong(change: Change): string | null {
    const { by, address, list, was, is, at } = change;
    const letIn = list === undefined ? was === true && is === false : is === 1 && was !== 1;
    if (!letIn) return null;
    const what = `${by === 'night' ? 'the night' : `rep ${by}`} let ${address} in (${list ?? 'box'})`;
    const nos = this.#nos(address, change).filter((word) => by !== 'night' || this.#tracked || word.by !== 'hand');
    const lastNo = Math.max(0, ...nos.map((word) => word.at));
    const yes = Math.max(
      0,
      ...(this.#said.get(address) ?? []).filter((word) => word.says === 'yes' && word.at <= at).map((word) => word.at),
      ...this.#acts(address)
        .filter((act) => letsIn(act.wish) && act.wantedAt <= at)
        .map((act) => act.wantedAt),
    );
    if (by === 'night') {
      if (list !== undefined) return `${what}: a night subscribes nobody`;
      return yes > lastNo ? null : `${what}, though the last word at ${time(lastNo)} was no (yes at ${time(yes)})`;
    }
    if (was === 3) return `${what}, who bounced`;
    const allowed = this.#actsOf(by, address).some((act) => {
      if (!letsIn(act.wish) || act.ended === 'overtaken') return false;
      const { wish, wantedAt } = act;
      const against = nos.filter((word) => !(wish.kind === 'undo' && word.act === wish.of));
      // Of a no that a yes has taken back since, nothing is left to be seen: an older click that lets in cannot know of it.
      return against.every((word) => word.at <= wantedAt || word.at < yes);
    });
    return allowed ? null : `${what}, though the last word at ${time(lastNo)} was no`;
  }

  /** Every no about a row until then that the services could have told of. */
  #nos(address: string, change: Change): Word[] {
    const { by, list, at } = change;
    const said = this.#said.get(address) ?? [];
    const nos = said.filter((word) => word.says === 'no' && word.at <= at && (word.of === 'all' || word.of === list));
    const before = this.#here.changes.slice(0, this.#here.changes.indexOf(change));
    const clicks = this.#clicks
      .filter((click) => click.address === address)
      .flatMap(({ rep, id }): Word[] => {
        const { wish, wantedAt, ended } = this.#here.reps[rep].act(id);
        if (letsIn(wish) || ended || (wish.kind === 'unsubscribe' && wish.list !== list)) return [];
        // One that has not arrived, or changed nothing, is not to be seen by anybody else; a night without field history
        // cannot tell that a box which a hand or another click had cleared was set anew (known fault "set again unseen").
        const cleared =
          said.some((word) => word.says === 'yes' && word.by === 'hand' && word.at < wantedAt) ||
          this.#acts(address).some((other) => letsIn(other.wish) && other.wantedAt < wantedAt);
        const unseen = by === 'night' && !this.#tracked && cleared;
        const arrived = before.some(
          (other) =>
            other.by === rep &&
            other.address === address &&
            other.at >= wantedAt &&
            isNo(other) &&
            !(unseen && other.list === undefined),
        );
        return arrived ? [{ at: wantedAt, says: 'no', of: 'all', by: 'click', act: id }] : [];
      });
    return [...nos, ...clicks];
  }

  /** Whether an act that came to its end before it was done had let somebody in until then. */
  #letIn({ id, wantedAt }: Act): boolean {
    const click = this.#clicks.find((other) => other.id === id);
    return this.#here.changes.some(
      (change) =>
        change.by === click?.rep && change.address === click.address && change.at >= wantedAt && !isNo(change),
    );
  }

  /** What is not as the person was promised in the end, in sentences. */
  async broken(address: string, ac: string): Promise<string[]> {
    const here = this.#here;
    const rows = this.#rows(address);
    const boxes = rows.filter((row) => row.list === undefined).map((row) => row.value === true);
    const memberships = rows.filter((row) => row.list !== undefined);
    const active = memberships.filter((row) => row.value === 1);
    const contact = ac === '' ? undefined : here.sandbox.account.contact(ac);
    const acOut =
      active.length === 0 && (memberships.some((row) => row.value === 2) || (contact?.bouncedHard ?? 0) > 0);
    const anySet = boxes.includes(true);
    const allSet = boxes.every(Boolean);
    const cause = here.store((store) => store.get('SELECT cause FROM differences WHERE address = ?', address)?.cause);
    const found: string[] = [];
    const differs = anySet ? !allSet || active.length > 0 : acOut && boxes.length > 0;
    if (differs && !cause) found.push('the sides differ, and nothing says so');
    if (!differs && cause) found.push(`called ${cause}, and the sides do not differ`);
    if (cause === 'failed' || cause === 'unknown') found.push(`left as ${cause} on quiet nights`);
    const acts = this.#acts(address);
    for (const act of acts) if (!isDone(act)) found.push(`the click ${act.id} never ends`);

    const said = this.#said.get(address) ?? [];
    const lastYes = Math.max(
      0,
      ...said.filter(({ says }) => says === 'yes').map(({ at }) => at),
      ...acts.filter((act) => letsIn(act.wish) && (!act.ended || this.#letIn(act))).map(({ wantedAt }) => wantedAt),
    );
    const out = !differs ? anySet || acOut : false;
    const click = acts.find((act) => act.wish.kind === 'opt-out' && tells(act) && act.wantedAt > lastYes);
    if (click && !(out || cause === 'bounce-reactivated') && (boxes.length > 0 || memberships.length > 0))
      found.push(
        `the click ${click.id} at ${time(click.wantedAt)} said no last (last yes at ${time(lastYes)}), and they are not out on both sides`,
      );
    const no = said.findLast((word) => word.says === 'no' && word.of === 'all' && word.at > lastYes);
    if (no?.by === 'hand' && !out && (this.#tracked || lastYes === 0))
      found.push(`the box was set last at ${time(no.at)}, and they are not out on both sides`);
    if (no?.by === 'person' && active.length > 0) found.push(`they left all lists at ${time(no.at)}, and get mail`);

    const lastNo = Math.max(
      0,
      ...said.filter(({ says }) => says !== 'yes').map(({ at }) => at),
      ...acts.filter((act) => !letsIn(act.wish) && tells(act)).map((act) => Math.max(act.wantedAt, ...arrivals(act))),
    );
    for (const act of acts) {
      if (act.wish.kind !== 'opt-in' || act.ended || act.wantedAt <= lastNo) continue;
      const { lists } = act.wish;
      // Nobody who has to confirm is made active, and nobody who bounced.
      const picked = memberships.filter(
        ({ list, value }) => list !== undefined && lists.includes(list) && (value === 1 || value === 2),
      );
      if (picked.length === 0 || (contact?.bouncedHard ?? 0) > 0) continue;
      if (anySet) found.push(`opted in last by ${act.id} at ${time(act.wantedAt)}, and the box is set`);
      if (picked.some((row) => row.value === 2)) found.push(`opted in last by ${act.id}, and not on a picked list`);
    }
    const undo = acts.filter(({ wish, ended }) => wish.kind === 'undo' && !ended).at(-1);
    const quiet = (act: Act) =>
      said.every(({ at }) => at <= act.wantedAt) &&
      acts.every((other) => other === act || Math.max(other.wantedAt, ...arrivals(other)) <= act.wantedAt);
    // Out in ActiveCampaign, a box that was cleared before a night has seen them out is set again (docs/what-happens.md).
    if (undo?.wish.kind === 'undo' && quiet(undo) && active.length > 0) {
      const now = here.rows();
      const { salesforce, activecampaign } = undo.wish.rows;
      for (const { id, back } of [...salesforce, ...activecampaign.map((row) => ({ ...row, id: `m${row.id}` }))])
        if (back !== null && now.get(id)?.value !== back)
          found.push(`taken back by ${undo.id} at ${time(undo.wantedAt)}, and ${id} is not as it was`);
    }
    return found;
  }
}

const isNo = ({ list, is }: Change) => (list === undefined ? is === true : is === 2);
/** Whether the services can tell of an act that wants out: one that changed nothing is to be seen by nobody. */
const tells = ({ ended, halves }: Act) =>
  !ended &&
  Object.values(halves).some(({ before, left = [] }) =>
    before.some((row) => left.some(({ id, value }) => id === row.id && value !== row.value)),
  );
const arrivals = ({ halves }: Act) => Object.values(halves).flatMap(({ verifiedAt }) => verifiedAt ?? []);
const time = (at: number) => (at === 0 ? 'never' : new Date(at).toISOString().slice(5, 16));
