/* Withdrawing from a segment:
 *
 *   state = withdrawn, synced | hidden, wiped in memory | chunks overwritten | state = wiped
 *
 * From the first step on the entry is gone for good; a crash later leaves the rest to the next
 * opening. Overwriting one print touches some 33 chunks of 64 KiB (its row, and its filter and id
 * in each of 16 tables): beyond a part of the file it is cheaper to write the segment anew. */
#include "bank_segment.h"

#include "base/err.h"
#include "core/index/config.h"
#include "core/index/segment_batch.h"
#include "core/kernels/cpu.h"

#include <string.h>

enum {
    CHUNKS_A_PRINT = 33,
    REWRITE_PART = 2,     /* written anew rather than overwrite so much of the file */
    WINDOW_STATES = 4096, /* changed states closer than this are written together */
};

static void free_parts(struct bank_segment *s)
{
    if (s->states != NULL)
        s->alloc->free(s->alloc->ctx, s->states, s->image->n_entries);
    state_file_close(&s->state_file);
}

void bank_segment_free(struct bank_segment *s)
{
    if (s == NULL)
        return;
    free_parts(s);
    segment_file_close(s->file);
    image_memory_free(&s->memory);
    s->alloc->free(s->alloc->ctx, s, sizeof *s);
}

/* Counts an entry in or out. */
static void count(struct bank_segment *s, uint32_t ordinal, uint64_t by)
{
    size_t n;
    const struct segment_record *records = segment_image_records(s->image, ordinal, &n);
    atomic_fetch_add_explicit(&s->n_entries, by, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->n_digests, by * s->image->entries[ordinal].n_digests,
                              memory_order_relaxed);
    for (size_t i = 0; i < n; i++)
        if (records[i].kind <= LK_KIND_MAX)
            atomic_fetch_add_explicit(&s->n_prints[records[i].kind], by, memory_order_relaxed);
}

/* Hides the prints of a withdrawn entry from the indexes, or wipes them too. */
static void erase(struct bank_segment *s, uint32_t ordinal, bool wipe)
{
    size_t n;
    const struct segment_record *records = segment_image_records(s->image, ordinal, &n);
    for (size_t i = 0; i < n; i++)
        if (segment_image_print(s->image, &records[i]) != NULL)
            segment_erase_with(&s->image->index[records[i].kind], &s->tables[records[i].kind],
                               records[i].row, wipe);
    if (!wipe)
        return;
    struct segment_digest *digests = (void *)segment_image_digests(s->image, ordinal, &n);
    for (size_t i = 0; i < n; i++)
        memset(digests[i].bytes, 0, sizeof digests[i].bytes);
}

/* Makes image and states searchable, without what is withdrawn. */
static void attach(struct bank_segment *s)
{
    s->kernels = segment_kernels_of(cpu_mask());
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        if (s->image->index[kind].n_rows > 0)
            s->tables[kind] = segment_tables(&s->image->index[kind]);
    s->n_entries = s->image->n_entries;
    s->n_digests = s->image->n_digests;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        s->n_prints[kind] = s->image->index[kind].n_rows;
    for (uint32_t i = 0; i < s->image->n_entries; i++) {
        uint8_t state = bank_segment_state(s, i);
        if (state_tier(state) != 0)
            continue;
        count(s, i, UINT64_MAX); /* one less */
        erase(s, i, false);
        s->n_unwiped += state == STATE_WITHDRAWN;
    }
}

static struct bank_segment *make(const struct lk_alloc *alloc, uint64_t number)
{
    struct bank_segment *s = alloc->alloc(alloc->ctx, sizeof *s);
    if (s != NULL)
        *s = (struct bank_segment){
            .alloc = alloc, .number = number, .memory = {.alloc = alloc}, .state_file = {.fd = -1}};
    return s;
}

