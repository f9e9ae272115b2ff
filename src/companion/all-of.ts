/**
 * What several pieces of work come to that are under way at once. Waits for all, so that nothing goes on behind a run
 * that has ended; rejects with what the first of them, in the order in which they are given, rejected with.
 */
export async function allOf<T extends readonly unknown[]>(
  work: { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  await Promise.allSettled(work);
  const results: unknown[] = [];
  for (const each of work) results.push(await each);
  return results as unknown as T;
}
