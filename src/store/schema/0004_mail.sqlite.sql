-- Who asked to be told, by a neutral mail, that there is news. Only while the case is open.
CREATE TABLE case_mail (
    case_id     INTEGER PRIMARY KEY REFERENCES case_file (id),
    address     BLOB NOT NULL,                 -- sealed under the case's key
    lang        TEXT NOT NULL,                 -- of the mail
    news        INTEGER NOT NULL DEFAULT 0,    -- 1: something happened that no mail has told yet
    sent_day_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
