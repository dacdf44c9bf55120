/* Making, opening and closing.
 *
 * Opening reads the manifest, maps the segments and replays the logs. A reader does so without a
 * lock, so a writer may have replaced the manifest and removed files meanwhile: then it begins
 * again. */
#include "bank.h"

#include "bank_inside.h"
#include "base/err.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <string.h>
#include <unistd.h>

enum {
    TABLE_PRINTS = 1 << 19,
    CLOSE_PRINTS = 1 << 14,
    RESEAL_S = 20 * 3600,
    READ_TRIES = 20,
    CONVERT_AT_ONCE = 4096
};

enum lk_status bank_create_keyed(const char *path, const uint8_t *key, const uint8_t *print_seed,
                                 struct lk_error *err)
{
    struct bank_dir *dir = NULL;
    TRY(dir_new(lk_alloc_heap(), path, key, print_seed, &dir, err));
    enum lk_status status = dir_create(dir, err);
    dir_free(dir);
    return status;
}

enum lk_status bank_create(const char *path, const uint8_t *key, struct lk_error *err)
{
    return bank_create_keyed(path, key, NULL, err);
}

enum lk_status bank_destroy(const char *path, struct lk_error *err)
{
    struct bank_dir *dir = NULL;
    TRY(dir_new(lk_alloc_heap(), path, NULL, NULL, &dir, err));
    struct lk_error why = {.text = ""};
    enum lk_status status = dir_lock(dir, &why);
    if (status == LK_NOT_FOUND)
        status = LK_OK;
    else if (status != LK_OK)
        FAIL(err, status, "%s", why.text);
    else
        status = dir_remove_all(dir, err);
    if (status == LK_OK)
        dir_remove_self(dir);
    dir_free(dir);
    return status;
}

static struct bank *make(const struct bank_config *config)
{
    const struct lk_alloc *alloc = config->alloc != NULL ? config->alloc : lk_alloc_heap();
    struct bank *bank = alloc->alloc(alloc->ctx, sizeof *bank);
    if (bank == NULL)
        return NULL;
    memset(bank, 0, sizeof *bank);
    bank->alloc = alloc;
    bank->mode = config->mode;
    bank->by_caller = config->by_caller;
    bank->judged_as_items = config->judged_as_items;
    bank->always_anchors = config->always_anchors;
    bank->limits =
        (struct bank_limits){config->table_prints != 0 ? config->table_prints : TABLE_PRINTS,
                             config->close_prints != 0 ? config->close_prints : CLOSE_PRINTS,
                             (int64_t)(config->reseal_s != 0 ? config->reseal_s : RESEAL_S) * 1000};
    bank->next_number = 1;
    rand_bytes(&bank->seed, sizeof bank->seed);
    views_init(&bank->views, alloc);
    pthread_mutex_init(&bank->work, NULL);
    pthread_mutex_init(&bank->change, NULL);
    pthread_mutex_init(&bank->signal, NULL);
    pthread_mutex_init(&bank->notes_lock, NULL);
    pthread_cond_init(&bank->wake, NULL);
    pthread_cond_init(&bank->idle, NULL);
    return bank;
}

static void destroy(struct bank *bank)
{
    views_fini(&bank->views);
    dir_free(bank->dir);
    bank_key_forget(bank);
    pthread_mutex_destroy(&bank->work);
    pthread_mutex_destroy(&bank->change);
    pthread_mutex_destroy(&bank->signal);
    pthread_mutex_destroy(&bank->notes_lock);
    pthread_cond_destroy(&bank->wake);
    pthread_cond_destroy(&bank->idle);
    bank->alloc->free(bank->alloc->ctx, bank, sizeof *bank);
}

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory to open a bank");
}

