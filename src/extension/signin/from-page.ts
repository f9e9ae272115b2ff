import { longId } from '../../salesforce/salesforce.ts';
import type { Session } from '../background/session.ts';

/**
 * A sign-in that was asked for on a page. Signing in at the page's own host leads to the org that the host is for: where
 * the page's cookies name another one, they are not of this host alone, or the page is an old one.
 *
 * @param pageOrg id of the org that the page's cookies name, if they name one
 */
export function fromPage(session: Session, pageOrg: string | null): Session {
  const { organization } = session;
  const cookiesErr = !!pageOrg && !!organization && longId(pageOrg) !== longId(organization);
  return cookiesErr ? { ...session, cookiesErr } : session;
}
