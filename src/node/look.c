/* News are searched in two steps. The archive's bank says which contents share prints with an
 * entry, seen from the entry; then each of these is asked for in a bank of the new entries alone,
 * the way an upload is. Only what that finds counts, with its grade: the same words would come back
 * if the content were uploaded again. */
#include "node/look.h"

#include "base/err.h"
#include "base/hex.h"
#include "node/match.h"
#include "node/policy.h"
#include "sys/clock.h"

#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 64, ARENA_BYTES = 256 << 20 };

struct looking {
    struct node *node;
    struct arena *arena; /* of these entries */
    const struct bank_entry *entries;
    size_t n;
    struct bank *bank; /* of the entries alone */
    uint32_t scope;    /* of the content that is asked for */
    int64_t now_ms;
    size_t n_new;
};

static int64_t now_ms(void)
{
    struct clock clock = clock_real();
    return clock_now_ms(&clock);
}

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory to search the archive");
}

/* ---- news ---- */

static uint32_t scope_of(const struct looking *l, const uint8_t id[BANK_ID_BYTES])
{
    for (size_t i = 0; i < l->n; i++)
        if (memcmp(l->entries[i].id, id, BANK_ID_BYTES) == 0)
            return l->entries[i].scope;
    return 0;
}

static enum lk_status note_hits(struct looking *l, struct policy *policy, const char *name,
                                const struct bank_matches *hits, struct lk_error *err)
{
    struct finding *found = arena_zalloc(l->arena, hits->n, sizeof *found);
    size_t n = 0, n_new = 0;
    if (found == NULL)
        return no_memory(err);
    for (size_t i = 0; i < hits->n; i++) {
        const struct bank_match *hit = &hits->p[i];
        struct finding *x = &found[n];
        struct mark mark = marks_get(l->node->marks, hit->id, scope_of(l, hit->id));
        struct policy_verdict judged;
        TRY(policy_judge(policy, hit, &mark, &judged, err));
        if (judged.leave_out || judged.effect == MATCH_ALLOWED)
            continue;
        *x = (struct finding){.found_ms = l->now_ms,
                              .medium = hit->medium,
                              .grade = hit->verdict.grade,
                              .tier = hit->tier,
                              .would = judged.effect == MATCH_SHADOW ? judged.would : judged.action,
                              .by = FOUND_BY_NEWS,
                              .shadow = judged.effect == MATCH_SHADOW,
                              .dist_bits = hit->verdict.dist_bits,
                              .content = name};
        memcpy(x->entry, hit->id, sizeof x->entry);
        n++;
    }
    TRY(findings_add(l->node->findings, found, n, &n_new, err));
    l->n_new += n_new;
    return LK_OK;
}

/* One content that shares something: what would it be answered with? */
static enum lk_status ask_for(void *ctx, const struct bank_entry *content, struct lk_error *err)
{
    struct looking *l = ctx;
    struct bank_matches hits;
    const char *name = shelf_name(l->node->archive, content->scope, l->arena);
    if (name == NULL)
        return LK_OK;
    TRY(bank_match(l->bank, &content->sequence, 1, &l->arena->alloc, &hits, err));
    struct policy policy = {
        .node = l->node, .arena = l->arena, .sequences = &content->sequence, .now_ms = l->now_ms};
    return hits.n == 0 ? LK_OK : note_hits(l, &policy, name, &hits, err);
}

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct bank_match *)a)->id, ((const struct bank_match *)b)->id,
                  BANK_ID_BYTES);
}

static enum lk_status ask_for_all(struct looking *l, struct bank_matches *candidates,
                                  struct lk_error *err)
{
    struct bank_match *p = candidates->p;
    qsort(p, candidates->n, sizeof *p, by_id);
    for (size_t i = 0; i < candidates->n; i++) {
        if (i > 0 && by_id(&p[i], &p[i - 1]) == 0)
            continue;
        enum lk_status status = bank_get(shelf_bank(l->node->archive), p[i].id, ask_for, l, err);
        if (status != LK_NOT_FOUND) /* removed meanwhile */
            TRY(status);
    }
    return LK_OK;
}

static enum lk_status search(struct looking *l, struct lk_error *err)
{
    struct bank_matches candidates;
    struct lk_sequence *queries = arena_alloc(l->arena, l->n * sizeof *queries);
    if (queries == NULL)
        return no_memory(err);
    for (size_t i = 0; i < l->n; i++)
        queries[i] = l->entries[i].sequence;
    TRY(bank_match(shelf_bank(l->node->archive), queries, l->n, &l->arena->alloc, &candidates,
                   err));
    if (candidates.n_left_out > 0)
        LOG(&l->node->config->log, LOG_LEVEL_WARN, "archive",
            LOG_TEXT("problem", "an entry meets more contents than are noted at once: scan the "
                                "archive"),
            LOG_NUMBER("left_out", candidates.n_left_out));
    if (candidates.n == 0)
        return LK_OK;
    const struct bank_config config = {.mode = BANK_WRITE,
                                       .by_caller = true,
                                       .judged_as_items =
                                           bank_stats(l->node->bank).n_entries + l->n};
    TRY(bank_open(NULL, &config, &l->bank, err));
    enum lk_status status = bank_add(l->bank, l->entries, l->n, 0, err);
    if (status == LK_OK)
        status = ask_for_all(l, &candidates, err);
    bank_close(l->bank);
    return status;
}

