import { describe, expect, it } from 'vitest';
import type { AddressChange } from '../../src/consent/carry.ts';
import { often } from '../long.ts';
import type { Fault } from './faults.ts';
import { sorting } from './sorted.ts';
import { copyOfPair, happenTo, type Where } from './two-addresses.ts';
import { KNOWN_AT } from './two-addresses-known.ts';
import { faultsOfPair, runPair } from './two-addresses-run.ts';
import { type FoundAt, searchAddresses, startPairs } from './two-addresses-search.ts';

/** As search.test.ts, for records and contacts whose address changes. `npm run test:long` goes to three events. */

/** Searches, and gives of each kind of fault that is not known the first, so the shortest. */
function hunt(addressChange: AddressChange, depth: number): string[] {
  const story = (found: FoundAt) => `${found.fault} at ${found.where}: ${found.history().join(' > ')}`;
  const sorted = sorting(KNOWN_AT, (found) => `${found.fault} at ${found.where}`, story);
  const { states, byDepth, steps } = searchAddresses(startPairs(addressChange), depth, sorted.meet);
  process.stdout.write(
    `${states} states (${byDepth.join(' + ')}) in ${steps} steps: two addresses, ${depth} events, ${addressChange}\n`,
  );
  return sorted.unknown();
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
