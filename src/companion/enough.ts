/** How long what was handed to a service is waited for, in milliseconds: before, and after the run is asked to stop. */
const LONGEST = 20 * 60_000;
const AFTER_STOP = 2 * 60_000;

/** Whether something was waited for long enough, by the milliseconds so far. */
export function enough(stopping: () => boolean): (waited: number) => boolean {
  let asked: number | undefined;
  return (waited) => {
    if (stopping()) asked ??= waited;
    return waited >= LONGEST || (asked !== undefined && waited - asked >= AFTER_STOP);
  };
}
