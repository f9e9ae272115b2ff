/** The environment variables that a configuration file takes secrets from, each once, in the order of the file. */
export function secretNames(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const names = new Set<string>();
  collect(value, names);
  return [...names];
}

function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const inner = Object.entries(value);
  const [only] = inner;
  if (inner.length === 1 && only?.[0] === 'env' && typeof only[1] === 'string') names.add(only[1].trim());
  for (const [, next] of inner) collect(next, names);
}
