/* What is done beside matching: full tables become segments, segments of like size are merged (so a
 * print is moved once for each fourfold growth of the bank), what is mostly withdrawn is written
 * anew, what was never read is compared with its checks.
 *
 * Making a segment takes long and holds only the work lock: its sources stay as they are, but for
 * entries that are withdrawn or change their tier meanwhile. Then, under the change lock, these
 * changes are applied to the new segment's states, the manifest is replaced, and the view. Until
 * the manifest is in place the old files are the bank; afterwards the new one is. */
#include "bank.h"

#include "bank_inside.h"
#include "base/err.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <string.h>

enum { MERGE_AT = 4, LEAST_PRINTS = 1 << 14, EMPTY_LOG_BYTES = 1 << 20, MAX_SOURCES = 256 };
#define MAX_MERGED_PRINTS (UINT64_C(1) << 31)

/* Tables or segments that one new segment takes the place of. */
struct sources {
    size_t n_tables, n_segments;
    struct bank_table *tables[MAX_SOURCES];
    struct bank_segment *segments[MAX_SOURCES];
};

static uint64_t prints_of(const struct bank_segment *s)
{
    uint64_t n = 0;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        n += atomic_load_explicit(&s->n_prints[kind], memory_order_relaxed);
    return n;
}

/* 0 for up to 64 k prints, one more for each fourfold. */
static unsigned class_of(const struct bank_segment *s)
{
    unsigned class = 0;
    for (uint64_t n = prints_of(s) / LEAST_PRINTS; n >= MERGE_AT; n /= MERGE_AT)
        class ++;
    return class;
}

static bool may_merge(const struct bank_segment *s)
{
    return !atomic_load(&s->damaged);
}

static bool has_withdrawn(const struct bank_segment *s)
{
    return atomic_load(&s->n_entries) < s->image->n_entries;
}

static bool is_due(const struct bank_segment *s, int64_t now_ms)
{
    return s->rewrite || (s->due_ms != 0 && s->due_ms <= now_ms) ||
           atomic_load(&s->n_entries) * 2 < s->image->n_entries;
}

static void choose_one(const struct bank_view *view, struct sources *out)
{
    struct clock clock = clock_real();
    int64_t now_ms = clock_now_ms(&clock);
    for (size_t i = 0; i < view->n_segments && out->n_segments == 0; i++)
        if (may_merge(view->segments[i]) && is_due(view->segments[i], now_ms))
            out->segments[out->n_segments++] = view->segments[i];
}

/* Those of the smallest class that has enough of them, and everything smaller. */
static void choose_merge(const struct bank_view *view, struct sources *out)
{
    unsigned n_of[64] = {0}, class = 0;
    uint64_t n_prints = 0;
    for (size_t i = 0; i < view->n_segments; i++)
        n_of[class_of(view->segments[i])] += may_merge(view->segments[i]);
    while (class < 64 && n_of[class] < MERGE_AT)
        class ++;
    for (size_t i = 0; class < 64 && i < view->n_segments && out->n_segments < MAX_SOURCES; i++) {
        struct bank_segment *s = view->segments[i];
        n_prints += prints_of(s);
        if (may_merge(s) && class_of(s) <= class && n_prints < MAX_MERGED_PRINTS)
            out->segments[out->n_segments++] = s;
    }
    if (out->n_segments < 2)
        out->n_segments = 0;
}

static void choose_all(const struct bank_view *view, struct sources *out)
{
    uint64_t n_prints = 0;
    for (size_t i = 1; i < view->n_tables && out->n_tables < MAX_SOURCES; i++)
        out->tables[out->n_tables++] = view->tables[i];
    for (size_t i = 0; i < view->n_segments && out->n_segments < MAX_SOURCES; i++) {
        n_prints += prints_of(view->segments[i]);
        if (may_merge(view->segments[i]) && n_prints < MAX_MERGED_PRINTS)
            out->segments[out->n_segments++] = view->segments[i];
    }
    bool is_one = out->n_tables == 0 && out->n_segments == 1 && !has_withdrawn(out->segments[0]);
    if (is_one)
        out->n_segments = 0;
}

