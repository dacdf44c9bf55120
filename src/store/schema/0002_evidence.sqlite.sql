-- What agreed when a match was found (cases/match_evidence.h), sealed under the case's key; null:
-- found before this step, or the case is closed.
ALTER TABLE case_match ADD COLUMN evidence BLOB;
