-- The desk: who works there and what they did, the letters that go out, and the queue.

CREATE TABLE staff (
    id              INTEGER PRIMARY KEY,
    public_id       BLOB NOT NULL UNIQUE,      -- 16 random bytes
    name            TEXT NOT NULL UNIQUE,      -- to sign in with
    role            INTEGER NOT NULL,          -- cases/staff.h
    state           INTEGER NOT NULL,          -- 1 has to choose a password, 2 in force, 3 ended
    salt            BLOB,                      -- of Argon2id; null: signs in at the proxy
    verifier        BLOB,
    totp            BLOB,                      -- sealed: the secret of the second factor
    totp_step       INTEGER NOT NULL DEFAULT 0, -- the last one taken: none works twice
    desk_secret     BLOB,                      -- the desk's secret key, sealed under what the password gives
    n_failed        INTEGER NOT NULL DEFAULT 0,
    locked_until_ms INTEGER NOT NULL DEFAULT 0,
    added_ms        INTEGER NOT NULL,
    ended_ms        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE staff_session (
    token_hash  BLOB PRIMARY KEY,
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    desk_secret BLOB,                          -- sealed under what the token gives
    started_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_session_staff ON staff_session (staff_id);

-- What was done at the desk, views of sealed content too. Rows are never changed.
CREATE TABLE desk_act (
    id       INTEGER PRIMARY KEY,
    staff_id INTEGER REFERENCES staff (id),    -- null: the command line, or the service's clock
    act      INTEGER NOT NULL,                 -- cases/desk_act.h
    case_id  INTEGER REFERENCES case_file (id),
    subject  INTEGER NOT NULL DEFAULT 0,       -- what of the case: a text's number, a letter's row
    at_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX desk_act_staff ON desk_act (staff_id, id);
CREATE INDEX desk_act_case ON desk_act (case_id, id);
CREATE TRIGGER desk_act_stays BEFORE UPDATE ON desk_act
    BEGIN SELECT RAISE(ABORT, 'the trail of the desk is only added to'); END;
CREATE TRIGGER desk_act_is_kept BEFORE DELETE ON desk_act
    BEGIN SELECT RAISE(ABORT, 'the trail of the desk is only added to'); END;

-- The queue: what it is sorted by, kept up to date with what it is made from.
CREATE TABLE desk_case (
    case_id    INTEGER PRIMARY KEY REFERENCES case_file (id),
    lang       TEXT NOT NULL DEFAULT '',       -- of the person, once the desk has seen the case
    harm       INTEGER NOT NULL DEFAULT 0,     -- 0 not looked at yet, 1 low to 4 now
    staff_id   INTEGER REFERENCES staff (id),  -- who has it
    due_ms     INTEGER NOT NULL DEFAULT 0,     -- of its next clock; 0: none runs
    is_waiting INTEGER NOT NULL DEFAULT 0,     -- 1: the person wrote last
    n_links    INTEGER NOT NULL DEFAULT 0,
    n_open     INTEGER NOT NULL DEFAULT 0,     -- notices whose answer is waited for
    n_late     INTEGER NOT NULL DEFAULT 0,
    changed_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX desk_case_due ON desk_case (due_ms, case_id) WHERE due_ms > 0;
CREATE INDEX desk_case_waiting ON desk_case (is_waiting, changed_ms);
CREATE INDEX desk_case_harm ON desk_case (harm DESC, changed_ms DESC, case_id);
CREATE INDEX desk_case_late ON desk_case (case_id) WHERE n_late > 0;
CREATE INDEX desk_case_staff ON desk_case (staff_id, due_ms);
CREATE INDEX desk_case_changed ON desk_case (changed_ms DESC, case_id);
INSERT INTO desk_case (case_id, changed_ms)
    SELECT DISTINCT f.id, f.opened_day_ms FROM case_file f JOIN case_text t ON t.case_id = f.id
    WHERE f.state = 1 AND t.desk IS NOT NULL;

-- Between caseworkers; the person does not see them.
CREATE TABLE desk_note (
    id       INTEGER PRIMARY KEY,
    case_id  INTEGER NOT NULL REFERENCES case_file (id),
    staff_id INTEGER REFERENCES staff (id),
    at_ms    INTEGER NOT NULL,
    note     BLOB NOT NULL                     -- sealed box for the desk
) STRICT;
CREATE INDEX desk_note_case ON desk_note (case_id, id);

CREATE TABLE desk_filter (
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    name     TEXT NOT NULL,
    query    TEXT NOT NULL,                    -- of the queue's address
    PRIMARY KEY (staff_id, name)
) STRICT, WITHOUT ROWID;

-- What one person of the desk asked for and a second has to allow.
CREATE TABLE desk_request (
    id         INTEGER PRIMARY KEY,
    kind       INTEGER NOT NULL,               -- cases/desk_request.h
    staff_id   INTEGER REFERENCES staff (id),
    asked_ms   INTEGER NOT NULL,
    case_id    INTEGER REFERENCES case_file (id),
    detail     BLOB NOT NULL,                  -- sealed
    state      INTEGER NOT NULL,               -- 1 asked, 2 allowed and done, 3 declined, 4 taken back
    decided_by INTEGER REFERENCES staff (id),
    decided_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX desk_request_state ON desk_request (state, id);

-- A letter goes to one recipient about addresses of one case; each address is a notice with its own
-- state and clock. "sealed" here: under the case's key, so that it ends with the case.
CREATE TABLE letter (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never again: partners' pages go on after it
    public_id  BLOB NOT NULL UNIQUE,           -- 16 random bytes: its name in mails
    case_id    INTEGER NOT NULL REFERENCES case_file (id),
    staff_id   INTEGER REFERENCES staff (id),
    target     INTEGER NOT NULL,               -- cases/ladder.h: platform, host, search engine ...
    platform   TEXT,                           -- id in data/law/platforms.json
    partner_id INTEGER REFERENCES partner (id),
    regime     TEXT,
    lang       TEXT NOT NULL,
    law_date   TEXT,                           -- the day of the facts that it was made from
    channel    INTEGER NOT NULL,               -- 1 partner's inbox, 2 mail, 3 their form, 4 by hand
    recipient  BLOB NOT NULL,                  -- sealed
    address    BLOB,                           -- sealed: of the mail or the form
    subject    BLOB,                           -- sealed
    body       BLOB,                           -- sealed
    made_ms    INTEGER NOT NULL,
    state      INTEGER NOT NULL,               -- cases/letter.h
    n_tries    INTEGER NOT NULL DEFAULT 0,
    next_ms    INTEGER NOT NULL DEFAULT 0,     -- when to try (again); 0: not
    changed_ms INTEGER NOT NULL,
    problem    TEXT                            -- what the last try met, without addresses
) STRICT;
CREATE INDEX letter_case ON letter (case_id, id);
CREATE INDEX letter_hand ON letter (channel, state, id);
CREATE INDEX letter_next ON letter (next_ms) WHERE next_ms > 0;
CREATE INDEX letter_partner ON letter (partner_id, id) WHERE partner_id IS NOT NULL;

ALTER TABLE notice ADD COLUMN letter_id INTEGER REFERENCES letter (id); -- null: told by hand
ALTER TABLE notice ADD COLUMN place BLOB;      -- sealed: the address, for checks and further letters
ALTER TABLE notice ADD COLUMN place_hash BLOB; -- keyed hash: the same address in another case
ALTER TABLE notice ADD COLUMN clock_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN alarm INTEGER NOT NULL DEFAULT 0; -- 1 due soon, 2 overdue
ALTER TABLE notice ADD COLUMN reason INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN span_ms INTEGER NOT NULL DEFAULT 0; -- the length of its clock
UPDATE notice SET span_ms = due_ms - sent_ms;
UPDATE notice SET due_ms = 0 WHERE state NOT IN (1, 2, 7);
ALTER TABLE notice ADD COLUMN partner_id INTEGER REFERENCES partner (id); -- whose inbox it is in
ALTER TABLE notice ADD COLUMN inbox_id BLOB;   -- 16 random bytes: its name for that partner
CREATE UNIQUE INDEX notice_inbox ON notice (inbox_id) WHERE inbox_id IS NOT NULL;
CREATE INDEX notice_inbox_open ON notice (partner_id, letter_id) WHERE due_ms > 0;
CREATE INDEX notice_letter ON notice (letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX notice_place ON notice (place_hash) WHERE place_hash IS NOT NULL;
CREATE INDEX notice_due ON notice (due_ms, id) WHERE due_ms > 0;

-- Each change of a notice: when, by whom, why.
CREATE TABLE notice_step (
    id        INTEGER PRIMARY KEY,
    notice_id INTEGER NOT NULL REFERENCES notice (id),
    at_ms     INTEGER NOT NULL,
    state     INTEGER NOT NULL,
    alarm     INTEGER NOT NULL,
    due_ms    INTEGER NOT NULL,
    actor     INTEGER NOT NULL,                -- cases/notice.h: desk, partner, clock, check, mail
    staff_id  INTEGER REFERENCES staff (id),
    reason    INTEGER NOT NULL,
    note      BLOB                             -- sealed
) STRICT;
CREATE INDEX notice_step_notice ON notice_step (notice_id, id);

-- Whether an address still answers. Only the newest look is kept.
CREATE TABLE place_check (
    notice_id INTEGER PRIMARY KEY REFERENCES notice (id),
    at_ms     INTEGER NOT NULL,                -- 0: not yet
    next_ms   INTEGER NOT NULL,                -- 0: never again
    result    INTEGER NOT NULL,                -- cases/recheck.h: up, gone, unclear
    status    INTEGER NOT NULL,                -- of HTTP; 0: none
    n_same    INTEGER NOT NULL DEFAULT 0,      -- looks in a row with this result
    n_up      INTEGER NOT NULL DEFAULT 0       -- looks in a row that found what had been removed
) STRICT;
CREATE INDEX place_check_next ON place_check (next_ms) WHERE next_ms > 0;

-- Public pages that are looked at again and again for copies.
CREATE TABLE watch (
    id        INTEGER PRIMARY KEY,
    case_id   INTEGER REFERENCES case_file (id), -- null: for every case
    address   BLOB NOT NULL,                   -- sealed: under the case's key, or the master key
    every_ms  INTEGER NOT NULL,
    next_ms   INTEGER NOT NULL,
    looked_ms INTEGER NOT NULL DEFAULT 0,
    result    INTEGER NOT NULL DEFAULT 0,
    n_media   INTEGER NOT NULL DEFAULT 0,      -- compared at the last look
    n_found   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX watch_next ON watch (next_ms);

-- An address that was found or handed in, and that a person at the desk has to look at first.
CREATE TABLE proposal (
    id         INTEGER PRIMARY KEY,
    case_id    INTEGER NOT NULL REFERENCES case_file (id),
    watch_id   INTEGER REFERENCES watch (id),  -- null: handed in as a list
    entry_id   INTEGER REFERENCES entry (id),
    grade      INTEGER NOT NULL,               -- enum lk_grade; 0: nobody compared it
    place      BLOB NOT NULL,                  -- sealed under the case's key
    note       BLOB,                           -- likewise: what the finder said of it
    place_hash BLOB NOT NULL,
    found_ms   INTEGER NOT NULL,
    state      INTEGER NOT NULL,               -- 1 proposed, 2 taken, 3 declined
    UNIQUE (case_id, place_hash)
) STRICT;
CREATE INDEX proposal_state ON proposal (state, case_id);
