/* Overwriting, in this order:
 *
 *   1 a chunk of a mapped file is compared with its check: the image has what the file has, and
 *     damage around what is wiped must stay damage, so such a chunk gets a check that is wrong
 *   2 the chunks as they are in the image go to FILE.fix, then the pieces of the table of checks
 *     that change, then the header; it is made durable, and so is its name
 *   3 all are copied to FILE, which is made durable
 *   4 FILE.fix is removed
 *
 * A crash before 2 is done leaves FILE as it was, and a fix that is not whole; after it, a fix that
 * the next open finishes.
 *
 * Which chunks a print stands in is asked of its own bits: they say its bucket in each of the
 * tables, and the head of the bucket says where its filters and ids are. All of the bucket is
 * touched; it is rarely more than one chunk. */
#include "segment_file_inside.h"

#include "base/err.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void segment_file_touch(struct segment_file *file, enum segment_section section, unsigned kind,
                        uint64_t offset, uint64_t n_bytes)
{
    const struct layout *l = &file->layout;
    const struct layout_section *s = layout_find(l, section, kind);
    if (s == NULL || offset >= s->n_bytes || n_bytes == 0)
        return;
    if (n_bytes > s->n_bytes - offset)
        n_bytes = s->n_bytes - offset;
    uint64_t first = layout_first_chunk(l, s);
    uint64_t last = first + (offset + n_bytes - 1) / LAYOUT_CHUNK;
    for (uint64_t chunk = first + offset / LAYOUT_CHUNK; chunk <= last; chunk++) {
        uint64_t bit = UINT64_C(1) << (chunk % 64);
        file->n_touched += (file->touched[chunk / 64] & bit) == 0;
        file->touched[chunk / 64] |= bit;
    }
}

/* The bucket of part p that a row is in: its line, and all its filters and ids. */
static void touch_bucket(struct segment_file *file, unsigned kind,
                         const struct probe_tables *tables, const struct lk_print *print,
                         unsigned p)
{
    uint64_t line = ((uint64_t)p << tables->key_bits) + probe_key(print, p, tables->key_bits);
    const struct probe_line *head = &tables->lines[line];
    segment_file_touch(file, SEGMENT_LINES, kind, line * sizeof *head, sizeof *head);
    segment_file_touch(file, SEGMENT_IDS, kind,
                       ((uint64_t)p * tables->n_rows + head->base) * sizeof(uint32_t),
                       (uint64_t)head->count * sizeof(uint32_t));
    if (head->count > PROBE_INLINE)
        segment_file_touch(file, SEGMENT_OVERFLOW, kind,
                           (tables->overflow_at[p] + head->over) * sizeof(uint16_t),
                           (uint64_t)(head->count - PROBE_INLINE) * sizeof(uint16_t));
}

static void touch_row(struct segment_file *file, unsigned kind, uint32_t row)
{
    const struct segment *s = &file->image.index[kind];
    segment_file_touch(file, SEGMENT_ROWS, kind, row * (uint64_t)sizeof s->rows[0],
                       sizeof s->rows[0]);
    segment_file_touch(file, SEGMENT_LABELS, kind, row * (uint64_t)sizeof s->labels[0],
                       sizeof s->labels[0]);
    if (s->key_bits == 0)
        return;
    struct probe_tables tables = segment_tables(s);
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        touch_bucket(file, kind, &tables, &s->rows[row], p);
}

void segment_file_touch_entry(struct segment_file *file, uint32_t ordinal)
{
    const struct segment_image *image = &file->image;
    size_t n;
    const struct segment_record *records = segment_image_records(image, ordinal, &n);
    for (size_t i = 0; i < n; i++)
        if (segment_image_print(image, &records[i]) != NULL)
            touch_row(file, records[i].kind, records[i].row);
    const struct segment_digest *digests = segment_image_digests(image, ordinal, &n);
    if (n > 0)
        segment_file_touch(file, SEGMENT_DIGESTS, 0,
                           (uint64_t)(digests - image->digests) * sizeof *digests,
                           n * sizeof *digests);
}

uint64_t segment_file_touched_bytes(const struct segment_file *file)
{
    return file->n_touched * LAYOUT_CHUNK;
}

/* One overwriting that is being prepared. */
struct change {
    struct segment_file *file;
    struct layout layout; /* as it will be */
    uint8_t *table;       /* as it will be; whole chunks */
    uint32_t *numbers;    /* of the chunks, rising: header, pieces of the table, data */
    uint32_t n, n_table;  /* all; pieces of the table */
    struct fix fix;
};

static void change_fini(struct change *c)
{
    fix_close(&c->fix);
    free(c->table);
    free(c->numbers);
}

static bool is_touched(const struct segment_file *file, uint32_t chunk)
{
    return file->touched[chunk / 64] >> (chunk % 64) & 1;
}

