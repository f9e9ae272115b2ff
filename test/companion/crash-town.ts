import { verifyAudit } from '../../src/companion/audit.ts';
import { BOX, HOUR, Town } from './town.ts';

/** A town with every kind of person in it, for runs that are killed, and all that such a run can leave behind. */

/** Everything that a run can change, in the order of the addresses. Times are left out: the killed run took longer. */
export function state(town: Town): unknown {
  const { org, account } = town.sandbox;
  const boxes = ['Contact', 'Lead'].flatMap((type) => org.all(type).map((row) => [row.Id, row[BOX]]));
  const rows = [...account.memberships.values()].map((row) => [row.contact, row.list, row.status]);
  return town.store((store) => ({
    boxes,
    rows,
    agreements: store.all('SELECT address, kind, cause, records, contact FROM agreements ORDER BY address'),
    open: store.intentions(),
    unsettled: store.all('SELECT record, address FROM vanished WHERE settled = 0'),
    // One that is settled and that no agreement knows any more is over, and swept up by the run after.
    moves: store.all(`
      SELECT id, was, address, how, settled FROM moves WHERE settled = 0 OR EXISTS (
        SELECT 1 FROM agreements a WHERE a.address = was AND (a.contact = id OR instr(a.records, '"' || id || '"') > 0))`),
    audit: store
      .all('SELECT address, side, target, was, now, reason FROM audit_entries')
      .map((row) => JSON.stringify(row))
      .sort(),
    chain: verifyAudit(store).brokenAt,
  }));
}

/** Two nights of life: everybody who can be settled one way or another. The same numbers make the same town. */
export async function livedIn(town = new Town()): Promise<Town> {
  const { account, org } = town.sandbox;
  // The night that is killed reads what has changed, and by list.
  town.cheaperShare = Number.POSITIVE_INFINITY;
  const again = town.plant('again', { contacts: [false], leads: [false], lists: { News: 2 } });
  const cleared = town.plant('cleared', { contacts: [false], lists: { News: 2 } });
  const gone = town.plant('gone', { contacts: [false, false], lists: { News: 1 } });
  town.plant('agreed', { contacts: [true], lists: { News: 2 } });
  const moved = town.plant('moved', { contacts: [false], lists: { News: 2 } });
  const away = town.plant('away', { contacts: [false], lists: { News: 1 } });
  const bare = town.plant('bare', { contacts: [false, false], lists: { News: 1 } });
  const ren = town.plant('ren', { contacts: [false], lists: { News: 1 } });
  await town.night();
  org.update('Contact', away.contacts[0] ?? '', { [BOX]: true, Email: 'away-to@example.com' });
  org.update('Contact', bare.contacts[0] ?? '', { [BOX]: true, Email: null });
  account.rename(ren.ac, 'ren-to@example.com');
  org.update('Contact', ren.contacts[0] ?? '', { [BOX]: true });
  account.subscribe(again.ac, town.list('News'), { by: 'contact' });
  org.update('Contact', cleared.contacts[0] ?? '', { [BOX]: false });
  org.update('Contact', gone.contacts[0] ?? '', { [BOX]: true });
  org.update('Contact', moved.contacts[0] ?? '', { [BOX]: false, Email: 'moved-to@example.com' });
  town.plant('moved-to', { lists: { News: 1 } });
  town.clock.advance(HOUR);
  org.remove('Contact', gone.contacts[0] ?? '');
  town.plant('boxed', { contacts: [true, false], leads: [false], lists: { News: 1, Offers: 1 } });
  town.plant('left', { contacts: [false], leads: [false], lists: { News: 2 } });
  town.plant('bounced', { contacts: [false, false], lists: { News: 1 }, hardBounced: true });
  town.plant('twin', { contacts: [true, false], lists: null });
  return town;
}

/** The reason of an audit row may differ after a kill: half of an opt-out looks like another rule's. */
export function withoutReasons(whole: unknown): unknown {
  return JSON.parse(JSON.stringify(whole).replaceAll(/,\\"reason\\":\\"[a-z-]+\\"/g, ''));
}
