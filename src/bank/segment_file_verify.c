/* Every byte of the file is compared with a check: the header with what it would be if it were
 * written now, the table of checks with the header, the data with the table.
 *
 * What differs may be damage, or may just have been overwritten: by this process, under the lock;
 * by another, which leaves another header or a fix. So whatever differs is looked at once more,
 * under the lock, after looking at the header and reading the table again. */
#include "segment_file_inside.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LOOKS = 100 };

struct verify {
    struct segment_file *file;
    const struct segment_watch *watch;
    uint8_t *table; /* own copy: the file's, not what is in memory */
    bool any;
    struct segment_damage first;
};

static void report(struct verify *v, struct segment_damage damage)
{
    if (!v->any)
        v->first = damage;
    v->any = true;
    if (v->watch != NULL && v->watch->on_damage != NULL)
        v->watch->on_damage(v->watch->ctx, &damage);
}

/* LK_CORRUPT (the file ends early) is damage like any other; what else fails ends verification. */
static enum lk_status read_or_damage(const struct segment_file *file, uint32_t number,
                                     uint8_t bytes[LAYOUT_CHUNK], bool *there, struct lk_error *err)
{
    struct lk_error why;
    enum lk_status status = file_read_chunk(file, number, bytes, &why);
    *there = status == LK_OK;
    if (status == LK_OK || status == LK_CORRUPT)
        return LK_OK;
    return FAIL(err, status, "%s", why.text);
}

/* Whether what was just found wrong may be right after all: a writer in another process has
 * meanwhile begun to overwrite, and the file is now known by another header. */
static bool changed_meanwhile(struct segment_file *file)
{
    struct lk_error ignored;
    bool changed = false;
    return !file->write && file_look(file, &changed, &ignored) == LK_OK && changed;
}

static enum lk_status verify_header(struct verify *v, struct lk_error *err)
{
    uint8_t bytes[LAYOUT_CHUNK], expected[LAYOUT_CHUNK];
    struct segment_file *file = v->file;
    bool there = false, right = false;
    for (int looks = 0; !right && looks < MAX_LOOKS; looks++) {
        if (looks > 0 && !changed_meanwhile(file))
            break;
        TRY(read_or_damage(file, 0, bytes, &there, err));
        layout_put(&file->layout, checker_key(file->checker), expected);
        right = there && memcmp(bytes, expected, sizeof bytes) == 0;
    }
    if (!right)
        report(v, (struct segment_damage){.offset = 0});
    return LK_OK;
}

/* Reads the table anew; *bad and *padding_is_zero as file_read_table(). */
static enum lk_status read_table(struct verify *v, const struct layout_section **bad,
                                 bool *padding_is_zero, struct lk_error *err)
{
    free(v->table);
    v->table = NULL;
    return file_read_table(v->file, &v->table, bad, padding_is_zero, err);
}

static enum lk_status verify_table(struct verify *v, struct lk_error *err)
{
    const struct layout *l = &v->file->layout;
    const struct layout_section *bad;
    bool padding_is_zero;
    int looks = 0;
    do
        TRY(read_table(v, &bad, &padding_is_zero, err));
    while (bad != NULL && ++looks < MAX_LOOKS && changed_meanwhile(v->file));
    if (bad != NULL)
        report(v, (struct segment_damage){bad->section, bad->kind, LAYOUT_CHUNK});
    if (!padding_is_zero)
        report(v, (struct segment_damage){.offset = (uint64_t)l->n_table * LAYOUT_CHUNK});
    return LK_OK;
}

/* Whether the chunk is damaged even when everything is read again. */
static enum lk_status look_again(struct verify *v, uint32_t chunk, bool *damaged,
                                 struct lk_error *err)
{
    struct segment_file *file = v->file;
    uint32_t number = layout_number(&file->layout, chunk);
    uint8_t bytes[LAYOUT_CHUNK];
    int looks = 0;
    do {
        const struct layout_section *bad;
        bool there, padding_is_zero;
        TRY(read_table(v, &bad, &padding_is_zero, err));
        TRY(read_or_damage(file, number, bytes, &there, err));
        *damaged = !there || !check_take(file->checker, number, bytes,
                                         file_entry(&file->layout, v->table, chunk));
    } while (*damaged && ++looks < MAX_LOOKS && changed_meanwhile(file));
    return LK_OK;
}

static enum lk_status verify_chunk(struct verify *v, uint32_t chunk, struct lk_error *err)
{
    struct segment_file *file = v->file;
    uint8_t bytes[LAYOUT_CHUNK];
    bool there, damaged;
    uint32_t number = layout_number(&file->layout, chunk);
    pthread_mutex_lock(&file->lock);
    enum lk_status status = read_or_damage(file, number, bytes, &there, err);
    pthread_mutex_unlock(&file->lock);
    TRY(status);
    if (there &&
        check_take(file->checker, number, bytes, file_entry(&file->layout, v->table, chunk)))
        return LK_OK;
    pthread_mutex_lock(&file->lock);
    status = look_again(v, chunk, &damaged, err);
    pthread_mutex_unlock(&file->lock);
    if (status == LK_OK && damaged)
        report(v, file_damage_of(file, chunk));
    return status;
}

static bool go_on(const struct verify *v, uint32_t n_done)
{
    const struct layout *l = &v->file->layout;
    return v->watch == NULL || v->watch->go_on == NULL ||
           v->watch->go_on(v->watch->ctx, (uint64_t)layout_number(l, n_done) * LAYOUT_CHUNK,
                           layout_file_bytes(l));
}

static enum lk_status verify_data(struct verify *v, struct lk_error *err)
{
    uint32_t n = v->file->layout.n_data;
    for (uint32_t chunk = 0; chunk < n; chunk++) {
        if (!go_on(v, chunk))
            return FAIL(err, LK_BUSY, "checking '%s' was stopped before its end", v->file->name);
        TRY(verify_chunk(v, chunk, err));
    }
    (void)go_on(v, n);
    return LK_OK;
}

enum lk_status segment_file_verify(struct segment_file *file, const struct segment_watch *watch,
                                   struct lk_error *err)
{
    struct verify v = {.file = file, .watch = watch};
    pthread_mutex_lock(&file->lock);
    enum lk_status status = verify_header(&v, err);
    if (status == LK_OK)
        status = verify_table(&v, err);
    pthread_mutex_unlock(&file->lock);
    if (status == LK_OK)
        status = verify_data(&v, err);
    free(v.table);
    return status == LK_OK && v.any ? file_say_damage(file, &v.first, err) : status;
}
