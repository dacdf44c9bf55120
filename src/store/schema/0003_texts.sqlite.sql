-- What is typed is sealed twice, to keys whose secret halves are not in the store: the person's own
-- (opened by the code alone) and the desk's. Texts from before stay sealed under the case's key
-- (form 1).
CREATE TABLE case_text (
    case_id INTEGER NOT NULL REFERENCES case_file (id),
    number  INTEGER NOT NULL,
    kind    INTEGER NOT NULL,                  -- cases/case_text.h
    author  INTEGER NOT NULL,                  -- 1 the person, 2 the desk
    form    INTEGER NOT NULL,                  -- of own: 1 under the case's key, 2 a sealed box
    day_ms  INTEGER NOT NULL,
    own     BLOB NOT NULL,                     -- sealed
    desk    BLOB,                              -- sealed box
    PRIMARY KEY (case_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO case_text (case_id, number, kind, author, form, day_ms, own)
    SELECT l.case_id, l.number, 1, 1, 1, f.opened_day_ms, l.place
    FROM location l JOIN case_file f ON f.id = l.case_id;
INSERT INTO case_text (case_id, number, kind, author, form, day_ms, own)
    SELECT id, 0, 2, 1, 1, opened_day_ms, note FROM case_file WHERE note IS NOT NULL;
DROP TABLE location;
ALTER TABLE case_file DROP COLUMN note;
ALTER TABLE case_file ADD COLUMN own_public BLOB;  -- null: a case from before
ALTER TABLE case_file ADD COLUMN own_secret BLOB;  -- sealed under what the code gives; null once closed
ALTER TABLE case_file ADD COLUMN recovery BLOB;    -- the same in a sealed box for the desk; null: not wanted

-- Up to which change a partner's queries have been answered: its receipt for entries and withdrawals.
CREATE TABLE partner_seen (
    partner_id INTEGER PRIMARY KEY REFERENCES partner (id),
    seq        INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX change_entry ON change (entry_id, op);
