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
