import { describe, expect, test } from 'vitest';
import type { Ask } from '../../src/extension/ask.ts';
import { tell } from '../../src/extension/tell.ts';

const NEWS = { kind: 'settings-changed' } as const;
const silence = () => new Promise<never>(() => undefined);

/** Tells a background that answers each try as the list says, and then goes on as it ended. */
async function told(answers: readonly ('took' | 'refused' | 'silent')[]) {
  const slept: number[] = [];
  let asked = 0;
  const ask: Ask = async (request) => {
    expect(request).toEqual(NEWS);
    const answer = answers[asked++] ?? answers.at(-1);
    if (answer === 'silent') return silence();
    return answer === 'took' ? { ok: true } : { ok: false, refused: '' };
  };
  // A turn of the loop later, so that whoever answers at all is heard first.
  const sleep = (ms: number) => {
    slept.push(ms);
    return new Promise((wake) => setImmediate(wake));
  };
  return { heard: await tell(ask, NEWS, sleep), asked, slept };
}

describe('telling the background of what was saved', () => {
  test('says it once where that is taken', async () => {
    expect(await told(['took'])).toMatchObject({ heard: true, asked: 1 });
  });

  test('says it again to a worker that is just being replaced', async () => {
    expect(await told(['refused', 'took'])).toMatchObject({ heard: true, asked: 2 });
  });

  test('does not wait for ever for one that never answers', async () => {
    const { heard, asked, slept } = await told(['silent', 'took']);
    expect([heard, asked]).toEqual([true, 2]);
    expect(slept).toContain(3_000);
  });

  test('says so where nobody takes it', async () => {
    expect(await told(['refused'])).toMatchObject({ heard: false, asked: 3 });
    expect(await told(['silent'])).toMatchObject({ heard: false, asked: 3 });
  });
});
