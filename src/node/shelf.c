/* Records of the journal: 1, number (4), name: a name came; 2, number (4): it is gone. A name is
 * noted before its entry is in the bank and crossed out after that is gone, so that every entry has
 * one; a crash leaves at most a name without an entry, which shelf_open() crosses out. */
#include "node/shelf.h"

#include "base/err.h"
#include "base/le.h"
#include "base/utf8.h"
#include "node/journal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED = 1, GONE = 2, FIXED_BYTES = 5, PATH_BYTES = 4096, FIRST_ROOM = 64, SPARE = 1024 };

static const char head[JOURNAL_HEAD_BYTES] = {'L', 'K', 'N', 'N', 1};

struct shelf {
    pthread_mutex_t changes; /* one at a time */
    pthread_rwlock_t lock;   /* of the names */
    struct bank *bank;
    atomic_size_t n_entries; /* of the bank */
    struct journal *journal;
    const struct keys *keys;
    char **names; /* by number, from 1; NULL: gone */
    size_t n, room;
    size_t n_gone; /* crossed out in the journal */
};

static void count_entries(struct shelf *s)
{
    atomic_store(&s->n_entries, (size_t)bank_stats(s->bank).n_entries);
}

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the names of contents");
}

enum lk_status shelf_check_name(const char *name, size_t n, struct lk_error *err)
{
    if (n == 0 || n > SHELF_MAX_NAME_BYTES)
        return FAIL(err, LK_INVALID, "an id has 1 to %d bytes, not %zu", SHELF_MAX_NAME_BYTES, n);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return FAIL(err, LK_INVALID, "an id has no control characters");
    return utf8_valid(name, n) ? LK_OK : FAIL(err, LK_INVALID, "an id is UTF-8");
}

static void id_of(const struct shelf *s, const char *name, size_t n, uint8_t id[BANK_ID_BYTES])
{
    const struct seal_part parts[] = {SEAL_TEXT("node.shelf"), {name, n}};
    keys_hash(s->keys, KEY_ENTRY_ID, parts, 2, id, BANK_ID_BYTES);
}

/* ---- names ---- */

static enum lk_status set_name(struct shelf *s, size_t number, const char *name, size_t n,
                               struct lk_error *err)
{
    if (number >= s->room) {
        size_t room = s->room == 0 ? FIRST_ROOM : s->room;
        while (room <= number)
            room *= 2;
        char **names = realloc(s->names, room * sizeof *names);
        if (names == NULL)
            return no_memory(err);
        memset(names + s->room, 0, (room - s->room) * sizeof *names);
        s->names = names;
        s->room = room;
    }
    char *copy = strndup(name, n);
    if (copy == NULL)
        return no_memory(err);
    free(s->names[number]);
    s->names[number] = copy;
    if (number >= s->n)
        s->n = number + 1;
    return LK_OK;
}

static void drop_name(struct shelf *s, size_t number)
{
    if (number >= s->n || s->names[number] == NULL)
        return;
    free(s->names[number]);
    s->names[number] = NULL;
    s->n_gone++;
}

static void note_name(struct journal *j, uint32_t number, const char *name, size_t n)
{
    uint8_t bytes[FIXED_BYTES + SHELF_MAX_NAME_BYTES] = {NAMED};
    le_put32(bytes + 1, number);
    memcpy(bytes + FIXED_BYTES, name, n);
    journal_add(j, bytes, FIXED_BYTES + n);
}

static void note_gone(struct journal *j, uint32_t number)
{
    uint8_t bytes[FIXED_BYTES] = {GONE};
    le_put32(bytes + 1, number);
    journal_add(j, bytes, sizeof bytes);
}

static enum lk_status read_record(void *ctx, const uint8_t *p, size_t n, struct lk_error *err)
{
    struct shelf *s = ctx;
    if (n < FIXED_BYTES || n > FIXED_BYTES + SHELF_MAX_NAME_BYTES)
        return FAIL(err, LK_CORRUPT, "the names of contents are damaged");
    uint32_t number = le_get32(p + 1);
    if (p[0] == NAMED)
        return set_name(s, number, (const char *)p + FIXED_BYTES, n - FIXED_BYTES, err);
    drop_name(s, number);
    return LK_OK;
}

static void write_names(void *ctx, struct journal *anew)
{
    const struct shelf *s = ctx;
    for (size_t i = 1; i < s->n; i++)
        if (s->names[i] != NULL)
            note_name(anew, (uint32_t)i, s->names[i], strlen(s->names[i]));
}

/* Crossed out names leave the disk once they are many. */
static enum lk_status tidy(struct shelf *s, struct lk_error *err)
{
    if (s->n_gone < SPARE || s->n_gone < shelf_count(s))
        return LK_OK;
    TRY(journal_rewrite(s->journal, write_names, s, err));
    s->n_gone = 0;
    return LK_OK;
}

