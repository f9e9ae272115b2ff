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
  `
  -- The audit's chain and what it says of people come apart, so that what is erased leaves a chain that can still be
  -- checked: a row of the chain carries a commitment to its details, which is worth nothing without their salt. Rows of
  -- the first schema have neither; their hash covers the details themselves.
  DROP TRIGGER audit_is_append_only_update;
  DROP TRIGGER audit_is_append_only_delete;
  ALTER TABLE audit RENAME TO audit_of_the_first_schema;

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    at TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('salesforce', 'activecampaign', 'store')),
    reason TEXT NOT NULL,
    commitment TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit_details (
    seq INTEGER PRIMARY KEY REFERENCES audit (seq),
    salt TEXT NOT NULL,
    change TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    target TEXT NOT NULL,
    field TEXT NOT NULL,
    was TEXT NOT NULL,
    now TEXT NOT NULL,
    evidence TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_details_by_address ON audit_details (address);

  -- An erasure is a row of the chain itself ('by'), which commits to the rows whose details it took away.
  CREATE TABLE erasures (seq INTEGER PRIMARY KEY REFERENCES audit (seq), subject TEXT NOT NULL) STRICT;
  CREATE TABLE erased (
    seq INTEGER PRIMARY KEY REFERENCES audit (seq),
    by INTEGER NOT NULL REFERENCES erasures (seq)
  ) STRICT;
  CREATE INDEX erased_by ON erased (by);

  INSERT INTO audit SELECT seq, run, at, side, reason, '', previous, hash FROM audit_of_the_first_schema ORDER BY seq;
  INSERT INTO audit_details
    SELECT seq, '', change, address, target, field, was, now, evidence FROM audit_of_the_first_schema;
  DROP TABLE audit_of_the_first_schema;

  CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_details_are_append_only BEFORE UPDATE ON audit_details BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_details_go_by_erasure BEFORE DELETE ON audit_details
    WHEN NOT EXISTS (SELECT 1 FROM erased WHERE seq = OLD.seq)
    BEGIN SELECT raise(ABORT, 'the audit is append-only; optbridge audit erase takes a person out of it'); END;

  -- Opt-outs of people who were erased, by a keyed hash of the address; the key never leaves the store.
  CREATE TABLE suppressions (hash TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO meta (key, value) VALUES ('erasure-key', '"' || lower(hex(randomblob(32))) || '"');

  -- The audit with its details, as people read it; what was erased is null.
  CREATE VIEW audit_entries AS
    SELECT a.seq, a.run, a.at, d.address, a.side, d.target, d.field, d.was, d.now, a.reason, d.evidence
    FROM audit a LEFT JOIN audit_details d USING (seq);
  `,
  `
  -- Records and contacts that an 'out' agreement ('was') knows and that have another address now. Until it is settled a
  -- move counts for that address like a box that vanished.
  CREATE TABLE moves (
    side TEXT NOT NULL CHECK (side IN ('salesforce', 'activecampaign')),
    id TEXT NOT NULL,
    was TEXT NOT NULL,
    address TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('carried', 'left', 'bounce', 'subscribed')),
    settled INTEGER NOT NULL,
    PRIMARY KEY (side, id, was)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX moves_by_address ON moves (address) WHERE settled = 0;
  CREATE INDEX agreements_by_contact ON agreements (contact);
  `,
  `
  -- Every live Salesforce record with an address, as the readings so far saw it: a night reads only what has changed.
  CREATE TABLE records (
    id TEXT PRIMARY KEY,
    object TEXT NOT NULL CHECK (object IN ('Contact', 'Lead')),
    address TEXT NOT NULL,
    is_set INTEGER,
    modified_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX records_by_address ON records (address);
  `,
  `
  -- Every ActiveCampaign contact with an address, as the readings so far saw it. 'who' stands for the address.
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, who INTEGER NOT NULL) STRICT;
  CREATE INDEX contacts_by_who ON contacts (who);
  `,
  `
  -- 'who' was a hash that anybody can make of an address; now it is one with the key of the store. The addresses are not
  -- in the store to make it again, so the next night, which reads everybody as after any step here, fills the table. The
  -- old numbers are overwritten and not only freed.
  PRAGMA secure_delete = ON;
  DROP TABLE contacts;
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, who INTEGER NOT NULL) STRICT;
  CREATE INDEX contacts_by_who ON contacts (who);
  PRAGMA secure_delete = OFF;
  `,
  `
  -- The same number for the address of every record: who is on both sides is counted by going along two indexes. The next
  -- night reads everybody, as after any step here, and gives the records their numbers. The other index has whoever is set.
  ALTER TABLE records ADD COLUMN who INTEGER;
  CREATE INDEX records_by_who ON records (who, object, is_set);
  CREATE INDEX records_set ON records (address, is_set) WHERE is_set IS NOT 0;
  `,
  `
  -- Records and contacts that had this address at the reading before, until a run has looked at what that means.
  CREATE TABLE readdressed (
    side TEXT NOT NULL CHECK (side IN ('salesforce', 'activecampaign')),
    id TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (side, id, address)
  ) STRICT, WITHOUT ROWID;

  -- 'behind': what was opted out on the day on which it left 'address' counts there, too; 'was' is the same.
  CREATE TABLE moves_anew (
    side TEXT NOT NULL CHECK (side IN ('salesforce', 'activecampaign')),
    id TEXT NOT NULL,
    was TEXT NOT NULL,
    address TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('carried', 'left', 'bounce', 'subscribed', 'behind')),
    settled INTEGER NOT NULL,
    PRIMARY KEY (side, id, was)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO moves_anew SELECT * FROM moves;
  DROP TABLE moves;
  ALTER TABLE moves_anew RENAME TO moves;
  CREATE INDEX moves_by_address ON moves (address) WHERE settled = 0;
  `,
  `
  -- What is read of a person's records, and whose box is set, comes from the indexes alone, in the order of the addresses.
  DROP INDEX records_by_address;
  DROP INDEX records_set;
  CREATE INDEX records_by_address ON records (address, is_set, modified_at);
  CREATE INDEX records_set ON records (address, who, is_set) WHERE is_set IS NOT 0;
  `,
  `
  -- 'bare' is 1 for a record that lost this address, and has none, while its box is set; 2 where 'id' is the record that
  -- another one with this address was merged or converted into; 0 otherwise.
  ALTER TABLE readdressed ADD COLUMN bare INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- 1 where not 'id' itself had the address 'was', but a record that was merged or converted into it.
  ALTER TABLE moves ADD COLUMN heir INTEGER NOT NULL DEFAULT 0;
  -- Which user of a machine asked for it; null in older rows, and for what the retention takes away.
  ALTER TABLE differences ADD COLUMN accepted_by TEXT;
  ALTER TABLE erasures ADD COLUMN by TEXT;
  `,
  `
  -- SystemModstamp of the person's records before a run that was to clear boxes wrote anything, as JSON; null for others.
  ALTER TABLE intentions ADD COLUMN stamps TEXT;
  `,
  `
  -- Whom in ActiveCampaign it was about: should the contact get another address, the address alone would not lead to it.
  ALTER TABLE intentions ADD COLUMN contact TEXT;
  `,
];
