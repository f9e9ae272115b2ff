/** Whoever asks Salesforce for a sign-in now; another page that begins one takes it away. */
const TURN = 'optbridge-sign-in';
/** Held while the browser has a window, or is about to, for a sign-in. */
const WINDOW = 'optbridge-sign-in-window';

/**
 * Asks Salesforce in the place of any other page of this browser: that one is given up, and what it began is over before this
 * begins. Chrome refuses a second sign-in at once, and in Firefox, which gives all such windows one name (ext-identity.js), its
 * window would take the first one's place, so that what comes back is heard by neither.
 *
 * @param control aborted when another page takes the turn away
 * @param patience aborted when the other one need not be waited for any longer
 */
export async function inTurn<T>(
  locks: Pick<LockManager, 'request'>,
  control: AbortController,
  patience: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const over = Promise.withResolvers<void>();
  locks.request(TURN, { steal: true }, () => over.promise).catch(() => control.abort());
  let begun = false;
  const begin = async (): Promise<T> => {
    begun = true;
    control.signal.throwIfAborted();
    return work();
  };
  try {
    return (await locks.request(WINDOW, { signal: patience }, begin)) as T;
  } catch (cause) {
    if (begun) throw cause;
    return await begin();
  } finally {
    over.resolve();
  }
}
