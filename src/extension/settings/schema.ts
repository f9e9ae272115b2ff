import { CATALOGUE, SETTING_NAMES } from './catalogue.ts';

/** The schema of `storage.managed`, made from the catalogue; `public/managed_schema.json` is this and a test says so. */
export function managedSchema() {
  const properties = SETTING_NAMES.map((name) => {
    const { title, description } = CATALOGUE[name];
    return [name, { title, description, type: 'string' }] as const;
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}
