import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/companion/config.ts';

/** The README's table of settings against what is read of a configuration. */

const [, table = ''] =
  /\n\| setting \|.*\n\| --- \| --- \|\n((?:\|.*\n)+)/.exec(readFileSync('README.md', 'utf8')) ?? [];

/** `activecampaign.url`, `.key` and what stands in the second column of `salesforce.auth`. */
const documented = table.split('\n').flatMap((line) => {
  const [, names = '', words = ''] = line.split('|');
  let part = '';
  return [...names.matchAll(/`([\w.]+)`/g)].flatMap(([, name = '']) => {
    const path = name.startsWith('.') ? part + name : name;
    part = path.split('.').slice(0, -1).join('.');
    if (path !== 'salesforce.auth') return path;
    const inside = [...words.matchAll(/\(([^)]*)\)/g)].flatMap(([, list = '']) => [...list.matchAll(/`(\w+)`/g)]);
    return inside.map(([, member]) => `${path}.${member}`);
  });
});

/** The same configuration, which notes the path of everything that is read of it. */
function watched<T extends object>(value: T, path: string, seen: Set<string>): T {
  return new Proxy(value, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      const at = path === '' ? String(key) : `${path}.${String(key)}`;
      const isPart = typeof found === 'object' && found !== null && !Array.isArray(found);
      if (isPart) return watched(found, at, seen);
      if (typeof key === 'string') seen.add(at);
      return found;
    },
  });
}

const PARTS = { caps: {}, schedule: {}, nightly: {}, alerts: {}, report: {}, retention: {} };
const AUTHS = [
  { kind: 'client-credentials', clientId: 'id', clientSecret: 'secret' },
  { kind: 'jwt', clientId: 'id', username: 'user', privateKeyFile: 'key.pem' },
  { kind: 'access-token', accessToken: 'token' },
];

function read(): Set<string> {
  const seen = new Set<string>();
  for (const auth of AUTHS) {
    const salesforce = { url: 'https://acme.my.salesforce.com', auth };
    const activecampaign = { url: 'https://acme.api-us1.com', key: 'key' };
    try {
      parseConfig(watched({ ...PARTS, salesforce, activecampaign }, '', seen), '/nowhere', {});
    } catch {
      // There is no such key file.
    }
  }
  seen.delete('salesforce.auth.kind');
  return seen;
}

describe('the settings', () => {
  it('all stand in the README’s table, and it has no other', () => {
    expect(documented.length).toBeGreaterThan(20);
    expect([...read()].sort()).toEqual([...new Set(documented)].sort());
  });
});
