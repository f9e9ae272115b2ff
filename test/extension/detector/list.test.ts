import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const LIST = '/lightning/o/Contact/list';
const sendMessage = vi.fn(async (_: object): Promise<unknown> => undefined);
const asked = () => sendMessage.mock.calls.map(([message]) => message);

/** The detector in a document that shows a list, in a browser that tells of navigations, or in one that does not. */
async function detect(tells: boolean): Promise<void> {
  const navigation = { addEventListener: () => undefined };
  vi.stubGlobal('window', { addEventListener: () => undefined, ...(tells && { navigation }) });
  vi.stubGlobal('navigation', navigation);
  vi.stubGlobal('location', { href: `https://acme.lightning.force.com${LIST}`, pathname: LIST });
  vi.stubGlobal('chrome', { runtime: { id: 'x', sendMessage } });
  vi.resetModules();
  await import('../../../src/extension/detector/index.ts');
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  sendMessage.mockReset();
  Reflect.deleteProperty(globalThis, 'optbridge');
});

test.each([true, false])(
  'the marks of a list are asked for again where the background is just being replaced (navigations are told: %s)',
  async (tells) => {
    sendMessage.mockRejectedValueOnce(new Error('Could not establish connection. Receiving end does not exist.'));
    await detect(tells);
    expect(asked()).toEqual([{ kind: 'list' }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked()).toEqual([{ kind: 'list' }, { kind: 'list' }]);
  },
);

test('where the browser does not tell of navigations, one is only one where the address has changed', async () => {
  await detect(false);
  const onMove = vi.fn();
  if (globalThis.optbridge) globalThis.optbridge.onMove = onMove;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(onMove).not.toHaveBeenCalled();
  Object.assign(location, { href: `${location.href}?filterName=Recent` });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(onMove).toHaveBeenCalledTimes(1);
});
