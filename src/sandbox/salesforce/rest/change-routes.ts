import type { Context } from 'hono';
import { SalesforceError } from '../errors.ts';
import type { Org } from '../org.ts';
import { jsonDate } from '../values.ts';
import { type DataEnv, type Part, visibleType } from './dataapi.ts';

const DAY = 86_400_000;

const refused = (message: string): SalesforceError => new SalesforceError(400, 'INVALID_REPLICATION_DATE', message);

/** Whole minutes; seconds do not count here. */
const minute = (at: number): number => Math.floor(at / 60_000) * 60_000;

/**
 * What was changed or deleted between two dates. `latestDateCovered` may lie before `end`, since transactions may be
 * under way: the next start (facts/salesforce.md section 2).
 */
export function changeRoutes(org: Org): Part {
  const span = (c: Context<DataEnv>, days: number): { start: number; end: number; covered: number } => {
    const start = minute(Date.parse(c.req.query('start') ?? ''));
    const end = minute(Date.parse(c.req.query('end') ?? ''));
    if (Number.isNaN(start) || Number.isNaN(end)) throw refused('startDate and endDate must be dates');
    if (start >= end) throw refused('startDate should be earlier than endDate');
    if (org.clock() - start > days * DAY) throw refused(`startDate cannot be more than ${days} days ago`);
    return { start, end, covered: minute(Math.min(end, org.clock() - org.replicationLag)) };
  };

  return (api) => {
    api.get('/services/data/:version/sobjects/:type/updated', (c) => {
      const type = visibleType(org, c.get('session'), c.req.param('type'));
      const { start, covered } = span(c, 30);
      const rows = org
        .all(type)
        .filter((row) => Number(row.SystemModstamp) >= start && Number(row.SystemModstamp) < covered);
      return c.json({ ids: rows.map((row) => row.Id), latestDateCovered: jsonDate(covered) });
    });

    api.get('/services/data/:version/sobjects/:type/deleted', (c) => {
      const type = visibleType(org, c.get('session'), c.req.param('type'));
      const { start, covered } = span(c, 15);
      const gone = org.all(type, true).flatMap((row) => {
        const at = org.deletedAt(String(row.Id));
        return at === undefined || at < start || at >= covered ? [] : [{ id: row.Id, deletedDate: jsonDate(at) }];
      });
      return c.json({
        deletedRecords: gone,
        earliestDateAvailable: jsonDate(minute(org.clock() - 15 * DAY)),
        latestDateCovered: jsonDate(covered),
      });
    });
  };
}
