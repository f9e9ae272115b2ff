import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../long.ts';
import { type Event, type History, histories, Play } from './histories.ts';

/** Reps at two browsers, people, and the companion at night, on the same services. */

const said = ({ what, whom, rep, list, number }: Event) => `${what} (p${whom}, rep ${rep}, ${list}, ${number})`;

async function plays(history: History): Promise<void> {
  const play = new Play(history);
  const { here, words, people } = play;
  try {
    let looked = 0;
    const wrongs: string[] = [];
    const look = (after: string) => {
      const changes = here.changes.slice(looked);
      for (const [index, change] of changes.entries()) {
        const wrong = words.wrong(change);
        // What is on its way when somebody says no cannot be held back: the night has to take it back itself.
        const takenBack = changes
          .slice(index + 1)
          .some(({ by, id, is }) => by === 'night' && id === change.id && is === true);
        if (wrong && !takenBack) wrongs.push(`after ${after}: ${wrong}`);
      }
      looked = here.changes.length;
    };
    for (const event of history.events) {
      await play.happens(event);
      look(said(event));
    }
    await play.settles();
    look('all was delivered');
    const before = here.writes().length;
    await here.night();
    for (const write of here.writes().slice(before)) wrongs.push(`a quiet night writes: ${write}`);
    for (const { email, ac } of people)
      for (const broken of await words.broken(email, ac)) wrongs.push(`${email}: ${broken}`);
    expect(wrongs).toEqual([]);
  } finally {
    play.dispose();
  }
}

test('whatever reps click and nights do, the last word about a person holds on both sides, and nobody is let in against it', async () => {
  await fc.assert(fc.asyncProperty(histories(16), plays), random(24, 1000));
});