static enum lk_status make_states(struct bank_segment *s, struct lk_error *err)
{
    if (s->image->n_entries == 0)
        return LK_OK;
    s->states = s->alloc->alloc(s->alloc->ctx, s->image->n_entries);
    if (s->states == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the states of a segment");
    return LK_OK;
}

enum lk_status bank_segment_new(const struct lk_alloc *alloc, uint64_t number,
                                struct image_memory *memory, struct bank_segment **out,
                                struct lk_error *err)
{
    struct bank_segment *s = make(alloc, number);
    if (s == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a segment");
    s->image = &memory->image;
    s->verified = true;
    enum lk_status status = make_states(s, err);
    if (status == LK_OK) {
        memcpy((void *)s->states, memory->states, s->image->n_entries);
        attach(s);
    }
    if (status != LK_OK) {
        free_parts(s);
        alloc->free(alloc->ctx, s, sizeof *s);
        return status;
    }
    s->memory = *memory;
    s->image = &s->memory.image;
    *memory = (struct image_memory){.alloc = alloc};
    *out = s;
    return LK_OK;
}

static enum lk_status open_parts(struct bank_segment *s, const struct bank_segment_place *place,
                                 struct lk_error *err)
{
    struct segment_file_how how = {.write = place->write, .lock = LOCKED_PREFER};
    TRY(segment_file_open(place->segment_path, place->key, &how, &s->file, err));
    s->image = segment_file_image(s->file);
    struct segment_file_info info = segment_file_info(s->file);
    s->verified = !info.is_mapped;
    s->n_file_bytes = info.n_bytes;
    TRY(make_states(s, err));
    TRY(state_file_open(place->state_path, place->write, place->bank_id, place->number,
                        (uint8_t *)s->states, s->image->n_entries, &s->state_file, err));
    attach(s);
    return LK_OK;
}

enum lk_status bank_segment_open(const struct lk_alloc *alloc,
                                 const struct bank_segment_place *place, struct bank_segment **out,
                                 struct lk_error *err)
{
    struct bank_segment *s = make(alloc, place->number);
    if (s == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a segment");
    enum lk_status status = open_parts(s, place, err);
    if (status == LK_OK)
        *out = s;
    else
        bank_segment_free(s);
    return status;
}

uint32_t bank_segment_find(const struct bank_segment *s, const uint8_t id[BANK_ID_BYTES])
{
    uint32_t ordinal = segment_image_find(s->image, id);
    return ordinal != SEGMENT_NO_ENTRY && bank_segment_in_force(s, ordinal) ? ordinal
                                                                            : SEGMENT_NO_ENTRY;
}

static struct lk_print natural(unsigned kind, const struct lk_print *row)
{
    return index_out_of_order(index_config_of(kind)->order, row);
}

bool bank_segment_search(const struct bank_segment *s, unsigned kind, const struct lk_print *prints,
                         size_t n, unsigned radius_bits, bool lean, struct hits *hits)
{
    const struct segment *index = &s->image->index[kind];
    const struct segment_batch batch = {.alloc = s->alloc,
                                        .queries = prints,
                                        .hits = hits,
                                        .n = n,
                                        .radius_bits = radius_bits,
                                        .lean = lean};
    return index->n_rows == 0 || segment_search_batch(index, &s->tables[kind], &s->kernels, &batch);
}

/* false: the record names a row that is not there. */
static bool copy_record(const struct bank_segment *s, const struct segment_record *r, bool print,
                        struct lk_record *out)
{
    const struct lk_print *row = segment_image_print(s->image, r);
    *out = (struct lk_record){.time_ms = r->time_ms,
                              .frame = r->frame,
                              .kind = r->kind,
                              .front_end = r->front_end,
                              .quality = r->quality};
    if (row != NULL && print)
        out->print = natural(r->kind, row);
    return row != NULL;
}

bool bank_segment_copy_record(const struct bank_segment *s, uint32_t ordinal, size_t record,
                              struct lk_record *out)
{
    size_t n;
    if (!bank_segment_in_force(s, ordinal))
        return false;
    const struct segment_record *records = segment_image_records(s->image, ordinal, &n);
    if (record >= n || !copy_record(s, &records[record], true, out))
        return false;
    atomic_thread_fence(memory_order_acquire);
    return bank_segment_in_force(s, ordinal);
}

bool bank_segment_show(const struct bank_segment *s, uint32_t ordinal, bool prints,
                       struct lk_record *records, struct bank_entry *out)
{
    if (!bank_segment_in_force(s, ordinal))
        return false;
    size_t n, n_digests;
    const struct segment_entry *e = &s->image->entries[ordinal];
    const struct segment_record *stored = segment_image_records(s->image, ordinal, &n);
    const struct segment_digest *digests = segment_image_digests(s->image, ordinal, &n_digests);
    *out = (struct bank_entry){.tier = (uint8_t)state_tier(bank_segment_state(s, ordinal)),
                               .scope = e->scope,
                               .sequence = {.medium = e->medium,
                                            .n_digests = (uint8_t)n_digests,
                                            .duration_ms = e->duration_ms,
                                            .records = records,
                                            .n_records = n}};
    memcpy(out->id, e->id, BANK_ID_BYTES);
    for (size_t i = 0; i < n; i++)
        if (!copy_record(s, &stored[i], prints, &records[i]))
            return false;
    for (size_t i = 0; i < n_digests && i < LK_MAX_DIGESTS; i++) {
        out->sequence.digests[i].type = digests[i].type;
        memcpy(out->sequence.digests[i].bytes, digests[i].bytes, LK_DIGEST_BYTES);
    }
    atomic_thread_fence(memory_order_acquire);
    return bank_segment_in_force(s, ordinal);
}

/* Changes states in memory, and what depends on them. */
static void apply(struct bank_segment *s, const uint32_t *ordinals, const uint8_t *states, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t had = bank_segment_state(s, ordinals[i]);
        atomic_store_explicit(&s->states[ordinals[i]], states[i], memory_order_seq_cst);
        if (state_tier(had) != 0 && state_tier(states[i]) == 0)
            count(s, ordinals[i], UINT64_MAX);
        s->n_unwiped += (states[i] == STATE_WITHDRAWN) - (had == STATE_WITHDRAWN);
    }
}

/* Writes the states of ordinals[0..n), which stand close together, with what is between them. */
static enum lk_status write_window(struct bank_segment *s, const uint32_t *ordinals,
                                   const uint8_t *states, size_t n, struct lk_error *err)
{
    uint8_t window[2 * WINDOW_STATES];
    uint32_t first = ordinals[0], last = ordinals[n - 1];
    for (uint32_t i = first; i <= last; i++)
        window[i - first] = bank_segment_state(s, i);
    for (size_t i = 0; i < n; i++)
        window[ordinals[i] - first] = states[i];
    return state_file_write(&s->state_file, first, window, last - first + 1, err);
}

enum lk_status bank_segment_mark(struct bank_segment *s, const uint32_t *ordinals,
                                 const uint8_t *states, size_t n, struct lk_error *err)
{
    enum lk_status status = LK_OK;
    size_t done = 0;
    while (s->file != NULL && done < n && status == LK_OK) {
        size_t k = 1;
        while (done + k < n && ordinals[done + k] - ordinals[done] < 2 * WINDOW_STATES &&
               ordinals[done + k] - ordinals[done + k - 1] < WINDOW_STATES)
            k++;
        status = write_window(s, ordinals + done, states + done, k, err);
        done += k; /* one that failed may be written in part */
    }
    if (s->file == NULL)
        done = n;
    else if (status == LK_OK)
        status = state_file_sync(&s->state_file, err);
    /* When in doubt an entry is gone: somebody asked for it. A tier stays as it was. */
    for (size_t i = 0; i < done; i++)
        if (status == LK_OK || state_tier(states[i]) == 0)
            apply(s, &ordinals[i], &states[i], 1);
    s->states_unsure |= status != LK_OK;
    return status;
}

/* Roughly what overwriting so many entries will write. */
static bool worth_overwriting(const struct bank_segment *s, const uint32_t *ordinals, size_t n)
{
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t n_prints = s->image->entries[ordinals[i]].n_records;
        n_bytes += (n_prints * CHUNKS_A_PRINT + 1) * SEGMENT_FILE_CHUNK_BYTES;
    }
    return n_bytes < s->n_file_bytes / REWRITE_PART;
}

static enum lk_status overwrite(struct bank_segment *s, const uint32_t *ordinals, size_t n,
                                struct lk_error *err)
{
    TRY(segment_file_overwrite(s->file, err));
    uint8_t wiped = STATE_WIPED;
    for (size_t i = 0; i < n; i++) {
        TRY(state_file_write(&s->state_file, ordinals[i], &wiped, 1, err));
        apply(s, &ordinals[i], &wiped, 1);
    }
    return LK_OK; /* not synced: what is lost of it is only done once more */
}

enum lk_status bank_segment_wipe(struct bank_segment *s, const uint32_t *ordinals, size_t n,
                                 struct lk_error *err)
{
    bool in_memory = s->file == NULL;
    /* What is damaged is never written anew, so it is overwritten whatever that costs. */
    if (!in_memory)
        s->rewrite =
            !atomic_load(&s->damaged) && (s->rewrite || !worth_overwriting(s, ordinals, n));
    for (size_t i = 0; i < n; i++) {
        if (!in_memory && !s->rewrite)
            segment_file_touch_entry(s->file, ordinals[i]);
        erase(s, ordinals[i], in_memory || !s->rewrite);
    }
    if (in_memory) {
        uint8_t wiped = STATE_WIPED;
        for (size_t i = 0; i < n; i++)
            apply(s, &ordinals[i], &wiped, 1);
        return LK_OK;
    }
    return s->rewrite ? LK_OK : overwrite(s, ordinals, n, err);
}

/* Whether what was withdrawn goes away with the whole. */
static bool is_rewritten(const struct bank_segment *s)
{
    return s->rewrite && !atomic_load(&s->damaged);
}

bool bank_segment_unfinished(const struct bank_segment *s)
{
    return s->states_unsure || (s->n_unwiped > 0 && !is_rewritten(s));
}

static enum lk_status rewrite_states(struct bank_segment *s, struct lk_error *err)
{
    if (!s->states_unsure)
        return LK_OK;
    TRY(state_file_write(&s->state_file, 0, (const uint8_t *)s->states, s->image->n_entries, err));
    TRY(state_file_sync(&s->state_file, err));
    s->states_unsure = false;
    return LK_OK;
}

enum lk_status bank_segment_finish(struct bank_segment *s, struct lk_error *err)
{
    TRY(rewrite_states(s, err));
    if (s->n_unwiped == 0 || is_rewritten(s))
        return LK_OK;
    uint32_t *ordinals = s->alloc->alloc(s->alloc->ctx, s->n_unwiped * sizeof *ordinals);
    if (ordinals == NULL)
        return FAIL(err, LK_NOMEM, "no memory to finish withdrawing %u entries", s->n_unwiped);
    size_t n = 0, room = s->n_unwiped;
    for (uint32_t i = 0; i < s->image->n_entries && n < room; i++)
        if (bank_segment_state(s, i) == STATE_WITHDRAWN)
            ordinals[n++] = i;
    enum lk_status status = bank_segment_wipe(s, ordinals, n, err);
    s->alloc->free(s->alloc->ctx, ordinals, room * sizeof *ordinals);
    return status;
}

uint64_t bank_segment_bytes(const struct bank_segment *s)
{
    uint64_t n = sizeof *s + s->image->n_entries + image_memory_bytes(&s->memory);
    if (s->file != NULL && !segment_file_info(s->file).is_mapped)
        n += s->n_file_bytes;
    return n;
}
