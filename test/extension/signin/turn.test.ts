import { expect, test } from 'vitest';
import { inTurn } from '../../../src/extension/signin/turn.ts';

const { locks } = navigator;
const patience = () => new AbortController();

/** A sign-in that is in its window until the test ends it, or until it is given up. */
function page(other = patience()) {
  const control = new AbortController();
  const window = Promise.withResolvers<string>();
  const opened = Promise.withResolvers<void>();
  const came = inTurn(locks, control, other.signal, () => {
    opened.resolve();
    return window.promise;
  });
  came.catch(() => undefined);
  return { control, window, opened: opened.promise, came, patience: other };
}

test('a page that begins gives up the one under way, and has no window before that one’s is closed', async () => {
  const first = page();
  await first.opened;
  const aborted = new Promise((done) => first.control.signal.addEventListener('abort', done));
  const second = page();
  await aborted;
  const order: string[] = [];
  void second.opened.then(() => order.push('second opens'));
  order.push('first closes');
  first.window.reject(new Error('closed'));
  await expect(first.came).rejects.toThrow('closed');
  await second.opened;
  expect(order).toEqual(['first closes', 'second opens']);
  second.window.resolve('code');
  expect(await second.came).toBe('code');
  expect(second.control.signal.aborted).toBe(false);
});

test('one that has its answer is given up by nobody', async () => {
  const first = page();
  await first.opened;
  first.window.resolve('code');
  expect(await first.came).toBe('code');
  const second = page();
  await second.opened;
  second.window.resolve('other');
  expect(await second.came).toBe('other');
  expect(first.control.signal.aborted).toBe(false);
});

test('one that does not end is not waited for for ever', async () => {
  const first = page();
  await first.opened;
  const second = page();
  second.patience.abort();
  await second.opened;
  second.window.resolve('code');
  expect(await second.came).toBe('code');
  first.window.reject(new Error('closed'));
});

test('one that was given up while it waited opens no window', async () => {
  const first = page();
  await first.opened;
  const second = page();
  const third = page();
  await new Promise((done) => second.control.signal.addEventListener('abort', done));
  first.window.reject(new Error('closed'));
  await expect(second.came).rejects.toThrow(/abort/i);
  await third.opened;
  third.window.resolve('code');
  expect(await third.came).toBe('code');
});
