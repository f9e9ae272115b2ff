import type { Change } from '../page-messages.ts';
import { say } from '../say.ts';

type Named = Pick<Change, 'name' | 'address' | 'record'>;

/** Whom an act is about in a word or two: the name, else the address, else the kind of record. */
export function whomSays({ name, address, record }: Named): string {
  return name ?? address ?? say(record.startsWith('00Q') ? 'popup_a_lead' : 'popup_a_contact');
}

/** The same as a link to the record's page, with the address where the name is known too. */
export function Whom(act: Named & Pick<Change, 'host'>) {
  const page = `https://${act.host.replace(/\.my\.salesforce\.com$/, '.lightning.force.com')}`;
  return (
    <>
      <a href={`${page}/lightning/r/${act.record}/view`} target="_blank" rel="noreferrer">
        {whomSays(act)}
      </a>
      {act.name && act.address && <span class="address">{act.address}</span>}
    </>
  );
}