/* The first view: nothing but an empty table. */
static enum lk_status open_in_memory(struct bank *bank, struct lk_error *err)
{
    const struct lk_alloc *alloc = bank->alloc;
    struct bank_view *view = views_make(alloc, 1, 0);
    struct bank_table *bt = alloc->alloc(alloc->ctx, sizeof *bt);
    if (bt != NULL)
        *bt = (struct bank_table){.number = bank->next_number++, .log = {.fd = -1}};
    enum lk_status status =
        view == NULL || bt == NULL ? no_memory(err) : table_new(alloc, bank->seed, &bt->table, err);
    if (status != LK_OK) {
        views_drop(alloc, view);
        bank_table_free(alloc, bt);
        return status;
    }
    view->tables[0] = bt;
    views_publish(&bank->views, view);
    return LK_OK;
}

/* A view in the making. */
struct opening {
    struct bank_view *view; /* with room for everything in the manifest */
    bool missing;           /* a file that the manifest names is not there */
};

static void drop_opening(struct bank *bank, struct opening *o)
{
    if (o->view == NULL)
        return;
    for (size_t i = 0; i < o->view->n_tables; i++)
        bank_table_free(bank->alloc, o->view->tables[i]);
    for (size_t i = 0; i < o->view->n_segments; i++)
        bank_segment_free(o->view->segments[i]);
    views_drop(bank->alloc, o->view);
    o->view = NULL;
}

/* A segment that is damaged or gone is left out and said; the rest serves. */
static enum lk_status open_segment(struct bank *bank, struct opening *o,
                                   const struct manifest_item *item, struct lk_error *err)
{
    char path[DIR_PATH_BYTES], state_path[DIR_PATH_BYTES];
    dir_path(bank->dir, DIR_SEGMENT, item->number, path);
    dir_path(bank->dir, DIR_STATE, item->number, state_path);
    struct bank_segment_place place = {.segment_path = path,
                                       .state_path = state_path,
                                       .bank_id = bank->dir->manifest.bank_id,
                                       .key = bank->dir->key,
                                       .number = item->number,
                                       .write = bank->mode == BANK_WRITE};
    struct lk_error why = {.text = ""};
    struct bank_segment *s = NULL;
    enum lk_status status = bank_segment_open(bank->alloc, &place, &s, &why);
    o->missing |= status == LK_NOT_FOUND;
    if (status == LK_OK) {
        s->due_ms = item->due_ms;
        o->view->segments[o->view->n_segments++] = s;
    } else if (status == LK_CORRUPT || status == LK_NOT_FOUND) {
        bank_note_damage(bank, true, "segment-%llu: %s", (unsigned long long)item->number,
                         why.text);
    } else {
        return FAIL(err, status, "%s", why.text);
    }
    return LK_OK;
}

static enum lk_status open_log(struct bank *bank, struct opening *o, uint64_t number,
                               struct lk_error *err)
{
    struct bank_table *bt = NULL;
    struct lk_error why = {.text = ""};
    bool write = bank->mode == BANK_WRITE && number != 0;
    enum lk_status status = dir_load_log(bank->dir, number, write, bank->seed, &bt, &why);
    o->missing |= status == LK_NOT_FOUND;
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_CORRUPT, "log-%llu of the bank is missing: restore it from a copy",
                    (unsigned long long)number);
    if (status != LK_OK)
        return FAIL(err, status, "%s", why.text);
    o->view->tables[o->view->n_tables++] = bt;
    if (bt->log.cursor > bank->cursor)
        bank->cursor = bt->log.cursor;
    return LK_OK;
}

