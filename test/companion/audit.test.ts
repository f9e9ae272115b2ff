import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit, auditHead, auditRows, eraseDetails, GENESIS, verifyAudit } from '../../src/companion/audit.ts';
import { auditCsv, auditJson } from '../../src/companion/audit-export.ts';
import { MIGRATIONS } from '../../src/companion/migrations.ts';
import { Store } from '../../src/companion/store.ts';
import { random } from '../long.ts';

/** The audit: append-only, hash-chained, and still whole when somebody was taken out of it. */

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'optbridge-audit-'));
  store = new Store(join(folder, 'store.sqlite'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const PEOPLE = ['ann@example.com', 'ben@example.com', 'cleo@example.com'];

function append(into: Store, person: string, target: string, run = 'run-1'): void {
  appendAudit(into, {
    run,
    at: '2026-11-01T04:00:00.000Z',
    address: person,
    change: { side: 'salesforce', target, field: 'HasOptedOutOfEmail', was: 'false', now: 'true' },
    reason: 'unsubscribed-from-all',
    evidence: { contact: { id: '7' }, note: '=cmd' },
  });
}

function erase(into: Store, person: string): number {
  const seqs = [...auditRows(into, { address: person })].map(({ seq }) => seq);
  const by = {
    run: 'erase-1',
    at: '2026-11-02T04:00:00.000Z',
    reason: 'erased',
    subject: `hash of ${person}`,
    user: 'rita',
  } as const;
  return into.transaction(() => eraseDetails(into, seqs, by));
}

/** Changes the store behind the audit's back. */
const tampered = (sql: string) => {
  for (const { name } of store.all("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    store.db.exec(`DROP TRIGGER ${name}`);
  store.db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  return verifyAudit(store).brokenAt;
};

describe('the audit', () => {
  beforeEach(() => {
    for (const [index, person] of [...PEOPLE, ...PEOPLE].entries()) append(store, person, `003${index}`);
  });

  it('is whole as it was written, and writes the same change of the same run once', () => {
    append(store, 'ann@example.com', '0030');
    expect(verifyAudit(store)).toEqual({ rows: 6, brokenAt: null });
    expect(auditHead(store)).toMatchObject({ rows: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('takes no change and no deletion', () => {
    for (const sql of [
      "UPDATE audit SET reason = 'x'",
      'DELETE FROM audit',
      "UPDATE audit_details SET address = 'x'",
      'DELETE FROM audit_details WHERE seq = 2',
    ])
      expect(() => store.db.exec(sql)).toThrow('append-only');
  });

  const tamperings: [string, string, number][] = [
    ['a changed reason', "UPDATE audit SET reason = 'agreed' WHERE seq = 3", 3],
    ['a changed address', "UPDATE audit_details SET address = 'eve@example.com' WHERE seq = 3", 3],
    ['changed evidence', "UPDATE audit_details SET evidence = '{}' WHERE seq = 2", 2],
    ['a row taken out', 'DELETE FROM audit WHERE seq = 4', 5],
    ['details taken out without an erasure', 'DELETE FROM audit_details WHERE seq = 4', 4],
    [
      'details taken out with an erasure that is no row of the chain',
      'DELETE FROM audit_details WHERE seq = 4; INSERT INTO erased VALUES (4, 5)',
      4,
    ],
    [
      'details taken out with a row that is dressed up as an erasure',
      "DELETE FROM audit_details WHERE seq = 4; INSERT INTO erasures VALUES (5, 'x', NULL); INSERT INTO erased VALUES (4, 5); UPDATE audit SET reason = 'erased' WHERE seq = 5",
      5,
    ],
    [
      'the last row under another number, details and all',
      'UPDATE audit SET seq = 99 WHERE seq = 6; UPDATE audit_details SET seq = 99 WHERE seq = 6',
      99,
    ],
    [
      'two rows exchanged',
      'UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 99',
      2,
    ],
  ];
  for (const [what, sql, at] of tamperings)
    it(`is broken by ${what}, and says where`, () => {
      expect(tampered(sql)).toBe(at);
    });

  it('stays whole when somebody is erased, and has nothing of them left', () => {
    expect(erase(store, 'ben@example.com')).toBe(2);
    expect(verifyAudit(store)).toEqual({ rows: 7, brokenAt: null });
    expect([...auditRows(store)].map(({ address }) => address)).toEqual([
      'ann@example.com',
      'cleo@example.com',
      'ann@example.com',
      'cleo@example.com',
    ]);
  });

  it('is broken when another erased row is claimed for an erasure than it was written for', () => {
    erase(store, 'ben@example.com');
    expect(tampered('DELETE FROM audit_details WHERE seq = 1; INSERT INTO erased VALUES (1, 7)')).toBe(7);
  });

  for (const user of ["'somebody else'", 'NULL'])
    it(`is broken when an erasure names ${user} instead of whoever asked for it`, () => {
      erase(store, 'ben@example.com');
      expect(tampered(`UPDATE erasures SET by = ${user}`)).toBe(7);
    });
});

describe('a chain', () => {
  type Step = { readonly kind: 'append' | 'erase'; readonly person: string };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('append' as const, 'append' as const, 'erase' as const),
    person: fc.constantFrom(...PEOPLE),
  });

  it('stays verifiable whoever is erased, whenever and however often', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const chain = new Store(':memory:');
        const left = new Map<string, number>();
        for (const [index, { kind, person }] of steps.entries()) {
          if (kind === 'append') append(chain, person, `003${index}`);
          else erase(chain, person);
          left.set(person, kind === 'append' ? (left.get(person) ?? 0) + 1 : 0);
        }
        expect(verifyAudit(chain)).toEqual({ rows: steps.length, brokenAt: null });
        for (const person of PEOPLE)
          expect([...auditRows(chain, { address: person })]).toHaveLength(left.get(person) ?? 0);
        chain.close();
      }),
      random(60, 1000),
    );
  });

  it('that lost the details of any row without an erasure is broken there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), (lost, erasedAfter) => {
        const chain = new Store(':memory:');
        for (let index = 0; index < 12; index++) append(chain, PEOPLE[index % 3] ?? '', `003${index}`);
        if (erasedAfter % 2 === 0) erase(chain, 'ann@example.com');
        const there = chain.get('SELECT 1 FROM audit_details WHERE seq = ?', lost) !== undefined;
        chain.db.exec('DROP TRIGGER audit_details_go_by_erasure');
        chain.run('DELETE FROM audit_details WHERE seq = ?', lost);
        expect(verifyAudit(chain).brokenAt).toBe(there ? lost : null);
        chain.close();
      }),
      random(40, 1000),
    );
  });
});

