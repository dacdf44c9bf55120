-- Times are milliseconds since 1970 UTC; *_day_ms are at 00:00. "sealed" columns are ciphertext
-- (docs/internals/store.md); "hash" columns are keyed hashes.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers without gaps: taken inside the transaction that uses them.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('change', 0), ('event', 0);

CREATE TABLE case_file (
    id            INTEGER PRIMARY KEY,
    public_id     BLOB NOT NULL UNIQUE,        -- 16 random bytes
    lookup_hash   BLOB UNIQUE,                 -- of the code's first digits; null: no code opens it
    salt          BLOB,                        -- of Argon2id
    verifier      BLOB,                        -- hash of what Argon2id gives
    key_by_code   BLOB,                        -- sealed; null once closed
    key_by_master BLOB,                        -- sealed; null once closed
    state         INTEGER NOT NULL,            -- 1 open, 2 withdrawn, 3 expired
    opened_day_ms INTEGER NOT NULL,
    expires_ms    INTEGER NOT NULL,
    closed_day_ms INTEGER NOT NULL DEFAULT 0,
    note          BLOB                         -- sealed
) STRICT;
CREATE INDEX case_file_expires ON case_file (state, expires_ms);

CREATE TABLE location (
    case_id INTEGER NOT NULL REFERENCES case_file (id),
    number  INTEGER NOT NULL,
    place   BLOB NOT NULL,                     -- sealed
    PRIMARY KEY (case_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    id        INTEGER PRIMARY KEY,
    public_id BLOB NOT NULL UNIQUE,            -- 16 random bytes
    case_id   INTEGER NOT NULL REFERENCES case_file (id),
    number    INTEGER NOT NULL,                -- of the item in its case, from 1
    medium    INTEGER NOT NULL,
    tier      INTEGER NOT NULL,
    scope     INTEGER NOT NULL,
    record    BLOB                             -- sealed prints; null: withdrawn
) STRICT;
CREATE INDEX entry_case ON entry (case_id, number);

CREATE TABLE change (
    seq      INTEGER PRIMARY KEY,
    op       INTEGER NOT NULL,                 -- 1 add, 2 change, 3 withdraw
    entry_id INTEGER NOT NULL REFERENCES entry (id)
) STRICT;

CREATE TABLE partner (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    role       INTEGER NOT NULL,
    key_hash   BLOB NOT NULL UNIQUE,
    added_ms   INTEGER NOT NULL,
    revoked_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE case_match (
    id          INTEGER PRIMARY KEY,
    public_id   BLOB NOT NULL UNIQUE,          -- 16 random bytes
    partner_id  INTEGER NOT NULL REFERENCES partner (id),
    entry_id    INTEGER NOT NULL REFERENCES entry (id),
    content     BLOB NOT NULL,                 -- hash of the partner's reference, or of the query
    grade       INTEGER NOT NULL,
    tier        INTEGER NOT NULL,
    action      INTEGER NOT NULL,
    turn        INTEGER NOT NULL,
    coverage    INTEGER NOT NULL,
    dist_bits   INTEGER NOT NULL,
    n_votes     INTEGER NOT NULL,
    from_ms     INTEGER NOT NULL,
    to_ms       INTEGER NOT NULL,
    found_ms    INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    reason      INTEGER NOT NULL,
    answered_ms INTEGER NOT NULL,
    note        BLOB,                          -- sealed under the case's key
    UNIQUE (partner_id, entry_id, content)
) STRICT;
CREATE INDEX case_match_entry ON case_match (entry_id);
CREATE INDEX case_match_partner ON case_match (partner_id, id);
CREATE INDEX case_match_state ON case_match (partner_id, state, id);

-- Every demand and every answer, with the fields of the ledger's leaves.
CREATE TABLE event (
    seq         INTEGER PRIMARY KEY,
    type        INTEGER NOT NULL,
    partner_id  INTEGER REFERENCES partner (id),
    regime      TEXT,
    clock_kind  INTEGER NOT NULL,
    event_ms    INTEGER NOT NULL,
    due_ms      INTEGER NOT NULL,
    outcome     INTEGER NOT NULL,
    reason      INTEGER NOT NULL,
    tier        INTEGER NOT NULL,
    medium      INTEGER NOT NULL,
    confidence  INTEGER NOT NULL,
    commitment  BLOB NOT NULL                  -- SHA-256(salt, ids of the subjects)
) STRICT;

-- Apart, so that destroying a salt makes its event speak of nobody.
CREATE TABLE event_salt (
    seq  INTEGER PRIMARY KEY REFERENCES event (seq),
    salt BLOB NOT NULL
) STRICT;

CREATE TABLE idempotency (
    key_hash     BLOB PRIMARY KEY,
    request_hash BLOB NOT NULL,
    result       BLOB NOT NULL,                -- sealed under a key made from the client's key
    expires_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expires ON idempotency (expires_ms);