static enum lk_status open_items(struct bank *bank, struct opening *o, struct lk_error *err)
{
    const struct manifest *m = &bank->dir->manifest;
    o->view = views_make(bank->alloc, m->n_items + 1, m->n_items);
    if (o->view == NULL)
        return no_memory(err);
    o->view->n_tables = o->view->n_segments = 0;
    bank->cursor = m->cursor;
    /* The newest log first, and segments last: beside a writer, an entry that is withdrawn from an
     * older one and comes again in a newer one is then never seen twice. */
    for (size_t i = m->n_items; i-- > 0;)
        if (m->items[i].kind == MANIFEST_LOG)
            TRY(open_log(bank, o, m->items[i].number, err));
    for (size_t i = 0; i < m->n_items; i++)
        if (m->items[i].kind == MANIFEST_SEGMENT)
            TRY(open_segment(bank, o, &m->items[i], err));
    if (o->view->n_tables == 0)
        return FAIL(err, LK_CORRUPT, "the bank's manifest names no log: it is damaged");
    return LK_OK;
}

/* The view has the lists of the size it was made with; a smaller one takes their place. */
static enum lk_status publish_opening(struct bank *bank, struct opening *o, struct lk_error *err)
{
    struct bank_view *view = views_make(bank->alloc, o->view->n_tables, o->view->n_segments);
    if (view == NULL)
        return no_memory(err);
    memcpy(view->tables, o->view->tables, view->n_tables * sizeof *view->tables);
    memcpy(view->segments, o->view->segments, view->n_segments * sizeof *view->segments);
    views_publish(&bank->views, view);
    o->view->n_tables = o->view->n_segments = 0;
    return LK_OK;
}

struct converting {
    struct bank *bank;
    struct log_file *log;
    const struct table *table;
    struct bank_entry entries[CONVERT_AT_ONCE];
    struct lk_record *records;
    size_t n_records, n;
};

static enum lk_status flush_converted(struct converting *c, struct lk_error *err)
{
    if (c->n > 0)
        TRY(log_file_append(c->log, c->entries, c->n, 0, err));
    c->n = c->n_records = 0;
    return LK_OK;
}

static enum lk_status convert_entries(struct converting *c, struct lk_error *err)
{
    uint32_t n_slots = atomic_load(&c->table->n_slots);
    for (uint32_t slot = 0; slot < n_slots; slot++) {
        if (c->n == CONVERT_AT_ONCE || c->n_records > LK_MAX_RECORDS)
            TRY(flush_converted(c, err));
        if (!table_show(c->table, slot, c->records + c->n_records, &c->entries[c->n]))
            continue;
        c->n_records += c->entries[c->n++].sequence.n_records;
    }
    return flush_converted(c, err);
}

static enum lk_status convert_log(struct bank *bank, const struct table *table,
                                  struct log_file *log, struct lk_error *err)
{
    const struct lk_alloc *alloc = bank->alloc;
    size_t n_bytes = 2 * (LK_MAX_RECORDS + 1) * sizeof(struct lk_record);
    struct converting *c = alloc->alloc(alloc->ctx, sizeof *c);
    struct lk_record *records = alloc->alloc(alloc->ctx, n_bytes);
    enum lk_status status = LK_OK;
    if (c == NULL || records == NULL) {
        status = no_memory(err);
    } else {
        *c = (struct converting){.bank = bank, .log = log, .table = table, .records = records};
        status = convert_entries(c, err);
    }
    alloc->free(alloc->ctx, c, sizeof *c);
    alloc->free(alloc->ctx, records, n_bytes);
    return status;
}

/* Version 1 was one log. It becomes the first log of a bank of this version; the old one is the
 * bank until the manifest is in place, and is swept away afterwards. */