describe('a store of the first schema', () => {
  const COVERED = 'change,run,at,address,side,target,field,was,now,reason,evidence,previous'.split(',');

  function old(): string {
    const path = join(folder, 'old.sqlite');
    const db = new DatabaseSync(path);
    db.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1`);
    let previous = GENESIS;
    for (const person of PEOPLE) {
      const values = [
        `r/${person}/1`,
        'r',
        '2026-10-01',
        person,
        'salesforce',
        '1',
        'f',
        'a',
        'b',
        'agreed',
        '{}',
        previous,
      ];
      previous = createHash('sha256').update(JSON.stringify(values)).digest('hex');
      db.prepare(`INSERT INTO audit (${COVERED.join()}, hash) VALUES (${'?,'.repeat(12)} ?)`).run(...values, previous);
    }
    db.close();
    return path;
  }

  it('keeps its chain: what is appended and erased later fits on to it', () => {
    const upgraded = new Store(old());
    expect(verifyAudit(upgraded)).toEqual({ rows: 3, brokenAt: null });
    append(upgraded, 'ann@example.com', '0031');
    erase(upgraded, 'ann@example.com');
    expect(verifyAudit(upgraded)).toEqual({ rows: 5, brokenAt: null });
    expect([...auditRows(upgraded)].map(({ address }) => address)).toEqual(['ben@example.com', 'cleo@example.com']);
    upgraded.close();
  });

  it('is still broken by a changed row', () => {
    const upgraded = new Store(old());
    upgraded.db.exec("DROP TRIGGER audit_details_are_append_only; UPDATE audit_details SET now = 'c' WHERE seq = 2");
    expect(verifyAudit(upgraded).brokenAt).toBe(2);
    upgraded.close();
  });
});

describe('an export', () => {
  beforeEach(() => {
    for (const [index, person] of PEOPLE.entries()) append(store, person, `003${index}`);
  });

  it('as CSV quotes what needs it, and lets no cell pass for a formula', () => {
    append(store, '+eve"@example.com', '0039');
    const lines = [...auditCsv(store)].join('').trimEnd().split('\r\n');
    expect(lines[0]).toBe('seq,at,run,person,side,target,field,was,now,reason,evidence');
    expect(lines).toHaveLength(5);
    expect(lines[4]).toContain(`,"'+eve""@example.com",`);
    expect(lines[1]).toContain('"{""contact"":{""id"":""7""},""note"":""=cmd""}"');
  });

  it('about one person has everything that the store holds about them, and nobody else', () => {
    store.run(
      "INSERT INTO decisions VALUES ('run-1', 'ben@example.com', 'unsubscribed-from-all', 'done', NULL, '{\"set\":[]}')",
    );
    const text = [...auditJson(store, 'ben@example.com')].join('');
    expect(JSON.parse(text)).toMatchObject({
      person: 'ben@example.com',
      audit: [{ seq: 2, person: 'ben@example.com', target: '0031', reason: 'unsubscribed-from-all' }],
      decisions: [{ run: 'run-1', decision: { set: [] } }],
      agreements: [],
    });
    expect(text).not.toContain('ann@example.com');
  });
});
