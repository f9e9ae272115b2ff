import { PAGE } from '../activecampaign/contact-page.ts';
import { MOST_PEOPLE } from '../activecampaign/imports.ts';
import { COMPOSITE } from '../salesforce/composite.ts';
import { OBJECTS, QUERY_PAGE } from '../salesforce/salesforce.ts';
import type { Summary } from './ledger.ts';

/** For each object by Bulk 2.0: a job, one look at it, and its result. Writing has an upload and a closing besides. */
const BULK_READ = 3;
/** What has changed of both objects comes in one composite call, and so do their first pages. */
const TOGETHER = 1;
const BULK_WRITE = 5;

/**
 * The fewest calls that could have read and written what a run did: what is known before it is asked costs nothing here,
 * and every page and batch is full. Signing in, checking, looking for what has vanished and reading back are not in it.
 * Never more than the run used, where a reading found a cheaper way than this knows.
 */
export function fewestCalls({ calls, counts, reading, written }: Summary): Summary['calls'] {
  const pages = (rows: number, page: number) => Math.ceil(rows / page);
  const bulk = written ?? { salesforce: { bulk: 0, rest: 0 }, activecampaign: { imported: 0, single: 0 } };
  const everybody = Math.min(
    OBJECTS.length * BULK_READ,
    Math.max(TOGETHER, pages(counts.salesforceRecords, QUERY_PAGE)),
  );
  const salesforce =
    (reading?.kind === 'incremental' ? TOGETHER : everybody) +
    pages(bulk.salesforce.rest, COMPOSITE) +
    (bulk.salesforce.bulk > 0 ? BULK_WRITE : 0);
  const ac = reading?.activecampaign;
  const byList = ac?.kind === 'by-list' ? ac.comparison.calls?.some : undefined;
  const activecampaign =
    Math.min(byList ?? Number.POSITIVE_INFINITY, pages(counts.activecampaignContacts, PAGE)) +
    bulk.activecampaign.single +
    pages(bulk.activecampaign.imported, MOST_PEOPLE);
  return {
    salesforce: Math.min(calls.salesforce, salesforce),
    activecampaign: Math.min(calls.activecampaign, activecampaign),
  };
}
