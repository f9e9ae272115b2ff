import { expect, test } from 'vitest';
import { createGlance } from '../../../src/extension/background/glance.ts';

function glancing(answers: readonly (string | Error)[]) {
  let clock = 1_000_000;
  const asked: string[] = [];
  const glance = createGlance(
    async (name) => {
      asked.push(name);
      const answer = answers[asked.length - 1];
      if (typeof answer !== 'string') throw answer;
      return answer;
    },
    () => clock,
  );
  return { glance, asked, pass: (ms: number) => (clock += ms) };
}

test('what is asked for again within a moment, or at the same time, is asked once', async () => {
  const { glance, asked, pass } = glancing(['one', 'two']);
  expect(await Promise.all([glance.at('a'), glance.at('a')])).toEqual(['one', 'one']);
  pass(999);
  expect(await glance.at('a')).toBe('one');
  expect(await glance.at('b')).toBe('two');
  expect(asked).toEqual(['a', 'b']);
});

test('it is asked anew after a moment, when the clock was put back, and when it is said to have changed', async () => {
  const { glance, pass } = glancing(['one', 'two', 'three', 'four']);
  await glance.at('a');
  pass(1_000);
  expect(await glance.at('a')).toBe('two');
  pass(-5_000);
  expect(await glance.at('a')).toBe('three');
  glance.forget();
  expect(await glance.at('a')).toBe('four');
});

test('an error is nobody’s answer but of those who asked with it', async () => {
  const { glance } = glancing([new Error('no'), 'yes']);
  const both = await Promise.allSettled([glance.at('a'), glance.at('a')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await glance.at('a')).toBe('yes');
});
