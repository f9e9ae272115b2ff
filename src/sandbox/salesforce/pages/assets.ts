import { readdirSync, readFileSync } from 'node:fs';

/** A file that the pages load. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

const HERE = new URL('./client/', import.meta.url);

/** Written in TypeScript like the rest; browsers get it without types, each module once. */
async function script(name: string): Promise<string> {
  const { transformWithOxc } = await import('vite');
  const { code } = await transformWithOxc(readFileSync(new URL(name, HERE), 'utf8'), name);
  return code;
}

const loaded = new Map<string, Promise<Asset>>();
const names = new Set(readdirSync(HERE));

/** A file of the pages by its name, such as `app.ts`; undefined where there is none. */
export function asset(name: string): Promise<Asset> | undefined {
  if (!names.has(name)) return undefined;
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const fresh = name.endsWith('.css')
    ? Promise.resolve({ type: 'text/css', body: readFileSync(new URL(name, HERE), 'utf8') })
    : script(name).then((body) => ({ type: 'text/javascript', body }));
  loaded.set(name, fresh);
  return fresh;
}
