import { statSync } from 'node:fs';
import { verifyAudit } from '../../src/companion/audit.ts';
import { differences } from '../../src/companion/differences.ts';
import { nightsOf } from '../../src/companion/nights.ts';
import type { Report } from '../../src/companion/report.ts';
import { keepSchedule } from '../../src/companion/schedule.ts';
import { pastRuns } from '../../src/companion/settled-night.ts';
import type { SyncOptions } from '../../src/companion/sync.ts';
import { seededRandom } from '../../src/sandbox/random.ts';
import { Fuse, nightWith } from './fuse.ts';
import { happen, KINDS } from './happenings.ts';
import { HOUR, Town, type Villager } from './town.ts';
import { changed, judged, type Person, peopleOf } from './year-judged.ts';
import { troubleOf } from './year-troubles.ts';

/** A companion that lives by its schedule: nights, days between them on which things happen, and troubles. */

const DAY = 24 * HOUR;

/** One run that came to its end. */
export interface NightTold {
  readonly outcome: Report['outcome'];
  /** Requests to both services. */
  readonly calls: number;
  readonly writes: number;
  /** Whether Salesforce was read whole; undefined where it was not read to the end. */
  readonly full: boolean | undefined;
  /** Bytes of the store. */
  readonly store: number;
}

export interface YearOptions {
  readonly seed: number;
  readonly people: number;
  /** ISO. */
  readonly from: string;
  /** How much happens in a day. */
  readonly perDay: number;
  /** So many nights of a hundred have a trouble. */
  readonly troubles: number;
}

/** Two contacts with one address are nobody that is known, and what they say may count weeks later, elsewhere: not to be judged night by night. */
const HAPPENINGS = KINDS.filter((kind) => kind !== 'write the address of another contact in capitals');

/** The process is gone; whoever keeps processes running starts another one. */
class Gone extends Error {}

export class Year {
  readonly town = new Town({ lists: ['News', 'Offers', 'Events'] });
  readonly nights: NightTold[] = [];
  /** Scheduled times at which a run began, and those that were caught up. */
  readonly due: number[] = [];
  readonly missed: number[] = [];
  /** What should not have happened, in words. */
  readonly faults: string[] = [];
  readonly count = { happenings: 0, killed: 0, troubles: 0, again: 0 };
  readonly #schedule = nightsOf('0 20 * * *', 'America/Los_Angeles');
  readonly #options: YearOptions;
  readonly #random: () => number;
  readonly #names: readonly string[];
  /** What of everybody was so after the last run that was done, and whoever was otherwise at any time since. */
  #settled: Map<string, Person> | null = null;
  readonly #touched = new Set<string>();
  #nextHappening = 0;
  #troubleUntil = Number.POSITIVE_INFINITY;
  #isOff = false;
  #fuse: Fuse | null = null;
  #full = false;

