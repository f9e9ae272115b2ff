import { ServiceFailure } from '../service/failure.ts';
import { type Patience, persist } from '../service/retry.ts';

/** Somebody's sign-in to an org. */
export interface SignIn {
  /** The access token to use; rejects when nobody is signed in. */
  readonly token: () => Promise<string>;
  /** Another token than the one that was refused as expired. Asked once per call at most. */
  readonly refused: (token: string) => Promise<string>;
}

/**
 * One call with the token in use, sent again as the retry policy allows, and once with another token where Salesforce says
 * that the first has expired: nothing else tells (facts/salesforce.md section 4). Rejects with the last failure.
 *
 * @param reads whether it may be sent again when nobody knows what became of it
 * @param send rejects with the failure that an error stands for
 */
export async function withToken<T>(
  { token, refused, ...patience }: SignIn & Patience,
  reads: boolean,
  send: (token: string) => Promise<T>,
): Promise<T> {
  let used = await token();
  let renewed = false;
  return persist(reads, patience, async () => {
    try {
      return await send(used);
    } catch (cause) {
      if (renewed || !(cause instanceof ServiceFailure) || cause.kind !== 'unauthorised') throw cause;
      renewed = true;
      used = await refused(used);
      return send(used);
    }
  });
}
