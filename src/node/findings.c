/* Findings stand in the order of their numbers; a hash table of places says whether an entry and a
 * content have one. Records of the journal:
 *
 *   1 number (8) found_ms (8) entry (16) medium grade tier would by mark shadow (1 each) dist (2)
 *     content: a finding
 *   2 number (8) mark (1): it was marked
 *   3 number (8): the next one (of a file written anew)
 *   4 tier grade would (1 each) right (8) wrong (8): marked ones that are gone
 *
 * What is forgotten must leave the disk, so the file is then written anew. */
#include "node/findings.h"

#include "base/err.h"
#include "base/le.h"
#include "node/journal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    FOUND = 1,
    MARKED = 2,
    NEXT = 3,
    TALLY = 4,
    FOUND_BYTES = 1 + 8 + 8 + BANK_ID_BYTES + 7 + 2,
    MARKED_BYTES = 10,
    NEXT_BYTES = 9,
    TALLY_BYTES = 20,
    FIRST_ROOM = 64,
};

static const char head[JOURNAL_HEAD_BYTES] = {'L', 'K', 'N', 'F', 1};

struct findings {
    pthread_mutex_t lock;
    struct journal *journal;
    const struct keys *keys;
    struct finding *list; /* contents are its own */
    size_t n, room, n_open;
    uint32_t *table; /* places in the list, from 1; twice as much room as the list has */
    uint64_t next, n_lost;
    bool is_stale;               /* what was forgotten is still in the file */
    struct findings_report gone; /* marked ones of withdrawn entries */
};

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for findings");
}

const char *found_by_name(unsigned by)
{
    static const char *const names[] = {"unknown", "news", "scan", "query"};
    return by < sizeof names / sizeof names[0] ? names[by] : names[0];
}

const char *finding_mark_name(unsigned mark)
{
    static const char *const names[] = {"open", "right", "wrong"};
    return mark < sizeof names / sizeof names[0] ? names[mark] : names[0];
}

/* ---- in memory ---- */

static size_t hash_of(const struct findings *f, const struct finding *x)
{
    uint8_t hash[16];
    const struct seal_part parts[] = {{x->entry, sizeof x->entry}, SEAL_TEXT(x->content)};
    keys_hash(f->keys, KEY_DEDUPE, parts, 2, hash, sizeof hash);
    return (size_t)le_get64(hash);
}

/* Where a finding stands in the table, or would. */
static size_t place_of(const struct findings *f, const struct finding *x)
{
    size_t mask = 2 * f->room - 1, at = hash_of(f, x) & mask;
    for (; f->table[at] != 0; at = (at + 1) & mask) {
        const struct finding *y = &f->list[f->table[at] - 1];
        if (memcmp(y->entry, x->entry, sizeof x->entry) == 0 && strcmp(y->content, x->content) == 0)
            break;
    }
    return at;
}

static void fill_table(struct findings *f)
{
    if (f->room > 0)
        memset(f->table, 0, 2 * f->room * sizeof *f->table);
    for (size_t i = 0; i < f->n; i++)
        f->table[place_of(f, &f->list[i])] = (uint32_t)i + 1;
}

static enum lk_status grow(struct findings *f, struct lk_error *err)
{
    size_t room = f->room == 0 ? FIRST_ROOM : 2 * f->room;
    struct finding *list = realloc(f->list, room * sizeof *list);
    if (list == NULL)
        return no_memory(err);
    f->list = list;
    uint32_t *table = calloc(2 * room, sizeof *table);
    if (table == NULL)
        return no_memory(err);
    free(f->table);
    f->table = table;
    f->room = room;
    fill_table(f);
    return LK_OK;
}

static enum lk_status append(struct findings *f, const struct finding *x, bool *is_new,
                             struct lk_error *err)
{
    *is_new = false;
    if (f->n == f->room)
        TRY(grow(f, err));
    size_t place = place_of(f, x);
    if (f->table[place] != 0)
        return LK_OK;
    if (f->n == FINDINGS_MAX) {
        f->n_lost++;
        return LK_OK;
    }
    char *content = strdup(x->content);
    if (content == NULL)
        return no_memory(err);
    f->list[f->n] = *x;
    f->list[f->n].content = content;
    f->table[place] = (uint32_t)++f->n;
    f->n_open += x->mark == MARK_OPEN;
    *is_new = true;
    return LK_OK;
}