  constructor(options: YearOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    const { town } = this;
    town.clock.freeze(Date.parse(options.from));
    town.pace = { day: 0, night: 0 };
    // So small a town would never be read by list.
    if (options.seed % 2) town.cheaperShare = Number.POSITIVE_INFINITY;
    town.config = { ...town.config, retention: { audit: 60, decisions: 30 } };
    this.#names = Array.from({ length: options.people }, (_, index) => `p${index}`);
    for (const name of this.#names) town.plant(name, this.#somebody());
  }

  dispose(): void {
    this.town.dispose();
  }

  /** Lives until so many runs came to their end. */
  async live(nights: number): Promise<void> {
    const { town } = this;
    const { clock } = town;
    const isOver = () => this.nights.length >= nights;
    while (!isOver()) {
      try {
        await keepSchedule({
          nights: this.#schedule,
          now: () => clock.now(),
          wait: async (ms) => {
            clock.advance(ms);
            this.#passes();
          },
          stopping: () => isOver() || this.#isOff,
          past: () => pastRuns(town.config.store, clock.now()),
          run: () => this.#night(),
          log: (event) => {
            if (event.kind === 'due') this.due.push(event.at);
            if (event.kind === 'missed') this.missed.push(event.at);
          },
        });
      } catch (error) {
        if (!(error instanceof Gone)) throw error;
      }
      const back = clock.now() + (this.#isOff ? 7 * DAY : this.#number(12) * HOUR);
      this.#isOff = false;
      while (clock.now() < back) {
        clock.advance(HOUR / 4);
        this.#passes();
      }
    }
    const { brokenAt } = town.store((store) => verifyAudit(store));
    if (brokenAt !== null) this.faults.push(`the audit is broken at ${brokenAt}`);
  }

  #number(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#number(from.length)] as T;
  }

  #somebody(): Villager {
    const records = (most: number) => Array.from({ length: this.#number(most + 1) }, () => this.#random() < 0.1);
    const status = () => this.#pick([0, 1, 1, 1, 1, 1, 2, 2, 3] as const);
    return {
      contacts: records(2),
      leads: records(1),
      lists: this.#random() < 0.1 ? null : { News: status(), Offers: status() },
      qualified: this.#random() < 0.8,
      hardBounced: this.#random() < 0.05,
    };
  }

  /** Time has passed by day: something may happen, a trouble may be over. */
  #passes(): void {
    const { clock, sandbox } = this.town;
    const { perDay, people } = this.#options;
    if (clock.now() >= this.#troubleUntil) {
      sandbox.faults.clear();
      this.#troubleUntil = Number.POSITIVE_INFINITY;
    }
    if (perDay === 0 || clock.now() < this.#nextHappening) return;
    this.#nextHappening = clock.now() + (2 * this.#random() * DAY) / perDay;
    const [who, other] = [this.#number(people * 3), this.#number(people * 3)];
    happen(this.town, { what: this.#pick(HAPPENINGS), who, other, flag: this.#random() < 0.5 }, this.#names);
    this.count.happenings++;
    this.#notice();
  }

  async #night(): Promise<void> {
    if (this.#random() * 100 < this.#options.troubles) this.#trouble();
    const told = await this.#run({ full: this.#full });
    this.#full = false;
    if (told === 'killed') {
      this.count.killed++;
      throw new Gone();
    }
    if (told.outcome !== 'done' || this.#random() > 0.1) return;
    this.count.again++;
    const again = await this.#run({});
    if (again === 'killed' || again.outcome !== 'done') return;
    if (again.writes > 0) this.faults.push(`${this.#today()}: a run right after another one wrote`);
  }

  #trouble(): void {
    const { kind, fault, hours } = troubleOf(this.#random);
    this.count.troubles++;
    if (kind === 'killed') this.#fuse = new Fuse(1 + this.#number(160));
    if (kind === 'off for a week') this.#isOff = true;
    if (kind === 'everybody is read') this.#full = true;
    if (!fault) return;
    this.town.sandbox.faults.add(fault);
    this.#troubleUntil = this.town.clock.now() + hours * HOUR;
  }

  /** Looked at after each happening: what comes and goes within a day counts. */
  #notice(): void {
    if (!this.#settled) return;
    for (const address of changed(this.#settled, peopleOf(this.town))) this.#touched.add(address);
  }

  async #run(options: Partial<SyncOptions>): Promise<NightTold | 'killed'> {
    const { town, nights } = this;
    const evening = peopleOf(town);
    this.#notice();
    const agreed = town.store((store) => new Map([...evening.keys()].map((of) => [of, store.agreement(of)])));
    const fuse = this.#fuse;
    this.#fuse = null;
    const report = fuse ? await nightWith(town, fuse, options) : await town.night(options);
    const morning = peopleOf(town);
    const isDone = report !== 'killed' && report.outcome === 'done';
    const listed = town.store((store) => new Map([...differences(store)].map(({ person, cause }) => [person, cause])));
    const found = judged({
      evening,
      morning,
      agreed,
      listed,
      isDone,
      touched: this.#settled && this.#touched,
    });
    this.faults.push(...found.map((words) => `${this.#today()}: ${words}`));
    if (report === 'killed') return 'killed';
    const full = report.reading ? report.reading.kind === 'full' : undefined;
    const told: NightTold = {
      outcome: report.outcome,
      calls: report.calls.salesforce + report.calls.activecampaign,
      writes: report.counts.writes,
      full,
      store: statSync(town.config.store).size,
    };
    nights.push(told);
    town.sandbox.requests.reset();
    if (isDone) {
      // What a short reading cannot see (a bounce on no list) the next full one may settle.
      if (full || !this.#settled) this.#touched.clear();
      this.#settled = morning;
    }
    return told;
  }

  #today(): string {
    return `seed ${this.#options.seed}, ${new Date(this.town.clock.now()).toISOString()}`;
  }
}
