import { allOf } from './all-of.ts';
import { signedIn } from './check.ts';
import type { FullReason, RecordsRead } from './continuity.ts';
import type { Progress } from './progress.ts';
import { type BegunContacts, type ContactsSide, readContacts } from './read-contacts.ts';
import { readSalesforce, type SalesforceSide } from './read-salesforce.ts';
import { Stopped } from './stopped.ts';

/**
 * Reads both services at the same time: neither waits for the other's replies. Salesforce is entered in the store once
 * both are read. When one cannot be read the other is read no further, and what the first failed with is what happened.
 * @param why everybody is to be read; null where less may do
 */
export async function readBoth(
  activecampaign: ContactsSide,
  salesforce: SalesforceSide,
  why: FullReason | null,
): Promise<readonly [BegunContacts, RecordsRead]> {
  const failed = new FirstFailure();
  const ending = <S extends { readonly progress: Progress }>(side: S): S => ({
    ...side,
    progress: (...said: Parameters<Progress>) => {
      side.progress(...said);
      // What the other side failed with is not this side's to understand.
      if (failed.happened) throw new Stopped();
    },
  });
  const contacts = () => readContacts(ending(activecampaign), why === null);
  const [begun, enter] = await allOf([
    failed.of(signedIn('ActiveCampaign', 'activecampaign.key', contacts)),
    failed.of(readSalesforce(ending(salesforce), why)),
  ]);
  return [begun, enter()];
}

/** What the first of several pieces of work that are under way at once failed with: the others end with it, too. */
class FirstFailure {
  #failure: { readonly error: unknown } | undefined;

  get happened(): boolean {
    return this.#failure !== undefined;
  }

  /** The work; where another has failed before, it rejects as that one did. */
  async of<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#failure ??= { error };
      throw this.#failure.error;
    }
  }
}
