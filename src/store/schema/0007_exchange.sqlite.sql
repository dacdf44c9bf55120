-- Letters that wait for their time, requests for packs, what platforms follow and are told.

-- Letters that go by themselves when the clock of a notice runs out (cases/escalate.h); the row
-- is gone once the letter went or was stopped.
CREATE TABLE letter_wait (
    letter_id   INTEGER PRIMARY KEY REFERENCES letter (id),
    case_id     INTEGER NOT NULL REFERENCES case_file (id),
    text_number INTEGER NOT NULL,              -- the address, in case_text
    notice_id   INTEGER NOT NULL REFERENCES notice (id) -- whose clock
) STRICT;
CREATE INDEX letter_wait_case ON letter_wait (case_id, text_number);
CREATE INDEX letter_wait_notice ON letter_wait (notice_id);

-- A member's own pair of keys is made from the password, so that the desk's key can be handed on
-- without it.
ALTER TABLE staff ADD COLUMN box_public BLOB;  -- null: has not signed in since
ALTER TABLE staff ADD COLUMN handed BLOB;      -- sealed box: the desk's secret key, until the next sign-in

-- Where partners want to be told that something happened. "sealed" here: under a key of the master
-- key, with the public id.
CREATE TABLE webhook (
    id           INTEGER PRIMARY KEY,
    public_id    BLOB NOT NULL UNIQUE,         -- 16 random bytes
    partner_id   INTEGER NOT NULL REFERENCES partner (id),
    scheme       INTEGER NOT NULL,             -- cases/webhook.h: of the signatures
    types        INTEGER NOT NULL,             -- which events: a bit each
    url          BLOB NOT NULL,                -- sealed
    secret       BLOB NOT NULL,                -- sealed
    old_secret   BLOB NOT NULL,                -- sealed: the one before
    old_until_ms INTEGER NOT NULL DEFAULT 0,   -- until when that one signs too; 0: there is none
    added_ms     INTEGER NOT NULL,
    state        INTEGER NOT NULL,             -- 1 in force, 2 disabled
    reason       INTEGER NOT NULL DEFAULT 0,   -- why it is disabled
    disabled_ms  INTEGER NOT NULL DEFAULT 0,
    failing_ms   INTEGER NOT NULL DEFAULT 0,   -- since when nothing arrives; 0: the last try did
    n_failed     INTEGER NOT NULL DEFAULT 0,   -- tries in a row
    tried_ms     INTEGER NOT NULL DEFAULT 0,
    rest_ms      INTEGER NOT NULL DEFAULT 0,   -- nothing is sent there before
    feed_seq     INTEGER NOT NULL,             -- change up to which it was told of the bank
    feed_ms      INTEGER NOT NULL DEFAULT 0,
    match_row    INTEGER NOT NULL              -- match up to which it was asked for answers
) STRICT;
CREATE INDEX webhook_partner ON webhook (partner_id);

-- What is to be told, written in the transaction in which it happens. Kept for a while after it was.
CREATE TABLE webhook_message (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  BLOB NOT NULL UNIQUE,           -- 16 random bytes: the same at every try
    webhook_id INTEGER NOT NULL REFERENCES webhook (id),
    type       INTEGER NOT NULL,               -- store/webhook_rows.h
    subject    BLOB,                           -- the partner's own id of what it is about; null: none
    event_ms   INTEGER NOT NULL,
    state      INTEGER NOT NULL,               -- 1 waiting, 2 delivered, 3 given up
    n_tries    INTEGER NOT NULL DEFAULT 0,
    next_ms    INTEGER NOT NULL                -- 0: no more
) STRICT;
CREATE INDEX webhook_message_next ON webhook_message (next_ms) WHERE next_ms > 0;
CREATE INDEX webhook_message_of ON webhook_message (webhook_id, type, state);
CREATE INDEX webhook_message_age ON webhook_message (event_ms);

