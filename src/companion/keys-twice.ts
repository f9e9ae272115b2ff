/** A text, a bracket, a colon or a comma: what tells where a key stands. Numbers and words do not. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Open {
  /** The path of this object or array. */
  readonly path: string;
  /** The keys that it had so far; null for an array. */
  readonly keys: Set<string> | null;
  /** The key, or the place in an array, whose value comes next. */
  at: string;
}

/**
 * The paths of keys that stand twice in the same object, such as `activecampaign.key`, each once: JSON.parse takes the last
 * of them and says nothing.
 * @param text what JSON.parse has read without an error
 */
export function keysTwice(text: string): string[] {
  const twice = new Set<string>();
  const open: Open[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const inner = open.at(-1);
    if (token === '{' || token === '[') {
      const path = inner === undefined ? '' : pathOf(inner);
      open.push(token === '{' ? { path, keys: new Set(), at: '' } : { path, keys: null, at: '0' });
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && inner?.keys) {
      inner.at = String(JSON.parse(last));
      if (inner.keys.has(inner.at)) twice.add(pathOf(inner));
      inner.keys.add(inner.at);
    } else if (token === ',' && inner?.keys === null) inner.at = String(Number(inner.at) + 1);
    last = token;
  }
  return [...twice];
}

function pathOf({ path, keys, at }: Open): string {
  if (keys === null) return `${path}[${at}]`;
  return path === '' ? at : `${path}.${at}`;
}
