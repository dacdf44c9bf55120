/* What a bank shows: the entries of its tables and segments, one by one and in numbers. */
#include "bank.h"

#include "bank_inside.h"
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct place {
    const struct bank_table *table; /* or */
    const struct bank_segment *segment;
    uint32_t number; /* slot or ordinal */
};

/* Where the entry in force of this id is. Tables first: what moves from a table into a segment is
 * in one view's table and in the next one's segment, never in both or neither. */
static bool find(const struct bank_view *view, const uint8_t id[BANK_ID_BYTES], struct place *out)
{
    for (size_t i = 0; i < view->n_tables; i++) {
        uint32_t slot = table_find(view->tables[i]->table, id, false);
        *out = (struct place){.table = view->tables[i], .number = slot};
        if (slot != REFS_NONE)
            return true;
    }
    for (size_t i = 0; i < view->n_segments; i++) {
        uint32_t ordinal = bank_segment_find(view->segments[i], id);
        *out = (struct place){.segment = view->segments[i], .number = ordinal};
        if (ordinal != SEGMENT_NO_ENTRY)
            return true;
    }
    return false;
}

bool bank_has(struct bank *bank, const uint8_t id[BANK_ID_BYTES])
{
    struct place place;
    struct bank_reader reader = views_enter(&bank->views);
    bool has = find(reader.view, id, &place);
    views_leave(&bank->views, reader);
    return has;
}

static bool copy(const struct place *place, struct lk_record *records, struct bank_entry *entry)
{
    return place->table != NULL
               ? table_show(place->table->table, place->number, records, entry)
               : bank_segment_show(place->segment, place->number, true, records, entry);
}

static enum lk_status missing(struct lk_error *err)
{
    return FAIL(err, LK_NOT_FOUND, "no entry of this id is in the bank");
}

/* Room for the records of one entry, whichever it is. */
static struct lk_record *records_take(struct bank *bank)
{
    return bank->alloc->alloc(bank->alloc->ctx, LK_MAX_RECORDS * sizeof(struct lk_record));
}

static void records_free(struct bank *bank, struct lk_record *records)
{
    bank->alloc->free(bank->alloc->ctx, records, LK_MAX_RECORDS * sizeof *records);
}

enum lk_status bank_get(struct bank *bank, const uint8_t id[BANK_ID_BYTES], bank_show *show,
                        void *ctx, struct lk_error *err)
{
    struct lk_record *records = records_take(bank);
    struct place place;
    struct bank_entry entry;
    if (records == NULL)
        return FAIL(err, LK_NOMEM, "no memory to show an entry");
    struct bank_reader reader = views_enter(&bank->views);
    bool found = find(reader.view, id, &place) && copy(&place, records, &entry);
    views_leave(&bank->views, reader);
    enum lk_status status = found ? show(ctx, &entry, err) : missing(err);
    records_free(bank, records);
    return status;
}

static enum lk_status each_in(const struct bank_view *view, struct lk_record *records,
                              bank_show *show, void *ctx, struct lk_error *err)
{
    struct bank_entry entry;
    for (size_t i = 0; i < view->n_tables; i++) {
        struct place at = {.table = view->tables[i]};
        uint32_t n = atomic_load_explicit(&at.table->table->n_slots, memory_order_acquire);
        for (; at.number < n; at.number++)
            if (copy(&at, records, &entry))
                TRY(show(ctx, &entry, err));
    }
    for (size_t i = 0; i < view->n_segments; i++) {
        struct place at = {.segment = view->segments[i]};
        for (; at.number < at.segment->image->n_entries; at.number++)
            if (copy(&at, records, &entry))
                TRY(show(ctx, &entry, err));
    }
    return LK_OK;
}

enum lk_status bank_each(struct bank *bank, bank_show *show, void *ctx, struct lk_error *err)
{
    struct lk_record *records = records_take(bank);
    if (records == NULL)
        return FAIL(err, LK_NOMEM, "no memory to show entries");
    struct bank_reader reader = views_enter(&bank->views);
    enum lk_status status = each_in(reader.view, records, show, ctx, err);
    views_leave(&bank->views, reader);
    records_free(bank, records);
    return status;
}

