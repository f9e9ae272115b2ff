import { ServiceFailure, type ServiceName } from '../service/failure.ts';
import { notLetIn } from './not-let-in.ts';
import { theirWords } from './their-words.ts';

/** A service could not be read, and without it the command has nothing to say. */
export class Unreadable extends Error {}

/** What to do where a service does not answer at all. */
export function lookForIt(service: ServiceName): string {
  return `Look at the network here and at ${service}.url, then try again.`;
}

/** Does something that needs both services; a failure of one becomes an `Unreadable` that says which, and what to do. */
export async function readingServices<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    const { service, kind } = error.detail;
    const name = service === 'salesforce' ? 'Salesforce' : 'ActiveCampaign';
    const setting = service === 'salesforce' ? 'salesforce.auth' : 'activecampaign.key';
    if (kind === 'unreachable' && error.detail.status === undefined)
      throw new Unreadable(`${name} did not answer: ${theirWords(error)}. ${lookForIt(service)}`);
    throw new Unreadable(
      error.unpaid || kind === 'unauthorised' || kind === 'forbidden'
        ? notLetIn(name, setting, error)
        : `${name} failed: ${theirWords(error)}. Try again, or see optbridge doctor.`,
    );
  }
}
