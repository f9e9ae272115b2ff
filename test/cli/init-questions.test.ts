import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createQuestions } from '../../src/cli/init/questions.ts';

describe('at a terminal', () => {
  function terminal() {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    let screen = '';
    const questions = createQuestions(input, (text) => {
      screen += text;
    });
    return { input, questions, screen: () => screen };
  }

  it('what is typed is shown, but for a secret', async () => {
    const { input, questions, screen } = terminal();
    const name = questions.ask('Name');
    input.write('ann\r');
    expect(await name).toBe('ann');
    const secret = questions.ask('Secret', { secret: true });
    input.write('hush-hush\r');
    expect(await secret).toBe('hush-hush');
    const after = questions.ask('Town', { fallback: 'Ghent' });
    // The up arrow brings back what was typed before, where there is a history.
    input.write('\u001b[A\r');
    expect(await after).toBe('Ghent');
    questions.close();
    expect(screen()).toContain('ann');
    expect(screen()).toContain('Secret: ');
    expect(screen()).toContain('Town [Ghent]: ');
    expect(screen()).not.toContain('hush');
  });

  it('Ctrl-C and Ctrl-D stop it', async () => {
    for (const key of ['\u0003', '\u0004']) {
      const { input, questions } = terminal();
      const answer = questions.ask('Name');
      input.write(key);
      await expect(answer).rejects.toThrow('stopped. Nothing was written.');
    }
  });
});
