import type { Report } from '../../src/companion/report.ts';
import { Store } from '../../src/companion/store.ts';
import type { Surroundings, SyncOptions } from '../../src/companion/sync.ts';
import type { Town } from './town.ts';

/** Ends a run at any of its steps: before or after any call to a service, or any transaction of the store. */

class Killed extends Error {}

/** Counts the steps of a run and ends it at one of them. */
export class Fuse {
  steps = 0;
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
  step(): void {
    this.steps += 1;
    if (this.steps === this.at) throw new Killed();
  }
}

/** Ends a run at its first step after something has come to be so. */
export class Once extends Fuse {
  readonly #so: () => boolean;
  constructor(so: () => boolean) {
    super(1);
    this.#so = so;
  }
  override step(): void {
    if (this.#so()) super.step();
  }
}

/** Every method call on a client is a step before it and a step after it. */
function fused<T extends object>(client: T, fuse: Fuse): T {
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value === 'object' && value !== null && (key === 'bulk' || key === 'imports'))
        return fused(value, fuse);
      if (typeof value !== 'function') return value;
      return (...values: unknown[]) => {
        fuse.step();
        const result: unknown = Reflect.apply(value, target, values);
        if (!(result instanceof Promise)) return result;
        return result.then((answer: unknown) => {
          fuse.step();
          return answer;
        });
      };
    },
  });
}

function wired(surroundings: Surroundings, fuse: Fuse): Surroundings {
  return {
    ...surroundings,
    sleep: async (ms) => {
      fuse.step();
      await surroundings.sleep(ms);
    },
    salesforce: fused(surroundings.salesforce, fuse),
    activecampaign: fused(surroundings.activecampaign, fuse),
  };
}

/** Runs with the fuse also in every transaction of the store, before it begins and after it is durable. */
export async function nightWith(
  town: Town,
  fuse: Fuse,
  options: Partial<SyncOptions> = {},
  surroundings: Surroundings = town.surroundings(),
): Promise<Report | 'killed'> {
  const whole = Store.prototype.transaction;
  Store.prototype.transaction = function transaction<T>(this: Store, work: () => T): T {
    fuse.step();
    const result = whole.call(this, work) as T;
    fuse.step();
    return result;
  };
  try {
    return await town.night(options, wired(surroundings, fuse));
  } catch (error) {
    if (error instanceof Killed) return 'killed';
    throw error;
  } finally {
    Store.prototype.transaction = whole;
  }
}
