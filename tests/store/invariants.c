#include "invariants.h"

static const struct {
    const char *what;
    const char *sql; /* counts what is wrong */
} rules[] = {
    {"changes are numbered without gaps",
     "SELECT count(*) <> coalesce(max(seq), 0) OR"
     " count(*) <> (SELECT value FROM counter WHERE name = 'change') FROM change"},
    {"events are numbered without gaps",
     "SELECT count(*) <> coalesce(max(seq), 0) OR"
     " count(*) <> (SELECT value FROM counter WHERE name = 'event') FROM event"},
    {"salts are kept of open cases alone",
     "SELECT count(*) FROM event_salt s LEFT JOIN case_file f ON f.id = s.case_id"
     " WHERE f.state IS NOT 1"},
    {"a match of an open case has the salt of its event",
     "SELECT (SELECT count(*) FROM case_match m JOIN entry e ON e.id = m.entry_id"
     "  JOIN case_file f ON f.id = e.case_id WHERE f.state = 1) <>"
     " (SELECT count(*) FROM event_salt s JOIN event v ON v.seq = s.seq WHERE v.type = 1)"},
    {"every match has one event",
     "SELECT (SELECT count(*) FROM case_match) <> (SELECT count(*) FROM event WHERE type = 1)"},
    {"every answered match has an event",
     "SELECT (SELECT count(*) FROM case_match WHERE answered_ms > 0) >"
     " (SELECT count(*) FROM event WHERE type = 3)"},
    {"every closed case has one event",
     "SELECT (SELECT count(*) FROM case_file WHERE state <> 1) <>"
     " (SELECT count(*) FROM event WHERE type = 2)"},
    {"an entry was added once, and withdrawn once if it has no prints",
     "SELECT count(*) FROM entry e LEFT JOIN (SELECT entry_id, sum(op = 1) AS added,"
     " sum(op = 3) AS gone FROM change GROUP BY entry_id) c ON c.entry_id = e.id"
     " WHERE c.added IS NOT 1 OR c.gone <> (e.record IS NULL)"},
    {"an open case has its keys and prints, a closed one nothing",
     "SELECT count(*) FROM case_file f WHERE (f.state = 1) <> (f.key_by_master IS NOT NULL) OR"
     " (f.state = 1) <> (f.key_by_code IS NOT NULL) OR"
     " EXISTS (SELECT 1 FROM entry e WHERE e.case_id = f.id AND"
     "  (f.state = 1) <> (e.record IS NOT NULL)) OR"
     " (f.state <> 1 AND EXISTS (SELECT 1 FROM case_text l WHERE l.case_id = f.id)) OR"
     " (f.state <> 1 AND (f.own_secret IS NOT NULL OR f.recovery IS NOT NULL)) OR"
     " (f.state <> 1 AND EXISTS (SELECT 1 FROM case_match m JOIN entry e ON e.id = m.entry_id"
     "  WHERE e.case_id = f.id AND m.note IS NOT NULL))"},
    {"of what a person did only the day is kept",
     "SELECT (SELECT count(*) FROM case_file WHERE opened_day_ms % 86400000 <> 0 OR"
     "  closed_day_ms % 86400000 <> 0 OR expires_ms % 86400000 <> 0)"
     " + (SELECT count(*) FROM event WHERE type = 2 AND event_ms % 86400000 <> 0)"
     " + (SELECT count(*) FROM idempotency WHERE expires_ms % 86400000 <> 0)"},
    {"references hold", "SELECT count(*) FROM pragma_foreign_key_check"},
};

const char *invariants_broken(struct kit *kit)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (kit_sql(kit->store, rules[i].sql) != 0)
            return rules[i].what;
    int64_t in_force = kit_sql(kit->store, "SELECT count(*) FROM entry WHERE record IS NOT NULL");
    if ((int64_t)registry_stats(kit->r).n_entries != in_force)
        return "the bank holds the entries in force";
    return NULL;
}
