-- Notices that the desk sent about a location, and what became of them.
CREATE TABLE notice (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES case_file (id),
    text_number INTEGER NOT NULL,              -- the location, in case_text
    recipient   BLOB NOT NULL,                 -- sealed under the case's key
    regime      TEXT,                          -- id in data/law; null: no law, our own time limit
    state       INTEGER NOT NULL,              -- cases/notice.h
    sent_ms     INTEGER NOT NULL,
    due_ms      INTEGER NOT NULL,
    by_law      INTEGER NOT NULL,              -- 1: the time limit is the law's
    changed_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_case ON notice (case_id, text_number, id);