/* The first finding whose number is at least this one. */
static size_t first_from(const struct findings *f, uint64_t number)
{
    size_t low = 0, high = f->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->list[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct finding *find(struct findings *f, uint64_t number)
{
    size_t at = first_from(f, number);
    return at < f->n && f->list[at].number == number ? &f->list[at] : NULL;
}

static void set_mark(struct findings *f, struct finding *x, uint8_t mark)
{
    f->n_open += mark == MARK_OPEN;
    f->n_open -= x->mark == MARK_OPEN;
    x->mark = mark;
}

/* The last one, or one whose place is taken by another. */
static void drop(struct findings *f, struct finding *x)
{
    f->n_open -= x->mark == MARK_OPEN;
    free((char *)(uintptr_t)x->content);
}

static bool is_in_range(unsigned tier, unsigned grade, unsigned would)
{
    return tier >= LK_TIER_SELF && tier <= LK_TIER_CONFIRMED && grade >= LK_EXACT &&
           grade <= LK_REVIEW && would <= LK_ACT_BLOCK;
}

static void count(struct findings_report *r, const struct finding *x)
{
    struct findings_row *row = &r->rows[x->tier][x->grade][x->would];
    row->n++;
    row->n_right += x->mark == MARK_RIGHT;
    row->n_wrong += x->mark == MARK_WRONG;
    r->n_open += x->mark == MARK_OPEN;
}

/* ---- the file ---- */

static void note(struct journal *j, const struct finding *x)
{
    uint8_t bytes[FOUND_BYTES + SHELF_MAX_NAME_BYTES] = {FOUND}, *p = bytes + 1;
    const uint8_t small[7] = {x->medium, x->grade, x->tier, x->would, x->by, x->mark, x->shadow};
    size_t n = strnlen(x->content, SHELF_MAX_NAME_BYTES);
    le_put64(p, x->number);
    le_put64(p + 8, (uint64_t)x->found_ms);
    memcpy(p + 16, x->entry, BANK_ID_BYTES);
    memcpy(p + 32, small, sizeof small);
    le_put16(p + 39, x->dist_bits);
    memcpy(bytes + FOUND_BYTES, x->content, n);
    journal_add(j, bytes, FOUND_BYTES + n);
}

static void write_all(void *ctx, struct journal *anew)
{
    const struct findings *f = ctx;
    uint8_t next[NEXT_BYTES] = {NEXT}, tally[TALLY_BYTES] = {TALLY};
    for (uint8_t tier = LK_TIER_SELF; tier <= LK_TIER_CONFIRMED; tier++)
        for (uint8_t grade = LK_EXACT; grade <= LK_REVIEW; grade++)
            for (uint8_t would = 0; would <= LK_ACT_BLOCK; would++) {
                const struct findings_row *row = &f->gone.rows[tier][grade][would];
                if (row->n == 0)
                    continue;
                memcpy(tally + 1, (const uint8_t[3]){tier, grade, would}, 3);
                le_put64(tally + 4, row->n_right);
                le_put64(tally + 12, row->n_wrong);
                journal_add(anew, tally, sizeof tally);
            }
    for (size_t i = 0; i < f->n; i++)
        note(anew, &f->list[i]);
    le_put64(next + 1, f->next);
    journal_add(anew, next, sizeof next);
}

static enum lk_status damaged(struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "the findings are damaged");
}

static enum lk_status read_found(struct findings *f, const uint8_t *p, size_t n,
                                 struct lk_error *err)
{
    char content[SHELF_MAX_NAME_BYTES + 1] = "";
    const uint8_t *small = p + 33;
    bool is_new;
    struct finding x = {.number = le_get64(p + 1), .found_ms = (int64_t)le_get64(p + 9)};
    x.medium = small[0], x.grade = small[1], x.tier = small[2], x.would = small[3];
    x.by = small[4], x.mark = small[5], x.shadow = small[6] != 0;
    x.dist_bits = le_get16(p + 40);
    if (!is_in_range(x.tier, x.grade, x.would) || x.mark > MARK_WRONG || x.number < f->next)
        return damaged(err);
    memcpy(x.entry, p + 17, BANK_ID_BYTES);
    memcpy(content, p + FOUND_BYTES, n - FOUND_BYTES);
    x.content = content;
    f->next = x.number + 1;
    return append(f, &x, &is_new, err);
}

static enum lk_status read_tally(struct findings *f, const uint8_t *p, struct lk_error *err)
{
    if (!is_in_range(p[1], p[2], p[3]))
        return damaged(err);
    struct findings_row *row = &f->gone.rows[p[1]][p[2]][p[3]];
    row->n_right = le_get64(p + 4);
    row->n_wrong = le_get64(p + 12);
    row->n = row->n_right + row->n_wrong;
    return LK_OK;
}

static enum lk_status read_record(void *ctx, const uint8_t *p, size_t n, struct lk_error *err)
{
    struct findings *f = ctx;
    if (n > FOUND_BYTES && n <= FOUND_BYTES + SHELF_MAX_NAME_BYTES && p[0] == FOUND)
        return read_found(f, p, n, err);
    if (n == MARKED_BYTES && p[0] == MARKED && p[9] <= MARK_WRONG) {
        struct finding *x = find(f, le_get64(p + 1));
        if (x != NULL)
            set_mark(f, x, p[9]);
        return LK_OK;
    }
    if (n == TALLY_BYTES && p[0] == TALLY)
        return read_tally(f, p, err);
    if (n != NEXT_BYTES || p[0] != NEXT)
        return damaged(err);
    f->next = le_get64(p + 1);
    return LK_OK;
}

enum lk_status findings_open(const char *path, const struct keys *keys, struct findings **out,
                             struct lk_error *err)
{
    struct findings *f = calloc(1, sizeof *f);
    *out = NULL;
    if (f == NULL)
        return no_memory(err);
    pthread_mutex_init(&f->lock, NULL);
    f->keys = keys;
    f->next = 1;
    enum lk_status status = journal_open(path, head, keys, read_record, f, &f->journal, err);
    if (status != LK_OK)
        findings_close(f);
    else
        *out = f;
    return status;
}

void findings_close(struct findings *f)
{
    if (f == NULL)
        return;
    for (size_t i = 0; i < f->n; i++)
        free((char *)(uintptr_t)f->list[i].content);
    free(f->list);
    free(f->table);
    journal_close(f->journal);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

/* ---- what comes, is marked, and goes ---- */

static enum lk_status add_all(struct findings *f, const struct finding *found, size_t n,
                              size_t *n_new, struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        struct finding x = found[i];
        bool is_new;
        x.number = f->next;
        x.mark = MARK_OPEN;
        TRY(append(f, &x, &is_new, err));
        if (!is_new)
            continue;
        f->next++;
        ++*n_new;
        note(f->journal, &x);
    }
    return LK_OK;
}

enum lk_status findings_add(struct findings *f, const struct finding *found, size_t n,
                            size_t *n_new, struct lk_error *err)
{
    pthread_mutex_lock(&f->lock);
    *n_new = 0;
    size_t before = f->n;
    enum lk_status status = add_all(f, found, n, n_new, err);
    if (status == LK_OK)
        status = journal_commit(f->journal, err);
    if (status != LK_OK) {
        journal_drop(f->journal);
        while (f->n > before)
            drop(f, &f->list[--f->n]);
        fill_table(f);
    }
    pthread_mutex_unlock(&f->lock);
    return status;
}

enum lk_status findings_mark(struct findings *f, uint64_t number, enum finding_mark mark,
                             struct lk_error *err)
{
    uint8_t bytes[MARKED_BYTES] = {MARKED};
    enum lk_status status = LK_OK;
    pthread_mutex_lock(&f->lock);
    struct finding *x = find(f, number);
    if (x == NULL) {
        status = FAIL(err, LK_NOT_FOUND, "no finding has this number: it may have been withdrawn");
    } else {
        le_put64(bytes + 1, number);
        bytes[9] = (uint8_t)mark;
        journal_add(f->journal, bytes, sizeof bytes);
        status = journal_commit(f->journal, err);
        if (status == LK_OK)
            set_mark(f, x, (uint8_t)mark);
    }
    pthread_mutex_unlock(&f->lock);
    return status;
}

enum lk_status findings_forget(struct findings *f,
                               bool (*is_gone)(void *ctx, const uint8_t entry[BANK_ID_BYTES]),
                               void *ctx, struct lk_error *err)
{
    size_t n = 0;
    enum lk_status status = LK_OK;
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->n; i++) {
        struct finding *x = &f->list[i];
        if (!is_gone(ctx, x->entry)) {
            f->list[n++] = *x;
            continue;
        }
        if (x->mark != MARK_OPEN)
            count(&f->gone, x);
        drop(f, x);
    }
    f->is_stale |= n < f->n;
    f->n = n;
    if (f->is_stale) {
        fill_table(f);
        status = journal_rewrite(f->journal, write_all, f, err);
        f->is_stale = status != LK_OK;
    }
    pthread_mutex_unlock(&f->lock);
    return status;
}