static void choose(const struct bank_view *view, bool all, struct sources *out)
{
    out->n_tables = out->n_segments = 0;
    if (all) {
        choose_all(view, out);
    } else if (view->n_tables > 1) {
        out->tables[out->n_tables++] = view->tables[view->n_tables - 1];
    } else {
        choose_one(view, out);
        if (out->n_segments == 0)
            choose_merge(view, out);
    }
}

struct verifying {
    struct bank *bank;
    struct bank_segment *segment;
};

static void on_damage(void *ctx, const struct segment_damage *damage)
{
    struct verifying *v = ctx;
    bool is_first = !atomic_exchange(&v->segment->damaged, true);
    unsigned long long number = v->segment->number, offset = damage->offset;
    if (damage->section == 0)
        bank_note_damage(v->bank, is_first, "segment-%llu: header or checks, at byte %llu", number,
                         offset);
    else if (damage->kind == 0)
        bank_note_damage(v->bank, is_first, "segment-%llu: section %s, at byte %llu", number,
                         segment_section_name(damage->section), offset);
    else
        bank_note_damage(v->bank, is_first, "segment-%llu: section %s of %s prints, at byte %llu",
                         number, segment_section_name(damage->section), lk_kind_name(damage->kind),
                         offset);
}

static bool go_on(void *ctx, uint64_t done_bytes, uint64_t n_bytes)
{
    (void)done_bytes;
    (void)n_bytes;
    const struct verifying *v = ctx;
    return !atomic_load(&v->bank->stop);
}

/* Damage is noted and no error. Errors: LK_IO, LK_NOMEM, LK_BUSY. */
static enum lk_status verify(struct bank *bank, struct bank_segment *s, struct lk_error *err)
{
    struct verifying v = {bank, s};
    const struct segment_watch watch = {&v, on_damage, go_on};
    enum lk_status status = segment_file_verify(s->file, &watch, err);
    s->verified = status == LK_OK || status == LK_CORRUPT;
    return status == LK_CORRUPT ? LK_OK : status;
}

/* Damage must not be copied into a file whose checks are good again. *clean: all may be merged. */
static enum lk_status verify_sources(struct bank *bank, const struct sources *sources, bool *clean,
                                     struct lk_error *err)
{
    *clean = true;
    for (size_t i = 0; i < sources->n_segments; i++) {
        struct bank_segment *s = sources->segments[i];
        if (!s->verified)
            TRY(verify(bank, s, err));
        *clean &= may_merge(s);
    }
    return LK_OK;
}

static uint8_t state_in(const struct image_source *src, uint32_t i)
{
    return src->table != NULL ? table_state(table_at(src->table, i))
                              : bank_segment_state(src->segment, i);
}

/* Applies to the new segment what changed in its sources since they were copied; *gone receives the
 * ordinals that were withdrawn, rising, in memory of n_changed * 5 bytes that the caller frees. */
struct changes {
    size_t n, n_gone;
    uint32_t *ordinals;
    uint8_t *states;
};

static size_t gather_changes(const struct image_source *src, size_t n, const struct bank_segment *s,
                             struct changes *out)
{
    size_t n_found = 0;
    for (size_t k = 0; k < n; k++)
        for (uint32_t i = 0; i < src[k].n; i++) {
            uint32_t ordinal = src[k].map[i];
            if (ordinal == SEGMENT_NO_ENTRY)
                continue;
            uint8_t state = state_in(&src[k], i);
            if (state == bank_segment_state(s, ordinal))
                continue;
            if (out != NULL) {
                out->ordinals[n_found] = ordinal;
                out->states[n_found] = state_tier(state) != 0 ? state : STATE_WITHDRAWN;
            }
            n_found++;
        }
    return n_found;
}

