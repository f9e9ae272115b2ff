import { describe, expect, test } from 'vitest';
import type { Answer, Request, Status } from '../../../src/extension/messages.ts';
import type { Asked } from '../../../src/extension/overlay/background.ts';
import { createOverlay } from '../../../src/extension/overlay/overlay.ts';
import { ABOUT, NOW, RECORD, STATUSES } from '../../e2e/statuses.ts';

const OTHER = '00Q000000000002AAA';
const about = (record: string, status: Status): Status => ({ ...status, record });
const yes = (status: Status): Answer => ({ ok: true, status });

/** An overlay whose background answers when the test says so, and whose timers run when the test says so. */
function world() {
  const asked: Request[] = [];
  const answers: ((asked: Asked) => void)[] = [];
  const timers = new Map<() => void, number>();
  const overlay = createOverlay({
    background: {
      ask: (request) => {
        asked.push(request);
        return new Promise((resolve) => answers.push(resolve));
      },
      listen: () => {},
    },
    now: () => NOW,
    later: (task, milliseconds) => {
      timers.set(task, milliseconds);
      return () => timers.delete(task);
    },
    changed: () => {},
  });
  return {
    overlay,
    asked,
    timers,
    /** Answers the oldest open question. */
    async answer(answer: Asked) {
      answers.shift()?.(answer);
      await new Promise((resolve) => setImmediate(resolve));
    },
    run() {
      for (const task of [...timers.keys()]) {
        timers.delete(task);
        task();
      }
    },
  };
}

describe('following the record', () => {
  test('it asks about a new record once, and about none for no record', () => {
    const { overlay, asked } = world();
    overlay.show(RECORD);
    overlay.show(RECORD);
    overlay.show(null);
    expect(asked).toEqual([{ kind: 'status', record: RECORD, fresh: false }]);
    expect(overlay.model.record).toBeNull();
  });

  test('an answer and a push about another record are dropped', async () => {
    const { overlay, answer } = world();
    overlay.show(RECORD);
    overlay.show(OTHER);
    await answer(yes(STATUSES.subscribed));
    expect(overlay.model.status).toBeNull();
    overlay.take(STATUSES['opted-out']);
    expect(overlay.model.status).toBeNull();
    await answer(yes(about(OTHER, STATUSES.differs)));
    expect(overlay.model.status?.state).toBe('differs');
  });

  test('an address with 15 characters takes the answer about the same record with 18', async () => {
    const { overlay, answer } = world();
    overlay.show(RECORD.slice(0, 15));
    await answer(yes(STATUSES.subscribed));
    expect(overlay.model.status?.record).toBe(RECORD);
  });

  test('another record closes the panel, so that a click meant for one person never reaches another', async () => {
    const { overlay, answer } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES.subscribed));
    overlay.turn(true);
    overlay.show(OTHER);
    expect(overlay.model).toMatchObject({ open: false, status: null });
  });

  test('reading again does not take away what is known', async () => {
    const { overlay, answer } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES.pending));
    overlay.take(STATUSES.loading);
    expect(overlay.model.status?.state).toBe('pending');
  });
});

describe('acting', () => {
  test('an opt-out is asked for once, however often it is pressed', async () => {
    const { overlay, asked, answer } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES.subscribed));
    void overlay.act({ kind: 'opt-out' });
    void overlay.act({ kind: 'opt-out' });
    expect(asked.slice(1)).toEqual([{ kind: 'opt-out', record: RECORD }]);
    expect(overlay.model.busy).toBe('opt-out');
    await answer(yes(STATUSES.pending));
    expect(overlay.model).toMatchObject({ busy: null, status: { state: 'pending' } });
  });

  test('a refusal is kept to be said, until the next act', async () => {
    const { overlay, answer } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES.subscribed));
    void overlay.act({ kind: 'opt-out' });
    await answer({ ok: false, refused: 'the tab shows another record' });
    expect(overlay.model).toMatchObject({ busy: null, refused: 'the tab shows another record' });
    void overlay.act({ kind: 'opt-out' });
    expect(overlay.model.refused).toBeNull();
  });

  test('nothing is asked once the extension is gone', async () => {
    const { overlay, asked, answer } = world();
    overlay.show(RECORD);
    await answer({ ok: false, refused: '', gone: true });
    void overlay.act({ kind: 'opt-out' });
    void overlay.read(true);
    expect(overlay.model.gone).toBe(true);
    expect(asked).toHaveLength(1);
  });
});

