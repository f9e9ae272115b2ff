import { askTogether, OBJECTS, type PersonObject, type Questions, type Salesforce } from '../salesforce/salesforce.ts';
import { checkObject } from './check.ts';
import type { Config } from './config.ts';
import type { Store } from './store.ts';

/** Whether both objects may be read and written: asked once in a run, alone or along with what is read. */
export class ObjectsCheck {
  readonly #config: Config;
  readonly #salesforce: Salesforce;
  readonly #store: Store;
  #done = false;

  constructor(config: Config, salesforce: Salesforce, store: Store) {
    this.#config = config;
    this.#salesforce = salesforce;
    this.#store = store;
  }

  /** Which descriptions are still to be asked for. */
  get asks(): readonly PersonObject[] {
    return this.#done ? [] : OBJECTS;
  }

  /** Checks, unless that was done. Throws `Refused` naming the remedy. */
  async now(): Promise<void> {
    if (!this.#done) await this.by(await askTogether(this.#salesforce, { describe: OBJECTS }));
  }

  /** The same by answers that came along with others. */
  async by(answers: Questions): Promise<void> {
    if (this.#done) return;
    const groups: Partial<Record<PersonObject, boolean>> = {};
    for (const object of OBJECTS) groups[object] = (await checkObject(this.#config, answers, object)).groupable;
    this.#store.setMeta(GROUPS, groups);
    this.#done = true;
  }
}

const GROUPS = 'box-groups';

/**
 * Whether records can be counted by groups of the opt-out field, as was said when it was last described: one query then
 * does for two. On leads the standard field cannot be grouped (facts/salesforce.md section 1).
 */
export function countsByGroup(store: Store, object: PersonObject): boolean {
  return store.meta<Partial<Record<PersonObject, boolean>>>(GROUPS)?.[object] === true;
}
