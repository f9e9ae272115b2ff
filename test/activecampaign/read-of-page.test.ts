import { describe, expect, test, vi } from 'vitest';
import type { AcContact } from '../../src/activecampaign/activecampaign.ts';
import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import { READ_OF_PAGE, readOf } from '../../src/activecampaign/read-of-page.ts';
import { lean } from '../../src/companion/lean.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { isObject } from '../../src/service/http.ts';
import type { Wanted } from '../../src/service/wanted.ts';
import { standstill } from '../service/standstill.ts';

const originalParse = JSON.parse;
const { url, key } = CREDENTIALS.activecampaign;

/** Everybody in a sandbox, where pages of contacts come so. */
async function everybody(coming: (bytes: Buffer, wanted: Wanted) => string): Promise<AcContact[]> {
  const clock = standstill();
  const sandbox = createSandbox({ people: 150, activecampaign: { monotonic: clock.now } });
  const client = createActiveCampaign({
    url,
    key,
    ...clock,
    fetch: async (address, init) => {
      const response = await sandbox.fetch(address, init);
      const wanted = readOf(address);
      return wanted ? new Response(coming(Buffer.from(await response.arrayBuffer()), wanted), response) : response;
    },
  });
  const found: AcContact[] = [];
  for await (const page of client.contacts()) found.push(...page.contacts);
  return found;
}

/** A JSON value that tells which members of its objects are asked for, by their path. */
function telling(value: unknown, path: string, asked: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => telling(item, path, asked));
  if (!isObject(value)) return value;
  return new Proxy(value, {
    get(target, name) {
      const inner = `${path}${path === '' ? '' : '.'}${String(name)}`;
      asked.add(inner);
      return telling(target[String(name)], inner, asked);
    },
  });
}

function pathsOf(wanted: Wanted, path = ''): string[] {
  if (wanted === true) return [path];
  return Object.entries(wanted).flatMap(([name, of]) => pathsOf(of, `${path}${path === '' ? '' : '.'}${name}`));
}

describe('what is read of a page', () => {
  test('is all that is looked at, and no more', async () => {
    const asked = new Set<string>();
    const parse = vi.spyOn(JSON, 'parse').mockImplementation((text) => telling(originalParse(text), '', asked));
    try {
      await everybody(String);
    } finally {
      parse.mockRestore();
    }
    const tables = Object.keys(READ_OF_PAGE);
    const looked = [...asked].filter((path) => tables.includes(path.split('.')[0] ?? '') && path.includes('.'));
    expect(looked.sort()).toEqual(pathsOf(READ_OF_PAGE).sort());
  });

  test('gives the contacts that the whole page gives', async () => {
    const contacts = await everybody((bytes, wanted) => lean(bytes, wanted) ?? 'nothing is left');
    expect(contacts.length).toBeGreaterThan(100);
    expect(contacts).toEqual(await everybody(String));
  });
});