uint64_t bank_cursor(const struct bank *bank)
{
    return atomic_load_explicit(&bank->cursor, memory_order_acquire);
}

void bank_set_cursor(struct bank *bank, uint64_t cursor)
{
    atomic_store_explicit(&bank->cursor, cursor, memory_order_release);
}

void bank_id(const struct bank *bank, uint8_t id[BANK_ID_BYTES])
{
    memset(id, 0, BANK_ID_BYTES);
    if (bank->dir != NULL)
        memcpy(id, bank->dir->manifest.bank_id, BANK_ID_BYTES);
}

static void add_table(struct bank_stats *stats, const struct table *t)
{
    uint32_t n_slots = atomic_load_explicit(&t->n_slots, memory_order_relaxed);
    uint64_t n = atomic_load_explicit(&t->n_entries, memory_order_relaxed);
    stats->n_entries += n;
    stats->n_withdrawn += n_slots > n ? n_slots - n : 0;
    stats->n_digests += atomic_load_explicit(&t->n_digests, memory_order_relaxed);
    stats->n_bytes += table_bytes(t);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        stats->n_prints[kind] += atomic_load_explicit(&t->n_prints[kind], memory_order_relaxed);
}

static void add_segment(struct bank_stats *stats, const struct bank_segment *s)
{
    uint64_t n = atomic_load_explicit(&s->n_entries, memory_order_relaxed);
    stats->n_entries += n;
    stats->n_withdrawn += s->image->n_entries - n;
    stats->n_digests += atomic_load_explicit(&s->n_digests, memory_order_relaxed);
    stats->n_bytes += bank_segment_bytes(s);
    if (s->file != NULL && segment_file_info(s->file).is_mapped)
        stats->n_mapped += s->n_file_bytes;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        stats->n_prints[kind] += atomic_load_explicit(&s->n_prints[kind], memory_order_relaxed);
}

struct bank_stats bank_stats(struct bank *bank)
{
    struct bank_reader reader = views_enter(&bank->views);
    const struct bank_view *view = reader.view;
    struct bank_stats stats = {.n_bytes = sizeof *bank,
                               .n_tables = (unsigned)view->n_tables,
                               .n_segments = (unsigned)view->n_segments,
                               .converted = bank->converted};
    for (size_t i = 0; i < view->n_tables; i++)
        add_table(&stats, view->tables[i]->table);
    for (size_t i = 0; i < view->n_segments; i++)
        add_segment(&stats, view->segments[i]);
    struct lk_index_stats index = lk_index_stats(view->tables[0]->table->index[LK_WHOLE]);
    stats.structure = view->n_segments > 0 ? "pair-filtered multi-index" : index.structure;
    stats.kernel = index.kernel;
    views_leave(&bank->views, reader);
    stats.keyed = bank->print_key != NULL;
    if (bank->dir != NULL) {
        stats.sealed = bank->dir->key != NULL;
        stats.n_file_bytes = dir_bytes(bank->dir);
    }
    pthread_mutex_lock(&bank->notes_lock);
    stats.n_damaged = (unsigned)bank->n_damaged;
    pthread_mutex_unlock(&bank->notes_lock);
    return stats;
}

void bank_note_damage(struct bank *bank, bool is_new_segment, const char *format, ...)
{
    char text[BANK_NOTE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pthread_mutex_lock(&bank->notes_lock);
    bank->n_damaged += is_new_segment;
    if (bank->n_notes < BANK_MAX_NOTES)
        memcpy(bank->notes[bank->n_notes++], text, sizeof text);
    pthread_mutex_unlock(&bank->notes_lock);
}

enum lk_status bank_damage(struct bank *bank, bank_on_damage *on_damage, void *ctx,
                           struct lk_error *err)
{
    enum lk_status status = LK_OK;
    pthread_mutex_lock(&bank->notes_lock);
    for (size_t i = 0; i < bank->n_notes && status == LK_OK; i++)
        status = on_damage(ctx, bank->notes[i], err);
    pthread_mutex_unlock(&bank->notes_lock);
    return status;
}
