import { describe, expect, it } from 'vitest';
import { type Decision, decide } from '../../src/consent/decide.ts';
import { EXPECTED } from './cells.expected.ts';
import { AGREEMENTS, everyCell, factsOf, POLICY } from './cells.ts';

/** A decision in the words of the expected table. */
function inWords(decision: Decision): string {
  const writes = [
    decision.set.length > 0 && `set ${decision.set.length}`,
    decision.clear.length > 0 && `clear ${decision.clear.length}`,
    decision.unsubscribe.length > 0 && `unsubscribe ${decision.unsubscribe.length}`,
  ].filter(Boolean);
  const next = typeof decision.next === 'object' ? `out by ${decision.next.out}` : decision.next;
  const reason = `${decision.reason ?? 'no code'}${decision.conflict ? ' (conflict)' : ''}`;
  return `${reason}: ${writes.join(', ') || 'nothing'}; ${next}`;
}

describe('every cell of agreement x Salesforce x ActiveCampaign', () => {
  for (const cell of everyCell()) {
    const { agreement, salesforce, ac, qualified } = cell;
    const expected = EXPECTED[agreement][salesforce][ac];
    const sentence = typeof expected === 'string' ? expected : expected[qualified ? 0 : 1];
    it(`agreement ${agreement}, Salesforce ${salesforce}, AC ${ac}${qualified ? '' : ', not qualified'}: ${sentence}`, () => {
      expect(inWords(decide(factsOf(cell), AGREEMENTS[agreement], POLICY))).toBe(sentence);
    });
    it(`agreement ${agreement}, Salesforce ${salesforce}, AC ${ac}${qualified ? '' : ', not qualified'}, but not wholly read: nothing`, () => {
      const facts = { ...factsOf(cell), unknown: 'the memberships were cut' };
      expect(inWords(decide(facts, AGREEMENTS[agreement], POLICY))).toBe('unknown: nothing; kept');
    });
  }
});