/* ---- looking ---- */

static enum lk_status copy_out(const struct findings *f, size_t from, size_t n, struct arena *arena,
                               struct finding **out, struct lk_error *err)
{
    *out = arena_zalloc(arena, n + 1, sizeof **out);
    if (*out == NULL)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        struct finding *x = &(*out)[i];
        *x = f->list[from + i];
        x->content = arena_copy(arena, x->content, strlen(x->content));
        if (x->content == NULL)
            return no_memory(err);
    }
    return LK_OK;
}

enum lk_status findings_list(struct findings *f, uint64_t after, size_t limit, struct arena *arena,
                             struct finding **out, size_t *n, bool *more, struct lk_error *err)
{
    pthread_mutex_lock(&f->lock);
    size_t from = after == UINT64_MAX ? f->n : first_from(f, after + 1);
    *n = f->n - from < limit ? f->n - from : limit;
    *more = from + *n < f->n;
    enum lk_status status = copy_out(f, from, *n, arena, out, err);
    pthread_mutex_unlock(&f->lock);
    return status;
}

size_t findings_open_count(struct findings *f)
{
    pthread_mutex_lock(&f->lock);
    size_t n = f->n_open;
    pthread_mutex_unlock(&f->lock);
    return n;
}

void findings_report(struct findings *f, struct findings_report *out)
{
    pthread_mutex_lock(&f->lock);
    *out = f->gone;
    for (size_t i = 0; i < f->n; i++)
        count(out, &f->list[i]);
    out->n_lost = f->n_lost;
    pthread_mutex_unlock(&f->lock);
}
