import { beforeEach, describe, expect, test } from 'vitest';
import { createAsking } from '../../../src/extension/marks/asking.ts';
import { MARKS_PER_MESSAGE, type Marks } from '../../../src/extension/messages.ts';

type Answer = (marks: Marks | undefined | Error) => Promise<void>;

let questions: { readonly addresses: readonly string[]; readonly answer: Answer }[];
let timers: { readonly ms: number; readonly work: () => void }[];
let drawn: number;
let here: boolean;
let time: number;
let asking: ReturnType<typeof createAsking>;

beforeEach(() => {
  [questions, timers, drawn, here, time] = [[], [], 0, true, 0];
  asking = createAsking({
    send: (addresses) =>
      new Promise((resolve, reject) => {
        const answer: Answer = async (marks) => {
          if (marks instanceof Error) reject(marks);
          else resolve(marks);
          // Whatever follows from it has followed by the next turn of the event loop.
          await new Promise((done) => setImmediate(done));
        };
        questions.push({ addresses, answer });
      }),
    changed: () => drawn++,
    failed: () => here,
    now: () => time,
    later: (ms, work) => timers.push({ ms, work }),
  });
});

const said = (...addresses: readonly string[]): Marks => ({
  marks: Object.fromEntries(addresses.map((address) => [address, { salesforce: 'in', activecampaign: null }])),
  problem: null,
});

describe('marks are asked for', () => {
  test('once for each address, as many as go into a message, and again when they are old', async () => {
    const many = Array.from({ length: MARKS_PER_MESSAGE + 1 }, (_, n) => `p${n}@example.com`);
    asking.about([...many, ...many]);
    asking.about(many);
    expect(questions.map(({ addresses }) => addresses.length)).toEqual([MARKS_PER_MESSAGE]);
    await questions[0]?.answer(said(...many));
    expect(questions[1]?.addresses).toEqual([many.at(-1)]);
    await questions[1]?.answer(said(...many));
    asking.about(many);
    expect([questions.length, drawn]).toEqual([2, 2]);
    time = 60_001;
    asking.about(['p0@example.com']);
    expect(questions).toHaveLength(3);
  });

  test('not at once again where nobody answers, and never where the extension is gone', async () => {
    asking.about(['ann@example.com']);
    await questions[0]?.answer(new Error('the port was closed'));
    expect([questions.length, timers.length]).toEqual([1, 1]);
    expect(timers[0]?.ms).toBeGreaterThan(1_000);
    timers[0]?.work();
    here = false;
    await questions[1]?.answer(new Error('the port was closed'));
    expect([questions.length, timers.length]).toEqual([2, 1]);
  });

  test('anew after a navigation, also where an answer of before was on its way', async () => {
    asking.about(['ann@example.com']);
    asking.forget();
    await questions[0]?.answer(said('ann@example.com'));
    expect(asking.known('ann@example.com')).toBeUndefined();
    expect(questions[1]?.addresses).toEqual(['ann@example.com']);
    await questions[1]?.answer(said('ann@example.com'));
    expect(asking.known('ann@example.com')?.mark).toEqual({ salesforce: 'in', activecampaign: null });
  });

  test('a refusal is an answer: nothing is known, and nothing is asked until it is old', async () => {
    asking.about(['ann@example.com']);
    await questions[0]?.answer(undefined);
    asking.about(['ann@example.com']);
    expect([asking.known('ann@example.com')?.mark, questions.length]).toEqual([undefined, 1]);
  });
});