/* Lists what will be written. */
static enum lk_status change_init(struct change *c, struct segment_file *file, struct lk_error *err)
{
    const struct layout *l = &file->layout;
    size_t size = layout_entry_bytes(l), room = (size_t)l->n_table * LAYOUT_CHUNK;
    *c = (struct change){.file = file, .layout = *l, .fix = {.fd = -1}};
    c->layout.n_overwritten++;
    c->table = malloc(room);
    c->numbers = malloc((1 + (size_t)l->n_table + file->n_touched) * sizeof *c->numbers);
    if (c->table == NULL || c->numbers == NULL)
        return FAIL(err, LK_NOMEM, "no memory to overwrite in '%s'", file->name);
    memcpy(c->table, file->table, room);
    c->numbers[c->n++] = 0;
    for (uint32_t chunk = 0; chunk < l->n_data; chunk++) {
        if (!is_touched(file, chunk))
            continue;
        /* an entry of 24 bytes may lie across two pieces */
        uint32_t first = (uint32_t)(1 + chunk * size / LAYOUT_CHUNK);
        uint32_t last = (uint32_t)(1 + (chunk * size + size - 1) / LAYOUT_CHUNK);
        for (uint32_t piece = first; piece <= last; piece++)
            if (c->numbers[c->n - 1] < piece)
                c->numbers[c->n++] = piece;
    }
    c->n_table = c->n - 1;
    for (uint32_t chunk = 0; chunk < l->n_data; chunk++)
        if (is_touched(file, chunk))
            c->numbers[c->n++] = layout_number(l, chunk);
    return LK_OK;
}

/* Whether a data chunk of a mapped file is damaged. What was loaded was checked then: the image is
 * right, whatever became of the file. */
static enum lk_status is_damaged(const struct segment_file *file, uint32_t number, bool *damaged,
                                 struct lk_error *err)
{
    const struct layout *l = &file->layout;
    uint8_t bytes[LAYOUT_CHUNK];
    *damaged = false;
    if (file->map == NULL)
        return LK_OK;
    TRY(file_read_chunk(file, number, bytes, err));
    *damaged = !check_take(file->checker, number, bytes,
                           file_entry(l, file->table, number - layout_number(l, 0)));
    return LK_OK;
}

/* Makes one data chunk anew and puts it into the fix. */
static enum lk_status change_chunk(struct change *c, uint32_t i, struct lk_error *err)
{
    const struct segment_file *file = c->file;
    const struct layout *l = &file->layout;
    uint32_t number = c->numbers[i], chunk = number - layout_number(l, 0);
    uint8_t bytes[LAYOUT_CHUNK], *entry = c->table + chunk * layout_entry_bytes(l);
    uint64_t stamp;
    bool damaged;
    TRY(is_damaged(file, number, &damaged, err));
    rand_bytes(&stamp, sizeof stamp);
    layout_gather(l, &file->image, chunk, bytes);
    check_put(file->checker, number, stamp, bytes, entry);
    if (damaged)
        entry[0] ^= 0xff;
    return fix_put(&c->fix, i, bytes, err);
}

static enum lk_status change_write(struct change *c, struct lk_error *err)
{
    struct segment_file *file = c->file;
    uint8_t header[LAYOUT_CHUNK];
    TRY(fix_begin(file->fix_path, c->layout.segment_id, c->numbers, c->n, &c->fix, err));
    for (uint32_t i = 1 + c->n_table; i < c->n; i++)
        TRY(change_chunk(c, i, err));
    for (uint32_t i = 1; i <= c->n_table; i++)
        TRY(fix_put(&c->fix, i, c->table + (size_t)(c->numbers[i] - 1) * LAYOUT_CHUNK, err));
    check_all_sections(file->checker, &c->layout, c->table);
    layout_put(&c->layout, checker_key(file->checker), header);
    TRY(fix_put(&c->fix, 0, header, err));
    return fix_finish(&c->fix, file->fix_path, err);
}

/* Brings a whole fix to its places. */
static enum lk_status finish(struct segment_file *file, struct lk_error *err)
{
    TRY(fix_apply(&file->fix, file->fd, err));
    fix_close(&file->fix);
    return file_remove(file->fix_path, err);
}

/* From here on the fix is the truth: the table and the header follow it. */
static enum lk_status commit(struct change *c, struct lk_error *err)
{
    struct segment_file *file = c->file;
    pthread_mutex_lock(&file->lock);
    uint8_t *old = file->table;
    file->table = c->table;
    c->table = old;
    file->layout = c->layout;
    file->fix = c->fix;
    c->fix = (struct fix){.fd = -1};
    memset(file->touched, 0, (file->layout.n_data / 64 + 1) * sizeof *file->touched);
    file->n_touched = 0;
    enum lk_status status = finish(file, err);
    pthread_mutex_unlock(&file->lock);
    return status;
}

static enum lk_status ready(struct segment_file *file, struct lk_error *err)
{
    pthread_mutex_lock(&file->lock);
    enum lk_status status = fix_is_there(&file->fix) ? finish(file, err) : LK_OK;
    if (status == LK_OK)
        status = file_need_table(file, true, err);
    pthread_mutex_unlock(&file->lock);
    return status;
}

enum lk_status segment_file_overwrite(struct segment_file *file, struct lk_error *err)
{
    if (!file->write)
        return FAIL(err, LK_DENIED, "'%s' was opened to be read", file->name);
    TRY(ready(file, err));
    if (file->n_touched == 0)
        return LK_OK;
    struct change change;
    enum lk_status status = change_init(&change, file, err);
    if (status == LK_OK) {
        status = change_write(&change, err);
        if (status == LK_OK)
            status = commit(&change, err);
        else
            unlink(file->fix_path);
    }
    change_fini(&change);
    return status;
}