static enum lk_status apply_changes(struct bank *bank, const struct image_source *src, size_t n,
                                    struct bank_segment *s, struct changes *c, struct lk_error *err)
{
    *c = (struct changes){.n = gather_changes(src, n, s, NULL)};
    if (c->n == 0)
        return LK_OK;
    c->ordinals = bank->alloc->alloc(bank->alloc->ctx, c->n * (sizeof(uint32_t) + 1));
    if (c->ordinals == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu changes of a segment", c->n);
    c->states = (uint8_t *)(c->ordinals + c->n);
    gather_changes(src, n, s, c);
    TRY(bank_segment_mark(s, c->ordinals, c->states, c->n, err));
    for (size_t i = 0; i < c->n; i++)
        if (state_tier(c->states[i]) == 0)
            c->ordinals[c->n_gone++] = c->ordinals[i];
    return LK_OK;
}

static void changes_free(struct bank *bank, struct changes *c)
{
    bank->alloc->free(bank->alloc->ctx, c->ordinals, c->n * (sizeof(uint32_t) + 1));
}

/* The present view with the sources out and the new segment, which may be NULL, in. */
static struct bank_view *next_view(struct bank *bank, const struct sources *sources,
                                   struct bank_segment *s)
{
    const struct bank_view *now = views_now(&bank->views);
    struct bank_view *view = views_make(bank->alloc, now->n_tables - sources->n_tables,
                                        now->n_segments - sources->n_segments + (s != NULL));
    if (view == NULL)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < now->n_tables; i++) {
        bool out = false;
        for (size_t k = 0; k < sources->n_tables; k++)
            out |= sources->tables[k] == now->tables[i];
        if (!out)
            view->tables[n++] = now->tables[i];
    }
    n = 0;
    for (size_t i = 0; i < now->n_segments; i++) {
        bool out = false;
        for (size_t k = 0; k < sources->n_segments; k++)
            out |= sources->segments[k] == now->segments[i];
        if (!out)
            view->segments[n++] = now->segments[i];
    }
    if (s != NULL)
        view->segments[n] = s;
    return view;
}

/* Under the change lock: brings the new segment up to date and puts it in the place of its sources.
 * When *published is false it is still the caller's. */
static enum lk_status swap_in(struct bank *bank, const struct sources *sources,
                              const struct image_source *src, struct bank_segment *s,
                              bool *published, struct lk_error *err)
{
    struct changes c = {.n = 0};
    *published = false;
    TRY(bank_may_change(bank, err));
    enum lk_status status = LK_OK;
    if (s != NULL)
        status = apply_changes(bank, src, sources->n_tables + sources->n_segments, s, &c, err);
    struct bank_view *view = status == LK_OK ? next_view(bank, sources, s) : NULL;
    if (status == LK_OK && view == NULL)
        status = FAIL(err, LK_NOMEM, "no memory for a segment");
    if (status == LK_OK)
        status = bank_publish(bank, view, published, err);
    if (*published && c.n_gone > 0) {
        enum lk_status wiped = bank_segment_wipe(s, c.ordinals, c.n_gone, NULL);
        (void)wiped; /* they are gone; what is left of them is finished later */
    }
    changes_free(bank, &c);
    if (*published && bank->dir != NULL)
        dir_sweep(bank->dir);
    return status;
}

/* Writes the image as segment-N and state-N, and opens it. */
static enum lk_status write_files(struct bank *bank, const struct image_memory *memory,
                                  uint64_t number, const uint8_t *bank_id,
                                  struct bank_segment **out, struct lk_error *err)
{
    char path[DIR_PATH_BYTES], state_path[DIR_PATH_BYTES];
    uint8_t segment_id[SEGMENT_FILE_ID_BYTES];
    struct state_file state_file = {.fd = -1};
    dir_path(bank->dir, DIR_SEGMENT, number, path);
    dir_path(bank->dir, DIR_STATE, number, state_path);
    TRY(segment_file_write(path, &memory->image, bank->dir->key, segment_id, err));
    TRY(state_file_create(state_path, bank_id, number, memory->states, memory->image.n_entries,
                          &state_file, err));
    state_file_close(&state_file);
    TRY(file_sync_parent(path, err));
    const struct bank_segment_place place = {.segment_path = path,
                                             .state_path = state_path,
                                             .bank_id = bank_id,
                                             .key = bank->dir->key,
                                             .number = number,
                                             .write = true};
    TRY(bank_segment_open(bank->alloc, &place, out, err));
    (*out)->verified = true;
    return LK_OK;
}