/* ---- opening ---- */

static enum lk_status path_of(const char *directory, const char *name, const char *end,
                              char out[PATH_BYTES], struct lk_error *err)
{
    int n = snprintf(out, PATH_BYTES, "%s/%s%s", directory, name, end);
    return n > 0 && n < PATH_BYTES ? LK_OK : FAIL(err, LK_INVALID, "the path is too long");
}

/* Every content is to be found by what it shares with an entry, however alike another one is. */
static enum lk_status open_bank(struct shelf *s, const char *path, struct lk_error *err)
{
    const struct bank_config config = {
        .mode = BANK_WRITE, .key = keys_get(s->keys, KEY_BANK), .always_anchors = true};
    struct lk_error why;
    enum lk_status status = bank_open(path, &config, &s->bank, &why);
    if (status == LK_NOT_FOUND) {
        TRY(bank_create(path, config.key, err));
        return bank_open(path, &config, &s->bank, err);
    }
    return status == LK_OK ? LK_OK : FAIL(err, status, "%s", why.text);
}

static enum lk_status cross_out_unused(struct shelf *s, struct lk_error *err)
{
    uint8_t id[BANK_ID_BYTES];
    for (size_t i = 1; i < s->n; i++) {
        if (s->names[i] == NULL)
            continue;
        id_of(s, s->names[i], strlen(s->names[i]), id);
        if (bank_has(s->bank, id))
            continue;
        note_gone(s->journal, (uint32_t)i);
        drop_name(s, i);
    }
    return journal_commit(s->journal, err);
}

static enum lk_status open_parts(struct shelf *s, const char *directory, const char *name,
                                 struct lk_error *err)
{
    char path[PATH_BYTES];
    TRY(path_of(directory, name, "", path, err));
    TRY(open_bank(s, path, err));
    count_entries(s);
    TRY(path_of(directory, name, ".names", path, err));
    TRY(journal_open(path, head, s->keys, read_record, s, &s->journal, err));
    return cross_out_unused(s, err);
}

enum lk_status shelf_open(const char *directory, const char *name, const struct keys *keys,
                          struct shelf **out, struct lk_error *err)
{
    struct shelf *s = calloc(1, sizeof *s);
    *out = NULL;
    if (s == NULL)
        return no_memory(err);
    pthread_mutex_init(&s->changes, NULL);
    pthread_rwlock_init(&s->lock, NULL);
    s->keys = keys;
    s->n = 1;
    enum lk_status status = open_parts(s, directory, name, err);
    if (status != LK_OK)
        shelf_close(s);
    else
        *out = s;
    return status;
}

void shelf_close(struct shelf *s)
{
    if (s == NULL)
        return;
    bank_close(s->bank);
    journal_close(s->journal);
    for (size_t i = 0; i < s->room; i++)
        free(s->names[i]);
    free(s->names);
    pthread_rwlock_destroy(&s->lock);
    pthread_mutex_destroy(&s->changes);
    free(s);
}

/* ---- changing ---- */

static enum lk_status take_scope(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    uint32_t *scope = ctx;
    (void)err;
    *scope = entry->scope;
    return LK_OK;
}

/* The number of a name that is there; 0: it is not. */
static uint32_t number_of(struct shelf *s, const uint8_t id[BANK_ID_BYTES])
{
    uint32_t number = 0;
    struct lk_error why;
    return bank_get(s->bank, id, take_scope, &number, &why) == LK_OK ? number : 0;
}

static enum lk_status fill_entry(struct shelf *s, const struct shelf_item *item,
                                 struct bank_entry *entry, bool *is_new, struct lk_error *err)
{
    entry->tier = LK_TIER_SELF;
    entry->sequence = item->sequence;
    entry->scope = number_of(s, entry->id);
    *is_new = entry->scope == 0;
    if (!*is_new)
        return LK_OK;
    if (s->n >= UINT32_MAX)
        return FAIL(err, LK_LIMIT, "more contents came than a node can count");
    entry->scope = (uint32_t)s->n;
    pthread_rwlock_wrlock(&s->lock);
    enum lk_status status = set_name(s, entry->scope, item->name, item->n_name, err);
    pthread_rwlock_unlock(&s->lock);
    if (status == LK_OK)
        note_name(s->journal, entry->scope, item->name, item->n_name);
    return status;
}

struct putting {
    struct bank_entry *entries;
    uint8_t (*old)[BANK_ID_BYTES];
    size_t n, n_old, n_new;
};

