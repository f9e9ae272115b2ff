import type { Fault, Service } from '../../src/sandbox/faults.ts';
import type { Random } from '../../src/sandbox/random.ts';
import { UNSUBSCRIBES_REFUSED } from './town.ts';

/** What goes wrong with a night. */
export interface Trouble {
  readonly kind: (typeof KINDS)[number];
  /** What the services do then, and for how long. */
  readonly fault: Fault | undefined;
  readonly hours: number;
}

const KINDS = [
  'killed',
  'killed',
  'ActiveCampaign takes no change',
  'Salesforce takes no change',
  'a service is away',
  'too many requests',
  'replies are cut',
  'off for a week',
  'everybody is read',
] as const;

/** Some trouble. The schedule tries a night again each hour, so that one lasts for a try, a few, or all of them. */
export function troubleOf(random: Random): Trouble {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const kind = pick(KINDS);
  const when = pick(['before', 'after'] as const);
  const service = pick<Service>(['salesforce', 'activecampaign']);
  const skip = Math.floor(random() * 6);
  const faults: Partial<Record<Trouble['kind'], Fault>> = {
    'ActiveCampaign takes no change': { ...UNSUBSCRIBES_REFUSED, when },
    'Salesforce takes no change': { service: 'salesforce', method: 'PATCH', kind: 'status', status: 503, when },
    'a service is away': { service, kind: 'status', status: 503, skip },
    'too many requests': { service: 'activecampaign', kind: 'status', status: 429, times: 3, skip },
    'replies are cut': { service, kind: 'cut', times: 3, skip },
  };
  return { kind, fault: faults[kind], hours: pick([1, 1, 3, 9]) };
}
