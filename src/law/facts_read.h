/* law/facts_read.h - one file's statements into lists of facts, for facts.c alone. */
#ifndef LAW_FACTS_READ_H
#define LAW_FACTS_READ_H

#include "law/facts.h"
#include "law/law_file.h"

enum {
    FACTS_MAX_RULES = 32,
    FACTS_MAX_OFFENCES = 64,
    FACTS_MAX_GAPS = 24,
    FACTS_MAX_SOURCES = 128
};

struct facts_reading {
    struct arena *arena;
    const struct law_situation *situation;
    const char *only;               /* id of the one regime that is wanted, whatever it is about */
    const struct json_tree *fields; /* regime-topics.json's "regimes" */
    const struct json_tree *clocks; /* clock-rules.json's "regimes" */
    struct law_rule *rules;
    struct law_offence *offences;
    struct law_gap *gaps;
    struct law_source *sources;
    size_t n_rules, n_offences, n_gaps, n_sources;
    /* of the file that is being read: its sources, and where each stands in the list */
    const struct json_tree *file_sources;
    unsigned file_places[FACTS_MAX_SOURCES]; /* place + 1; 0: not in the list yet */
};

/* Appends what of the file bears on the situation. Errors: LK_NOMEM, LK_LIMIT. */
enum lk_status facts_read_file(struct facts_reading *r, const struct json_tree *file,
                               struct lk_error *err) LK_MUST_CHECK;

/* Its rules alone. */
enum lk_status facts_read_rules(struct facts_reading *r, const struct json_tree *file,
                                struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOMEM, LK_LIMIT. */
enum lk_status facts_read_police(struct facts_reading *r, const struct json_tree *file,
                                 struct law_police *out, struct lk_error *err) LK_MUST_CHECK;

#endif