static bool comes_again(const struct shelf_item *items, size_t i, size_t n)
{
    for (size_t k = i + 1; k < n; k++)
        if (items[k].n_name == items[i].n_name &&
            memcmp(items[k].name, items[i].name, items[i].n_name) == 0)
            return true;
    return false;
}

static enum lk_status put_all(struct shelf *s, const struct shelf_item *items, size_t n,
                              struct putting *p, struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        TRY(shelf_check_name(items[i].name, items[i].n_name, err));
        TRY(lk_sequence_check(&items[i].sequence, err));
    }
    for (size_t i = 0; i < n; i++) {
        struct bank_entry *entry = &p->entries[p->n];
        bool is_new;
        if (comes_again(items, i, n))
            continue;
        id_of(s, items[i].name, items[i].n_name, entry->id);
        TRY(fill_entry(s, &items[i], entry, &is_new, err));
        if (!is_new)
            memcpy(p->old[p->n_old++], entry->id, BANK_ID_BYTES);
        p->n_new += is_new;
        p->n++;
    }
    TRY(journal_commit(s->journal, err));
    if (p->n_old > 0)
        TRY(bank_remove(s->bank, (const void *)p->old, p->n_old, err));
    return bank_add(s->bank, p->entries, p->n, 0, err);
}

/* After a failure: names whose entries are not there are crossed out again, in the file at the next
 * change or opening. */
static void undo(struct shelf *s, const struct putting *p)
{
    journal_drop(s->journal);
    pthread_rwlock_wrlock(&s->lock);
    for (size_t i = 0; i < p->n; i++) {
        if (bank_has(s->bank, p->entries[i].id))
            continue;
        note_gone(s->journal, p->entries[i].scope);
        drop_name(s, p->entries[i].scope);
    }
    pthread_rwlock_unlock(&s->lock);
}

enum lk_status shelf_put(struct shelf *s, const struct shelf_item *items, size_t n, size_t *n_new,
                         struct lk_error *err)
{
    struct putting p = {.n = 0};
    *n_new = 0;
    if (n == 0)
        return LK_OK;
    p.entries = calloc(n, sizeof *p.entries);
    p.old = calloc(n, sizeof *p.old);
    pthread_mutex_lock(&s->changes);
    enum lk_status status =
        p.entries != NULL && p.old != NULL ? put_all(s, items, n, &p, err) : no_memory(err);
    if (status != LK_OK && p.entries != NULL)
        undo(s, &p);
    count_entries(s);
    pthread_mutex_unlock(&s->changes);
    *n_new = p.n_new;
    free(p.entries);
    free(p.old);
    return status;
}

static enum lk_status remove_one(struct shelf *s, const uint8_t id[BANK_ID_BYTES],
                                 struct lk_error *err)
{
    uint32_t number = number_of(s, id);
    if (number == 0)
        return FAIL(err, LK_NOT_FOUND, "there is no content of this id");
    TRY(bank_remove(s->bank, (const void *)id, 1, err));
    note_gone(s->journal, number);
    pthread_rwlock_wrlock(&s->lock);
    drop_name(s, number);
    pthread_rwlock_unlock(&s->lock);
    TRY(journal_commit(s->journal, err));
    return tidy(s, err);
}

enum lk_status shelf_remove(struct shelf *s, const char *name, size_t n, struct lk_error *err)
{
    uint8_t id[BANK_ID_BYTES];
    id_of(s, name, n, id);
    pthread_mutex_lock(&s->changes);
    enum lk_status status = remove_one(s, id, err);
    count_entries(s);
    pthread_mutex_unlock(&s->changes);
    return status;
}

/* ---- looking ---- */

size_t shelf_count(struct shelf *s)
{
    return atomic_load(&s->n_entries);
}

struct bank *shelf_bank(struct shelf *s)
{
    return s->bank;
}

const char *shelf_name(struct shelf *s, uint32_t scope, struct arena *arena)
{
    pthread_rwlock_rdlock(&s->lock);
    const char *name = scope < s->n ? s->names[scope] : NULL;
    if (name != NULL)
        name = arena_copy(arena, name, strlen(name));
    pthread_rwlock_unlock(&s->lock);
    return name;
}

const char *shelf_next(struct shelf *s, uint64_t *number, uint8_t id[BANK_ID_BYTES],
                       struct arena *arena)
{
    const char *name = NULL;
    pthread_rwlock_rdlock(&s->lock);
    for (size_t i = *number + 1; i < s->n && name == NULL; i++)
        if (s->names[i] != NULL) {
            name = arena_copy(arena, s->names[i], strlen(s->names[i]));
            *number = i;
        }
    pthread_rwlock_unlock(&s->lock);
    if (name != NULL)
        id_of(s, name, strlen(name), id);
    return name;
}