static enum lk_status make_segment(struct bank *bank, struct image_memory *memory,
                                   struct bank_segment **out, struct lk_error *err)
{
    uint8_t own_id[BANK_ID_BYTES];
    pthread_mutex_lock(&bank->change);
    uint64_t number = bank->next_number++;
    bank_id(bank, own_id);
    pthread_mutex_unlock(&bank->change);
    *out = NULL;
    if (memory->image.n_entries == 0)
        return LK_OK;
    if (bank->dir == NULL)
        return bank_segment_new(bank->alloc, number, memory, out, err);
    enum lk_status status = write_files(bank, memory, number, own_id, out, err);
    if (status != LK_OK) {
        pthread_mutex_lock(&bank->change);
        bank->dir->dirty = true; /* what was written is swept away */
        dir_sweep(bank->dir);
        pthread_mutex_unlock(&bank->change);
    }
    return status;
}

/* One new segment for all sources. */
static enum lk_status replace(struct bank *bank, const struct sources *sources,
                              struct lk_error *err)
{
    struct image_source src[2 * MAX_SOURCES];
    size_t n = 0;
    for (size_t i = 0; i < sources->n_segments; i++)
        src[n++] = (struct image_source){.segment = sources->segments[i],
                                         .n = sources->segments[i]->image->n_entries};
    for (size_t i = sources->n_tables; i-- > 0;)
        src[n++] = (struct image_source){.table = sources->tables[i]->table,
                                         .n = atomic_load(&sources->tables[i]->table->n_slots)};
    struct image_memory memory;
    struct bank_segment *s = NULL;
    bool published = false;
    TRY(image_build(bank->alloc, src, n, &bank->stop, &memory, err));
    enum lk_status status = make_segment(bank, &memory, &s, err);
    image_memory_free(&memory);
    if (status == LK_OK) {
        pthread_mutex_lock(&bank->change);
        status = swap_in(bank, sources, src, s, &published, err);
        pthread_mutex_unlock(&bank->change);
    }
    image_sources_free(bank->alloc, src, n);
    if (!published)
        bank_segment_free(s);
    return status;
}

bool bank_is_husk(const struct bank_table *bt)
{
    return atomic_load(&bt->table->n_entries) == 0 &&
           (bt->log.end > EMPTY_LOG_BYTES || atomic_load(&bt->table->n_slots) > LEAST_PRINTS);
}

/* What must not wait for long and takes only a moment. */
static enum lk_status tidy(struct bank *bank, bool all, bool *did, struct lk_error *err)
{
    pthread_mutex_lock(&bank->change);
    enum lk_status status = bank_may_change(bank, err), finished = LK_OK;
    if (status == LK_OK && bank_is_unfinished(bank)) {
        *did = true;
        finished = bank_finish(bank, err);
    }
    if (status == LK_OK && (all || bank_is_husk(views_now(&bank->views)->tables[0])))
        status = bank_freeze(bank, err);
    if (status == LK_OK && bank->dir != NULL)
        dir_sweep(bank->dir);
    pthread_mutex_unlock(&bank->change);
    return status == LK_OK ? finished : status;
}

enum lk_status bank_work(struct bank *bank, bool all, bool *did, struct lk_error *err)
{
    struct sources sources;
    *did = false;
    /* What fails for want of space must not keep back what may give some. */
    enum lk_status tidied = tidy(bank, all, did, err);
    pthread_mutex_lock(&bank->change); /* the list of views is the writer's */
    choose(views_now(&bank->views), all, &sources);
    pthread_mutex_unlock(&bank->change);
    if (sources.n_tables + sources.n_segments > 0) {
        bool clean;
        *did = true;
        TRY(verify_sources(bank, &sources, &clean, err));
        if (clean)
            TRY(replace(bank, &sources, err));
    }
    return tidied;
}

enum lk_status bank_verify_some(struct bank *bank, bool again, struct lk_error *err)
{
    enum lk_status status = LK_OK;
    pthread_mutex_lock(&bank->work); /* segments in the view stay open */
    struct bank_reader reader = views_enter(&bank->views);
    for (size_t i = 0; i < reader.view->n_segments && status == LK_OK; i++) {
        struct bank_segment *s = reader.view->segments[i];
        if (s->file != NULL && (again || !s->verified))
            status = verify(bank, s, err);
    }
    views_leave(&bank->views, reader);
    pthread_mutex_unlock(&bank->work);
    return status;
}