static enum lk_status convert(struct bank *bank, struct lk_error *err)
{
    struct opening o = {.missing = false};
    struct manifest m = bank->dir->manifest;
    struct log_file log;
    char path[DIR_PATH_BYTES];
    bool placed;
    o.view = views_make(bank->alloc, 1, 0);
    if (o.view == NULL)
        return no_memory(err);
    o.view->n_tables = 0;
    enum lk_status status = open_log(bank, &o, 0, err);
    if (status == LK_OK) {
        m.items[m.n_items++] = (struct manifest_item){MANIFEST_LOG, m.next_number++, 0};
        memcpy(m.bank_id, o.view->tables[0]->log.head.bank_id, sizeof m.bank_id);
        dir_path(bank->dir, DIR_LOG, m.items[0].number, path);
        status = log_file_create(path, m.bank_id, m.items[0].number, NULL, bank->alloc, &log, err);
    }
    if (status == LK_OK) {
        status = convert_log(bank, o.view->tables[0]->table, &log, err);
        log_file_close(&log);
    }
    drop_opening(bank, &o);
    TRY(status);
    TRY(file_sync_parent(path, err));
    TRY(dir_replace(bank->dir, &m, &placed, err));
    bank->converted = true;
    return LK_OK;
}

static enum lk_status open_once(struct bank *bank, struct opening *o, struct lk_error *err)
{
    bool is_v1;
    TRY(dir_read(bank->dir, &is_v1, err));
    if (is_v1 && bank->mode == BANK_WRITE)
        TRY(convert(bank, err));
    else if (is_v1) {
        o->view = views_make(bank->alloc, 1, 0);
        if (o->view == NULL)
            return no_memory(err);
        o->view->n_tables = 0;
        return open_log(bank, o, 0, err);
    }
    return open_items(bank, o, err);
}

static bool manifest_moved(const struct bank *bank)
{
    struct manifest now;
    char path[DIR_PATH_BYTES];
    dir_path(bank->dir, DIR_MANIFEST, 0, path);
    return manifest_read(path, &now, NULL) == LK_OK &&
           now.generation != bank->dir->manifest.generation;
}

static enum lk_status open_dir(struct bank *bank, const char *path,
                               const struct bank_config *config, struct lk_error *err)
{
    TRY(dir_new(bank->alloc, path, config->key, config->print_seed, &bank->dir, err));
    if (bank->mode == BANK_WRITE)
        TRY(dir_lock(bank->dir, err));
    struct opening o = {.missing = false};
    enum lk_status status = LK_OK;
    for (int tries = 0; tries < READ_TRIES; tries++) {
        o.missing = false;
        bank->n_notes = bank->n_damaged = 0;
        status = open_once(bank, &o, err);
        if (!o.missing || bank->mode == BANK_WRITE || !manifest_moved(bank))
            break;
        drop_opening(bank, &o);
    }
    if (status == LK_OK)
        status = publish_opening(bank, &o, err);
    drop_opening(bank, &o);
    TRY(status);
    bank->n_left_out = bank->n_notes;
    bank->next_number = bank->dir->manifest.next_number;
    if (bank->mode == BANK_WRITE) {
        char manifest[DIR_PATH_BYTES];
        dir_path(bank->dir, DIR_MANIFEST, 0, manifest);
        TRY(file_sync_parent(manifest, err)); /* a crash may have left names not durable yet */
        bank->dir->dirty = true;
        dir_sweep(bank->dir);
        bank_work_arose(bank);
    }
    return LK_OK;
}

enum lk_status bank_open(const char *path, const struct bank_config *config, struct bank **out,
                         struct lk_error *err)
{
    struct bank *bank = make(config);
    if (bank == NULL)
        return no_memory(err);
    enum lk_status status = bank_key_set(bank, config->print_seed, err);
    if (status == LK_OK)
        status = path == NULL ? open_in_memory(bank, err) : open_dir(bank, path, config, err);
    if (status == LK_OK)
        *out = bank;
    else
        destroy(bank);
    return status;
}

enum lk_status bank_new(const struct lk_alloc *alloc, struct bank **out, struct lk_error *err)
{
    const struct bank_config config = {.alloc = alloc, .mode = BANK_WRITE};
    return bank_open(NULL, &config, out, err);
}

void bank_close(struct bank *bank)
{
    if (bank == NULL)
        return;
    bank_work_end(bank);
    if (bank->mode == BANK_WRITE && bank->dir != NULL)
        bank_close_table(bank);
    destroy(bank);
}