enum lk_status look_for_entries(struct node *node, const struct bank_entry *entries, size_t n,
                                struct lk_error *err)
{
    size_t n_new = 0;
    if (shelf_count(node->archive) == 0)
        return LK_OK;
    for (size_t i = 0; i < n; i += AT_ONCE) {
        struct arena arena;
        arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
        struct looking l = {.node = node,
                            .arena = &arena,
                            .entries = entries + i,
                            .n = n - i < AT_ONCE ? n - i : AT_ONCE,
                            .now_ms = now_ms()};
        enum lk_status status = search(&l, err);
        arena_fini(&arena);
        TRY(status);
        n_new += l.n_new;
    }
    if (n_new > 0)
        LOG(&node->config->log, LOG_LEVEL_INFO, "archive", LOG_NUMBER("findings", n_new));
    node_count(node, COUNT_FINDINGS, n_new);
    return LK_OK;
}

/* ---- what was asked for ---- */

struct noted {
    struct node *node;
    const struct finding *found;
    size_t n;
};

static bool is_noted_and_gone(void *ctx, const uint8_t entry[BANK_ID_BYTES])
{
    const struct noted *noted = ctx;
    for (size_t i = 0; i < noted->n; i++)
        if (memcmp(noted->found[i].entry, entry, BANK_ID_BYTES) == 0)
            return !bank_has(noted->node->bank, entry);
    return false;
}

/* What was withdrawn between the search and the note was forgotten too early. */
static enum lk_status drop_withdrawn(struct node *node, const struct finding *found, size_t n,
                                     struct lk_error *err)
{
    struct noted noted = {node, found, n};
    for (size_t i = 0; i < n; i++)
        if (!bank_has(node->bank, found[i].entry))
            return findings_forget(node->findings, is_noted_and_gone, &noted, err);
    return LK_OK;
}

/* How many findings the matches of one content make. */
static size_t fill_findings(const struct match_result *result, const char *name, enum found_by by,
                            struct finding *found)
{
    size_t n = 0;
    for (size_t i = 0; i < result->n; i++) {
        const struct match *m = &result->matches[i];
        struct finding *x = &found[n];
        if (m->effect == MATCH_ALLOWED)
            continue;
        *x = (struct finding){.found_ms = now_ms(),
                              .medium = m->medium,
                              .grade = m->grade,
                              .tier = m->tier,
                              .would = m->effect == MATCH_SHADOW ? m->would : m->action,
                              .by = (uint8_t)by,
                              .shadow = m->effect == MATCH_SHADOW,
                              .dist_bits = m->dist_bits,
                              .content = name};
        (void)hex_decode(m->entry, x->entry, sizeof x->entry);
        n++;
    }
    return n;
}

enum lk_status look_note(struct node *node, enum found_by by, const struct match_result *results,
                         const struct node_line *lines, size_t n, struct arena *arena,
                         size_t *n_new, struct lk_error *err)
{
    size_t n_room = 0, n_found = 0;
    *n_new = 0;
    for (size_t i = 0; i < n; i++)
        n_room += lines[i].name == NULL ? 0 : results[i].n;
    if (n_room == 0)
        return LK_OK;
    struct finding *found = arena_zalloc(arena, n_room, sizeof *found);
    if (found == NULL)
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        if (lines[i].name != NULL)
            n_found += fill_findings(&results[i], lines[i].name, by, found + n_found);
    TRY(findings_add(node->findings, found, n_found, n_new, err));
    node_count(node, COUNT_FINDINGS, *n_new);
    return drop_withdrawn(node, found, n_found, err);
}

enum lk_status look_note_uploads(struct node *node, const struct match_result *results,
                                 const struct node_line *lines, size_t n, struct arena *arena,
                                 struct lk_error *err)
{
    size_t n_new;
    return node->config->is_shadow
               ? look_note(node, FOUND_BY_QUERY, results, lines, n, arena, &n_new, err)
               : LK_OK;
}

/* ---- the archive, piece by piece ---- */

struct searched {
    struct node *node;
    struct arena *arena;
    struct node_line line;
    size_t n_new;
};

static enum lk_status search_content(void *ctx, const struct bank_entry *content,
                                     struct lk_error *err)
{
    struct searched *s = ctx;
    struct match_result *results;
    size_t n_new = 0;
    TRY(node_match(s->node, &content->sequence, &s->line, 1, s->arena, &results, err));
    TRY(look_note(s->node, FOUND_BY_SCAN, results, &s->line, 1, s->arena, &n_new, err));
    s->n_new += n_new;
    return LK_OK;
}

enum lk_status look_through_archive(struct node *node, uint64_t *after, size_t limit,
                                    struct arena *arena, size_t *n, size_t *n_new,
                                    struct lk_error *err)
{
    struct searched s = {.node = node, .arena = arena};
    uint8_t id[BANK_ID_BYTES];
    for (*n = 0; *n < limit; ++*n) {
        s.line.name = shelf_next(node->archive, after, id, arena);
        if (s.line.name == NULL)
            break;
        enum lk_status status = bank_get(shelf_bank(node->archive), id, search_content, &s, err);
        if (status != LK_NOT_FOUND) /* removed meanwhile */
            TRY(status);
    }
    *n_new = s.n_new;
    return LK_OK;
}

static bool is_gone(void *ctx, const uint8_t entry[BANK_ID_BYTES])
{
    const struct node *node = ctx;
    return !bank_has(node->bank, entry);
}

enum lk_status look_drop_gone(struct node *node, struct lk_error *err)
{
    TRY(findings_forget(node->findings, is_gone, node, err));
    return quarantine_forget(node->quarantine, is_gone, node, err);
}
