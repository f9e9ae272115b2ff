import { insufficientAccess, notFound } from '../errors.ts';
import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import type { Part } from '../rest/dataapi.ts';
import { jsonBody } from '../rest/record-routes.ts';
import { select } from '../soql/query.ts';
import { recordWire, rowsWire } from '../soql/wire.ts';

/**
 * `/tooling`: queries over CustomField and FlexiPage, both by id with their Metadata, and new checkboxes. `FullName` and
 * `Metadata` are in the answer to a GET only. What a user may not see does not exist for them.
 */
export function toolingRoutes(org: Org): Part {
  const { setup } = org;
  const at = '/services/data/:version/tooling';
  const typeFor = (user: string, name: string): string => {
    if (!setup.tooling.types.includes(name) || setup.tooling.access.object(user, name) === 'hidden') throw notFound();
    setup.listFields();
    return name;
  };
  return (api) => {
    api.get(`${at}/query`, (c) => {
      setup.listFields();
      const { user } = c.get('session');
      const soql = c.req.query('q') ?? '';
      const found = select({ org: setup.tooling, user, soql, now: org.clock() });
      const records = rowsWire(found, 0, 2000, `${c.get('base')}/tooling`);
      return c.json({ size: records.length, totalSize: found.totalSize, done: true, queryLocator: null, records });
    });

    api.get(`${at}/sobjects/:type/:id`, (c) => {
      const type = typeFor(c.get('session').user, c.req.param('type'));
      const id = longId(c.req.param('id'));
      const row = setup.tooling.get(type, id);
      if (row === undefined) throw notFound();
      const table = setup.tooling.table(type);
      return c.json({
        ...recordWire({ table, paths: [] }, row, `${c.get('base')}/tooling`),
        ...row,
        ...setup.metadataOf(type, id),
      });
    });

    api.post(`${at}/sobjects/:type`, async (c) => {
      const { user } = c.get('session');
      const type = typeFor(user, c.req.param('type'));
      if (type !== 'CustomField') throw notFound();
      if (setup.tooling.access.object(user, type) !== 'edit') throw insufficientAccess();
      const id = setup.createField(await jsonBody(c));
      return c.json({ id, success: true, errors: [], warnings: [], infos: [] }, 201);
    });
  };
}
