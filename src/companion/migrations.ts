/** The store's schema, one step after another; `PRAGMA user_version` counts the steps taken. Never edit an old step. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT,
    summary TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE scopes (id INTEGER PRIMARY KEY, lists TEXT NOT NULL UNIQUE) STRICT;

  -- One row for each person who is out somewhere. 'records' is a JSON array of Salesforce ids.
  CREATE TABLE agreements (
    address TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('out', 'quiet')),
    cause TEXT CHECK (cause IN ('opt-out', 'bounce')),
    records TEXT,
    contact TEXT,
    fingerprint TEXT,
    scope INTEGER REFERENCES scopes (id),
    at_salesforce INTEGER,
    at_activecampaign INTEGER,
    run TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Records that were deleted, merged away or converted while set; counted until a run has finished with the person.
  CREATE TABLE vanished (
    record TEXT NOT NULL,
    address TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('deleted', 'merged', 'converted')),
    stamp INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (record, address)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX vanished_by_address ON vanished (address) WHERE settled = 0;

  -- What is about to be written, durable before the first call; gone once a run has finished with the person.
  CREATE TABLE intentions (
    address TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    reason TEXT NOT NULL,
    next TEXT NOT NULL,
    fingerprint TEXT,
    changes TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Append-only; every row carries the hash of the one before.
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    change TEXT NOT NULL UNIQUE,
    run TEXT NOT NULL,
    at TEXT NOT NULL,
    address TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('salesforce', 'activecampaign')),
    target TEXT NOT NULL,
    field TEXT NOT NULL,
    was TEXT NOT NULL,
    now TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
  `,
  `
  -- What each run decided and what became of it, but for 'agreed'. 'decision' is the whole decision as JSON.
  CREATE TABLE decisions (
    run TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    outcome TEXT NOT NULL,
    words TEXT,
    decision TEXT NOT NULL,
    PRIMARY KEY (run, address)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX decisions_by_address ON decisions (address);

  -- Who was out on one side only when a run last looked. Times are by the services' clocks, in milliseconds.
  CREATE TABLE differences (
    address TEXT PRIMARY KEY,
    cause TEXT NOT NULL
      CHECK (cause IN ('not-qualified', 'cleared-in-salesforce', 'bounce-reactivated', 'unknown', 'failed')),
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    reason TEXT,
    words TEXT,
    records TEXT NOT NULL,
    contact TEXT,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    accepted TEXT,
    run TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