describe('what the panel tells beyond the status', () => {
  test('is asked for once for every reading, and again a while after silence', async () => {
    const { overlay, asked, answer, run } = world();
    overlay.show(RECORD);
    // Nothing led to her memberships that has a name.
    const plain = { ...STATUSES.subscribed, lists: STATUSES.subscribed.lists.slice(1, 2) };
    await answer(yes(plain));
    overlay.look();
    overlay.look();
    await answer({ ok: true, status: null, about: ABOUT.nothing });
    overlay.look();
    expect(overlay.model.about).toEqual(ABOUT.nothing);
    overlay.take({ ...plain, readAt: new Date(NOW).toISOString() });
    overlay.look();
    await answer({ ok: false, refused: '' });
    overlay.look();
    expect(asked).toHaveLength(3);
    run();
    overlay.look();
    expect(asked.slice(1).map(({ kind }) => kind)).toEqual(['about', 'about', 'about']);
  });

  test('names are asked for beside it, and come when they come', async () => {
    const { overlay, asked, answer } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES.subscribed));
    overlay.look();
    expect(asked.slice(1).map(({ kind }) => kind)).toEqual(['about', 'names']);
    expect(overlay.model.names).toEqual({});
    await answer({ ok: true, status: null, about: ABOUT.nothing });
    await answer({ ok: true, status: null, names: { 'campaign 7': 'Spring offer' } });
    expect(overlay.model.names).toEqual({ 'campaign 7': 'Spring offer' });
    overlay.show(OTHER);
    expect(overlay.model.names).toEqual({});
  });

  test('goes with the record', async () => {
    const { overlay, answer } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES.subscribed));
    overlay.look();
    overlay.show(OTHER);
    await answer({ ok: true, status: null, about: ABOUT.clicked });
    expect(overlay.model.about).toBeNull();
  });
});

describe('not being answered', () => {
  test('silence is "unavailable", with a next try; afterwards the answer is taken', async () => {
    const { overlay, timers, answer, run } = world();
    overlay.show(RECORD);
    await answer({ ok: false, refused: 'Could not establish connection.' });
    expect(overlay.model.status).toMatchObject({
      state: 'unavailable',
      optedOut: false,
      problem: { service: 'optbridge', kind: 'unreachable', words: '' },
    });
    expect(timers.size).toBe(1);
    run();
    await answer(yes(STATUSES.subscribed));
    expect(overlay.model.status?.state).toBe('subscribed');
    expect(timers.size).toBe(0);
  });

  test.each([-120_000, 3 * 3_600_000])(
    'what was read %i ms from now is read again when somebody comes back: the clock may have been put back',
    async (from) => {
      const { overlay, asked, answer } = world();
      overlay.show(RECORD);
      await answer(yes({ ...STATUSES.subscribed, readAt: new Date(NOW + from).toISOString() }));
      asked.length = 0;
      overlay.comeBack();
      expect(asked).toEqual([{ kind: 'status', record: RECORD, fresh: false }]);
    },
  );

  test('silence does not take away what is known, and says that it is old', async () => {
    const { overlay, answer } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES['opted-out']));
    void overlay.read(true);
    await answer({ ok: false, refused: '' });
    expect(overlay.model.status).toMatchObject({
      state: 'opted-out',
      optedOut: true,
      problem: { service: 'optbridge' },
    });
  });

  test('silence while a click waits is asked about soon, and does not claim that the click is tried again at that moment', async () => {
    const waiting = STATUSES.pending.pending;
    if (!waiting) throw new Error('nothing waits');
    const at = (ms: number) => new Date(NOW + ms).toISOString();
    for (const [due, said] of [
      [-1_000, 5_000],
      [25 * 60_000, 25 * 60_000],
    ] as const) {
      const { overlay, timers, answer } = world();
      overlay.show(RECORD);
      await answer(yes({ ...STATUSES.pending, pending: { ...waiting, retryAt: at(due) } }));
      void overlay.read(true);
      await answer({ ok: false, refused: '' });
      expect(overlay.model.status).toMatchObject({ state: 'pending', pending: { retryAt: at(said) } });
      expect([...timers.values()]).toEqual([7_000]);
    }
  });

  test.each([
    ['loading', 5_000],
    ['pending', 42_000],
    ['unavailable', 10_000],
  ] as const)('%s is asked again by itself, since the worker may have died', async (name, wait) => {
    const { overlay, asked, timers, answer, run } = world();
    overlay.show(RECORD);
    await answer(yes(STATUSES[name]));
    expect([...timers.values()]).toEqual([wait]);
    run();
    expect(asked.at(-1)).toEqual({ kind: 'status', record: RECORD, fresh: false });
  });

  test.each(['subscribed', 'opted-out', 'no-email', 'signed-out', 'not-configured'] as const)(
    '%s waits for a push or a person',
    async (name) => {
      const { overlay, timers, answer } = world();
      overlay.show(RECORD);
      await answer(yes(STATUSES[name]));
      expect(timers.size).toBe(0);
    },
  );
});
