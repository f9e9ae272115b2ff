import type { Policy } from '../consent/facts.ts';
import type { Store } from './store.ts';

/**
 * Whoever is out on both sides, just as was agreed on because somebody said no: one record with the box set and the one
 * contact of the agreement with its fingerprint, which a reading has of those only who are out and wholly known; and
 * nothing else is known of them. Of the rules only `agreed` can hold for them, and what would be remembered is remembered
 * already (docs/rules.md), whatever the settings say but for the lists in scope. In a quiet night that is nearly everybody
 * about whom there is something to decide.
 */
const AS_AGREED = `
  FROM agreements a CROSS JOIN reading.contacts c ON c.id = CAST(a.contact AS INTEGER)
  CROSS JOIN live r ON r.address = a.address
  WHERE a.kind = 'out' AND a.cause = 'opt-out' AND a.scope = (SELECT id FROM scopes WHERE lists = ?)
    AND c.address = a.address AND c.fingerprint = a.fingerprint AND CAST(c.id AS TEXT) = a.contact
    AND r.is_set = 1 AND a.records = json_array(r.id)
    AND NOT EXISTS (SELECT 1 FROM reading.contacts other WHERE other.address = a.address AND other.id <> c.id)
    AND NOT EXISTS (SELECT 1 FROM live other WHERE other.address = a.address AND other.id <> r.id)
    AND NOT EXISTS (SELECT 1 FROM vanished v WHERE v.address = a.address AND v.settled = 0)
    AND NOT EXISTS (SELECT 1 FROM moves m WHERE m.address = a.address AND m.settled = 0)
    AND NOT EXISTS (SELECT 1 FROM intentions i WHERE i.address = a.address)`;

/** The decision that the rules make about them. */
const AGREED = `
  '{"address":' || json_quote(a.address) || ',"reason":"agreed","records":' || a.records || ',"contact":' ||
    json_quote(a.contact) ||
    ',"set":[],"clear":[],"unsubscribe":[],"next":{"out":"opt-out"},"conflict":false}'`;

/**
 * Decides about all of them at once, in the caller's transaction and before anybody else is decided about: to take each
 * through the rules took a fifth of a quiet night's processor time. A test holds it against the rules.
 */
export function decideAsAgreed(store: Store, { lists }: Policy): void {
  store.run(
    `INSERT INTO reading.decided (address, reason, direction, decision, outcome)
     SELECT a.address, 'agreed', 'none', ${AGREED}, 'nothing' ${AS_AGREED} ORDER BY a.address`,
    JSON.stringify([...lists].sort()),
  );
}
