import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { Town } from '../companion/town.ts';
import { Browser } from './browser.ts';

export const CUSTOM = 'Sales_Opt_Out__c';

export interface OfficeOptions {
  /** The admin's own checkbox is in use. */
  readonly custom?: boolean;
  /** Salesforce tracks the history of the field. */
  readonly history?: boolean;
}

type Send = Sandbox['fetch'];

/** Who wrote: the nightly run, or a browser by its number. */
export type Writer = 'night' | number;

/** One row of either service that a request changed. */
export interface Change {
  readonly by: Writer;
  /** Record or membership. */
  readonly id: string;
  readonly address: string;
  /** The list of a membership; undefined for a box. */
  readonly list: string | undefined;
  readonly was: boolean | number | undefined;
  readonly is: boolean | number | undefined;
  readonly at: number;
}

/** A town where two reps work at their browsers by day, on the very services that the companion works on at night. */
export class Office extends Town {
  readonly reps: readonly [Browser, Browser];
  /** What requests changed, of either. Requests are served one at a time, so that each change has one writer. */
  readonly changes: Change[] = [];
  /** Called before each request of the night, with its number from 1 and its method. */
  duringNight: (number: number, method: string | undefined) => Promise<void> = async () => undefined;
  #requests = 0;
  #over = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ custom = false, history = false }: OfficeOptions = {}) {
    super();
    const { org } = this.sandbox;
    if (custom) {
      for (const type of ['Contact', 'Lead']) org.addField(type, CUSTOM);
      this.field = CUSTOM;
      this.config = this.configured({ salesforce: { optOutField: CUSTOM }, activecampaign: { lists: 'all' } });
    }
    if (history) for (const type of ['Contact', 'Lead']) org.track(type, this.field);
    const rep = (username: string, number: number) => {
      const settings = custom ? { optOutField: CUSTOM, lists: 'all' } : {};
      const send: Send = (...request) => this.#serve(number, request);
      return new Browser(username, this.sandbox, send, () => this.clock.now(), settings);
    };
    this.reps = [rep(CREDENTIALS.salesforce.repUsername, 0), rep('sam.seller@acme.example', 1)];
  }

  override async carry(...request: Parameters<Send>): Promise<Response> {
    if (this.#over) return new Promise<never>(() => undefined);
    await this.duringNight(++this.#requests, request[1]?.method);
    return this.#serve('night', request);
  }

  override async night(...how: Parameters<Town['night']>): ReturnType<Town['night']> {
    this.#requests = 0;
    this.#over = false;
    return super.night(...how);
  }

  /** A night was killed: what it has sent arrives, and what of it still runs in this process sends nothing more. */
  async endNight(): Promise<void> {
    this.#over = true;
    for (let turn = 0; turn < 20; turn++) await Promise.all([this.#turn, new Promise(setImmediate)]);
  }

  /** Every box and every membership, by id. */
  rows(): Map<string, Pick<Change, 'address' | 'list'> & { readonly value: boolean | number }> {
    const { org, account } = this.sandbox;
    const rows: ReturnType<Office['rows']> = new Map();
    for (const type of ['Contact', 'Lead'])
      for (const row of org.all(type))
        if (row.IsConverted !== true)
          rows.set(String(row.Id), {
            address: String(row.Email).toLowerCase(),
            list: undefined,
            value: row[this.field] === true,
          });
    for (const contact of account.contacts)
      for (const { id, list, status } of contact.memberships.values())
        rows.set(`m${id}`, { address: contact.email.toLowerCase(), list, value: status });
    return rows;
  }

  async #serve(by: Writer, request: Parameters<Send>): Promise<Response> {
    const serve = async () => {
      if (request[1]?.method === 'GET') return this.sandbox.fetch(...request);
      const before = this.rows();
      try {
        return await this.sandbox.fetch(...request);
      } finally {
        for (const [id, { address, list, value }] of this.rows()) {
          const was = before.get(id)?.value;
          if (was !== value) this.changes.push({ by, id, address, list, was, is: value, at: this.clock.now() });
        }
      }
    };
    const turn = this.#turn.then(serve);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
