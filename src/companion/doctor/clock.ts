import type { Finding } from './finding.ts';

/** A service so far ahead (s) may be wrong itself: agreements are dated by it, and never before the stamps they saw. */
const LATE = 3600;
const TOO_NEW =
  ' Or the service says a time that is not yet: then whoever subscribes again within that time is taken for out still, and their box stays set.';

/** What this machine's clock said before and after a question, and what the service's `Date` said in between (ms). */
export interface ClockFacts {
  readonly before: number;
  readonly after: number;
  readonly service: number | undefined;
}

/** `Date` is in whole seconds. */
const SECOND = 1000;
const NOTICEABLE = 60;
/** An assertion lives for 180 seconds, and Salesforce takes none that lives for more than 300 (src/salesforce/auth.ts). */
const TOO_FAR_AHEAD = 115;
const TOO_FAR_BEHIND = 175;

/**
 * How far this machine's clock is surely off, in seconds: above 0 when it is ahead, below 0 when it is behind, 0 when
 * the answer's own time on the way can explain the difference. Undefined when the service did not say.
 */
export function skewOf({ before, after, service }: ClockFacts): number | undefined {
  if (service === undefined) return undefined;
  if (before > service + SECOND) return Math.round((before - service - SECOND) / 1000);
  if (after < service) return -Math.round((service - after) / 1000);
  return 0;
}

/**
 * This machine's clock against one service's. It decides nothing about people (those times are the services' own); it
 * starts the schedule, names the runs, and dates the assertion of a `jwt` sign-in.
 */
export function clockFinding(name: string, facts: ClockFacts, dates: 'assertions' | 'nothing'): Finding {
  const place = { group: 'clock', check: `against ${name}` } as const;
  const skew = skewOf(facts);
  if (skew === undefined)
    return { ...place, status: 'unknown', words: 'The service did not say what time it is.', remedy: null };
  const apart = Math.abs(skew);
  if (apart <= NOTICEABLE)
    return { ...place, status: 'ok', words: apart < 2 ? 'The same.' : inWords(skew), remedy: null };
  const remedy = "Set this machine's clock, and let it be kept by NTP.";
  const refused = dates === 'assertions' && (skew > TOO_FAR_AHEAD || skew < -TOO_FAR_BEHIND);
  const why = refused ? ' Salesforce refuses a jwt sign-in that is dated so far off.' : skew < -LATE ? TOO_NEW : '';
  return { ...place, status: refused ? 'problem' : 'warning', words: `${inWords(skew)}${why}`, remedy };
}

function inWords(skew: number): string {
  const apart = Math.abs(skew);
  const amount = apart < 120 ? `${apart} seconds` : `${Math.round(apart / 60).toLocaleString('en')} minutes`;
  return `This machine is ${amount} ${skew > 0 ? 'ahead' : 'behind'}.`;
}