CREATE TABLE webhook_try (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES webhook_message (id),
    webhook_id  INTEGER NOT NULL REFERENCES webhook (id),
    number      INTEGER NOT NULL,              -- from 1
    at_ms       INTEGER NOT NULL,
    status      INTEGER NOT NULL,              -- of HTTP; 0: there was no answer
    fetch_end   INTEGER NOT NULL,              -- sys/fetch.h: what became of the request
    duration_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_try_message ON webhook_try (message_id);
CREATE INDEX webhook_try_webhook ON webhook_try (webhook_id, id);

-- Entries whose refusal by a platform the desk accepted (cases/brake.h): they still match, with the
-- weakest effect. Rows stay when a brake is lifted, and go when the case is closed.
CREATE TABLE entry_brake (
    id         INTEGER PRIMARY KEY,
    entry_id   INTEGER NOT NULL REFERENCES entry (id),
    partner_id INTEGER REFERENCES partner (id), -- null: at every platform
    reason     INTEGER NOT NULL,               -- cases/match_state.h
    notice_id  INTEGER,                        -- whose refusal was accepted; null: a match's
    staff_id   INTEGER REFERENCES staff (id),
    since_ms   INTEGER NOT NULL,
    lifted_ms  INTEGER NOT NULL DEFAULT 0,     -- 0: it holds
    why        BLOB                            -- sealed under the case's key: why it was lifted
) STRICT;
CREATE INDEX entry_brake_entry ON entry_brake (entry_id);

-- Every notice has a row: what is due is read from place_check_next alone.
INSERT INTO place_check (notice_id, at_ms, next_ms, result, status)
    SELECT id, 0, 1, 0, 0 FROM notice WHERE place IS NOT NULL
    AND id NOT IN (SELECT notice_id FROM place_check);

-- The machines of partners that follow the feed (docs/formats/feed.md).
CREATE TABLE feed_node (
    id           INTEGER PRIMARY KEY,
    public_id    BLOB NOT NULL UNIQUE,         -- 16 random bytes
    partner_id   INTEGER NOT NULL REFERENCES partner (id),
    box_key      BLOB NOT NULL,                -- X25519: what is sealed to it
    sign_key     BLOB NOT NULL,                -- Ed25519: what it signs
    joined_ms    INTEGER NOT NULL,
    seen_ms      INTEGER NOT NULL,             -- of its last receipt
    confirmed    INTEGER NOT NULL DEFAULT 0,   -- number of the last change that it says it applied
    n_entries    INTEGER NOT NULL DEFAULT 0,   -- how many it says it holds
    owes_seq     INTEGER NOT NULL DEFAULT 0,   -- number of the last withdrawal
    owes_ms      INTEGER NOT NULL DEFAULT 0,   -- when the first was that it did not confirm; 0: none
    UNIQUE (partner_id, sign_key)
) STRICT;

-- What nodes signed: that entries are gone. Kept as it came, so that others can check it.
CREATE TABLE feed_receipt (
    id          INTEGER PRIMARY KEY,
    node_id     INTEGER NOT NULL REFERENCES feed_node (id),
    from_seq    INTEGER NOT NULL,              -- of the changes after this one ...
    to_seq      INTEGER NOT NULL,              -- ... up to this one
    received_ms INTEGER NOT NULL,
    body        BLOB NOT NULL,
    signature   BLOB NOT NULL
) STRICT;
CREATE INDEX feed_receipt_node ON feed_receipt (node_id, to_seq);

-- Entries that were made up and given to one partner alone (cases/canary.h).
CREATE TABLE canary (
    entry_id   INTEGER PRIMARY KEY REFERENCES entry (id),
    partner_id INTEGER NOT NULL REFERENCES partner (id), -- who has it
    made_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX canary_partner ON canary (partner_id);

-- Somebody asked for one: a copy got out.
CREATE TABLE canary_sighting (
    entry_id   INTEGER NOT NULL REFERENCES canary (entry_id),
    partner_id INTEGER NOT NULL REFERENCES partner (id), -- who asked
    first_ms   INTEGER NOT NULL,
    last_ms    INTEGER NOT NULL,
    n_times    INTEGER NOT NULL,
    PRIMARY KEY (entry_id, partner_id)
) STRICT, WITHOUT ROWID;

-- The beginning of the feed as files, for newcomers of a partner (docs/formats/feed.md).
CREATE TABLE feed_snapshot (
    partner_id INTEGER PRIMARY KEY REFERENCES partner (id),
    seed       BLOB NOT NULL,                  -- sealed: of its address and of the key that opens it
    made_ms    INTEGER NOT NULL,
    n_files    INTEGER NOT NULL
) STRICT;

-- Evidence packs that a second person allowed, each for one member of staff, for some days; gone
-- with the case (cases/desk_pack.h).
CREATE TABLE desk_pack (
    request_id INTEGER PRIMARY KEY REFERENCES desk_request (id),
    case_id    INTEGER NOT NULL REFERENCES case_file (id),
    staff_id   INTEGER NOT NULL REFERENCES staff (id), -- who may take it
    until_ms   INTEGER NOT NULL,
    pack       BLOB NOT NULL                   -- sealed to its recipient (age): nobody here opens it
) STRICT;
CREATE INDEX desk_pack_staff ON desk_pack (staff_id);
CREATE INDEX desk_pack_case ON desk_pack (case_id);

-- Platforms signed in to the pages of their inbox (cases/partner_session.h). A key that is revoked
-- ends them.
CREATE TABLE partner_session (
    token_hash BLOB PRIMARY KEY,               -- keyed: a stolen store opens nothing
    partner_id INTEGER NOT NULL REFERENCES partner (id),
    started_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a letter says that the content is (law/situation.h); 0: unsaid, or a letter from before.
ALTER TABLE letter ADD COLUMN about_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN about_origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN about_medium INTEGER NOT NULL DEFAULT 0;

-- The ledger (docs/formats/ledger.md): an event's row is its leaf, so nothing may change it.
CREATE TRIGGER event_stays BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'what the ledger says is only added to'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'what the ledger says is only added to'); END;
CREATE TRIGGER partner_name_stays BEFORE UPDATE OF name ON partner
    BEGIN SELECT RAISE(ABORT, 'a partner''s name stands in the ledger'); END;

-- Salts are destroyed with their case. Of those made before nothing says whose they are, and
-- nothing used them.
DELETE FROM event_salt;
ALTER TABLE event_salt ADD COLUMN case_id INTEGER REFERENCES case_file (id);
CREATE INDEX event_salt_case ON event_salt (case_id);

INSERT INTO counter (name, value) VALUES ('ledger', 0); -- leaves that the tiles cover
CREATE TABLE ledger_tile (
    level  INTEGER NOT NULL,                   -- of tiles: each is eight of hashes
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,                      -- 32 bytes each, at most 256
    PRIMARY KEY (level, number)
) STRICT;
CREATE TABLE ledger_checkpoint (
    size INTEGER PRIMARY KEY,                  -- leaves
    root BLOB NOT NULL,
    note TEXT NOT NULL                         -- as it was signed
) STRICT;

-- Protocols of others by which a partner may pull (cases/listing.h), each an operator's switch.
CREATE TABLE partner_protocol (
    partner_id INTEGER PRIMARY KEY REFERENCES partner (id),
    protocols  INTEGER NOT NULL,               -- bits: cases/listing.h
    least_tier INTEGER NOT NULL                -- entries below are not in its list
) STRICT;

-- The bank as those protocols see it: by hash, in the order of changes, with times. Follows the
-- change log; empty while no partner has a protocol.
CREATE TABLE listed (
    entry_id  INTEGER PRIMARY KEY REFERENCES entry (id),
    n         INTEGER NOT NULL UNIQUE,         -- of its last change, rising
    at_s      INTEGER NOT NULL,                -- when that was; never falls as n rises
    is_video  INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    tier      INTEGER NOT NULL,
    scope     INTEGER NOT NULL,
    prints    BLOB NOT NULL                    -- sealed: a withdrawal is told by hash, for 100 days
) STRICT;
CREATE INDEX listed_at ON listed (at_s);
CREATE TABLE listed_print (
    hash     BLOB NOT NULL,                    -- keyed, of type and print
    entry_id INTEGER NOT NULL REFERENCES listed (entry_id),
    PRIMARY KEY (hash, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_print_entry ON listed_print (entry_id);
CREATE TABLE listed_state (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    seq  INTEGER NOT NULL,                     -- of the change log
    n    INTEGER NOT NULL,
    at_s INTEGER NOT NULL,
    told_s INTEGER NOT NULL                    -- up to here somebody was told that this is all
) STRICT;
INSERT INTO listed_state (id, seq, n, at_s, told_s) VALUES (1, 0, 0, 0, 0);

-- What partners said of entries by those protocols: an opinion, not an answer to a match.
CREATE TABLE partner_opinion (
    partner_id INTEGER NOT NULL REFERENCES partner (id),
    entry_id   INTEGER NOT NULL REFERENCES entry (id),
    opinion    INTEGER NOT NULL,               -- exchange/foreign.h
    at_ms      INTEGER NOT NULL,
    PRIMARY KEY (partner_id, entry_id)
) STRICT, WITHOUT ROWID;

-- Hashes that partners handed in by those protocols: theirs, in nobody's feed.
CREATE TABLE submitted (
    partner_id INTEGER NOT NULL REFERENCES partner (id),
    hash       BLOB NOT NULL,                  -- keyed, of type and print
    is_video   INTEGER NOT NULL,
    print      BLOB NOT NULL,                  -- sealed
    opinion    INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL,
    PRIMARY KEY (partner_id, hash)
) STRICT, WITHOUT ROWID;

-- Further keys of partners: for some purposes alone, for a time, or while the first is replaced.
CREATE TABLE partner_key (
    id         INTEGER PRIMARY KEY,
    partner_id INTEGER NOT NULL REFERENCES partner (id),
    key_hash   BLOB NOT NULL UNIQUE,           -- keyed, as that of the first
    label      TEXT NOT NULL,
    scopes     INTEGER NOT NULL,               -- bits: cases/partner.h
    added_ms   INTEGER NOT NULL,
    until_ms   INTEGER NOT NULL                -- 0: no end; when it is revoked, that time
) STRICT;
CREATE INDEX partner_key_of ON partner_key (partner_id);

-- How often a platform stopped an entry at upload, by day, as it says itself. Gone with the entry.
CREATE TABLE entry_block (
    entry_id   INTEGER NOT NULL REFERENCES entry (id),
    partner_id INTEGER NOT NULL REFERENCES partner (id),
    day        INTEGER NOT NULL,               -- since 1970
    n          INTEGER NOT NULL,
    PRIMARY KEY (entry_id, partner_id, day)
) STRICT, WITHOUT ROWID;
