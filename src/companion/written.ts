import { grouped } from './report-page/numbers.ts';

/** How many writes went which way. A run counts as it goes. */
export interface Written {
  /** Records set by Bulk 2.0 and by calls of REST. */
  readonly salesforce: { bulk: number; rest: number };
  /** Contacts unsubscribed by bulk import, and memberships one by one. */
  readonly activecampaign: { imported: number; single: number };
}

export function nothingWritten(): Written {
  return { salesforce: { bulk: 0, rest: 0 }, activecampaign: { imported: 0, single: 0 } };
}

/** How it was written, in sentences, where anything went by bulk. A run of an earlier version does not say. */
export function byBulk(written: Written | undefined): string[] {
  if (!written) return [];
  const { salesforce, activecampaign } = written;
  return [
    ...(salesforce.bulk === 0
      ? []
      : [`Salesforce: ${grouped(salesforce.bulk)} records by Bulk API 2.0${others(salesforce.rest, 'by REST')}.`]),
    ...(activecampaign.imported === 0
      ? []
      : [
          `ActiveCampaign: ${grouped(activecampaign.imported)} contacts by bulk import${others(activecampaign.single, 'memberships one by one')}.`,
        ]),
  ];
}

function others(count: number, how: string): string {
  return count === 0 ? '' : `, ${grouped(count)} ${how}`;
}
