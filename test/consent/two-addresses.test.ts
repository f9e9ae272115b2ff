import { describe, expect, it } from 'vitest';
import type { AddressChange } from '../../src/consent/carry.ts';
import { often, progress } from '../long.ts';
import type { Fault } from './faults.ts';
import { copyOfPair, happenTo, type Where } from './two-addresses.ts';
import { KNOWN_AT } from './two-addresses-known.ts';
import { faultsOfPair, runPair } from './two-addresses-run.ts';
import { type FoundAt, searchAddresses, startPairs } from './two-addresses-search.ts';

/** As search.test.ts, for records and contacts whose address changes. `npm run test:long` goes to three events. */

/** Searches, and gives of each kind of fault that is not known the first, so the shortest. */
function hunt(addressChange: AddressChange, depth: number): string[] {
  const known = new Map<string, { times: number; shortest: string }>();
  const unknown = new Map<string, string>();
  const story = (found: FoundAt) => `${found.fault} at ${found.where}: ${found.history().join(' > ')}`;
  const { states, byDepth, steps } = searchAddresses(startPairs(addressChange), depth, (found) => {
    const entry = KNOWN_AT.find(({ matches }) => matches(found));
    if (entry) {
      const met = known.get(entry.name) ?? { times: 0, shortest: story(found) };
      met.times += 1;
      known.set(entry.name, met);
      return;
    }
    const kind = `${found.fault} at ${found.where}`;
    if (!unknown.has(kind)) unknown.set(kind, story(found));
  });
  process.stdout.write(
    `${states} states (${byDepth.join(' + ')}) in ${steps} steps: two addresses, ${depth} events, ${addressChange}\n`,
  );
  for (const [name, { times, shortest }] of known) progress(`${times} x ${name}: ${shortest}`);
  return [...unknown.values()];
}

describe('over every history of address changes, no run loses an opt-out, takes one back, ping-pongs or stirs a quiet world', () => {
  for (const addressChange of ['carry', 'leave'] as const)
    it(`${often(2, 3)} events, ${addressChange}`, { timeout: 3_600_000 }, () => {
      expect(hunt(addressChange, often(2, 3))).toEqual([]);
    });
});

describe('known faults at two addresses, each to be struck off the list once it is mended', () => {
  for (const { name, example } of KNOWN_AT)
    it(`${name}: ${example.fault}`, () => {
      const faults = faultsAfter(example);
      expect(faults).toContainEqual({ fault: example.fault, where: example.where });
    });

  function faultsAfter({ start, steps }: (typeof KNOWN_AT)[number]['example']): { fault: Fault; where: Where }[] {
    const from = startPairs('carry').find(({ name }) => name === start);
    if (!from) throw new Error(`no start ${start}`);
    const pair = copyOfPair(from.pair);
    for (const step of steps.slice(0, -1))
      if (typeof step === 'string') runPair(pair, step);
      else happenTo(pair, step);
    return faultsOfPair(pair, runPair(pair));
  }
});
