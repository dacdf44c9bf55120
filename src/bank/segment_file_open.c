/* Opening: the header, then a map or a load. FILE.fix is looked at first of all: when it is whole,
 * its chunks are the file's, whatever the file itself says. Which of two headers is the newer the
 * count of overwritings tells; a fix that is older than its file was finished long ago, and only
 * its removal was lost. */
#include "segment_file_inside.h"

#include "base/err.h"
#include "core/kernels/cpu.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum lk_status file_read_chunk(const struct segment_file *file, uint32_t number,
                               uint8_t bytes[LAYOUT_CHUNK], struct lk_error *err)
{
    uint32_t i = fix_find(&file->fix, number);
    if (i != FIX_NONE)
        return fix_read(&file->fix, i, bytes, err);
    size_t got;
    TRY(file_pread(file->fd, bytes, LAYOUT_CHUNK, (int64_t)number * LAYOUT_CHUNK, &got, err));
    if (got < LAYOUT_CHUNK)
        return FAIL(err, LK_CORRUPT, "'%s' is damaged: it ends in the middle", file->name);
    return LK_OK;
}

/* The header in the fix, if there is one, and it is not older than the one in the file. */
static bool fix_prevails(const struct fix *fix, const struct layout *in_file, const char *name,
                         uint8_t header[LAYOUT_CHUNK], struct layout *out)
{
    struct lk_error ignored;
    if (!fix_is_there(fix) || fix_read(fix, 0, header, &ignored) != LK_OK ||
        layout_take(out, header, name, &ignored) != LK_OK)
        return false;
    return in_file == NULL ||
           (memcmp(out->segment_id, in_file->segment_id, sizeof out->segment_id) == 0 &&
            out->n_overwritten >= in_file->n_overwritten);
}

/* Reads both headers, and sets `fix` to none when the one in the file prevails. */
static enum lk_status read_header(struct segment_file *file, struct fix *fix,
                                  uint8_t header[LAYOUT_CHUNK], struct layout *layout,
                                  struct lk_error *err)
{
    struct layout in_fix;
    uint8_t other[LAYOUT_CHUNK];
    size_t got;
    TRY(file_pread(file->fd, header, LAYOUT_CHUNK, 0, &got, err));
    file->seen = crc32c_select(cpu_mask())(0, header, got);
    struct lk_error why;
    enum lk_status status = got < LAYOUT_CHUNK ? FAIL(&why, LK_CORRUPT,
                                                      "'%s' is damaged or not a segment: it is too "
                                                      "short",
                                                      file->name)
                                               : layout_take(layout, header, file->name, &why);
    if (fix_prevails(fix, status == LK_OK ? layout : NULL, file->name, other, &in_fix)) {
        memcpy(header, other, sizeof other);
        *layout = in_fix;
        return LK_OK;
    }
    fix_close(fix);
    return status == LK_OK ? LK_OK : FAIL(err, status, "%s", why.text);
}

static enum lk_status check_size(const struct segment_file *file, const struct layout *layout,
                                 struct lk_error *err)
{
    int64_t size;
    TRY(file_size(file->fd, &size, err));
    if ((uint64_t)size != layout_file_bytes(layout))
        return FAIL(err, LK_CORRUPT, "'%s' is damaged: it has %lld bytes, its header says %llu",
                    file->name, (long long)size, (unsigned long long)layout_file_bytes(layout));
    return LK_OK;
}

/* The writer brings the fix to the file, and removes what is left of it. */
static enum lk_status finish_fix(const struct segment_file *file, struct fix *fix,
                                 struct lk_error *err)
{
    if (fix_is_there(fix)) {
        TRY(fix_apply(fix, file->fd, err));
        fix_close(fix);
    }
    return file_remove(file->fix_path, err);
}

/* Places are taken for granted once the file is open: a header must not move them. */
static bool same_places(const struct layout *a, const struct layout *b)
{
    bool same = memcmp(a->segment_id, b->segment_id, sizeof a->segment_id) == 0 &&
                a->is_sealed == b->is_sealed && a->n_sections == b->n_sections &&
                a->n_table == b->n_table && a->n_data == b->n_data;
    for (unsigned i = 0; same && i < a->n_sections; i++)
        same = a->sections[i].section == b->sections[i].section &&
               a->sections[i].kind == b->sections[i].kind &&
               a->sections[i].offset == b->sections[i].offset &&
               a->sections[i].n_bytes == b->sections[i].n_bytes;
    return same;
}

static enum lk_status look(struct segment_file *file, struct fix *fix, bool *changed,
                           struct lk_error *err)
{
    uint8_t header[LAYOUT_CHUNK];
    struct layout layout;
    TRY(read_header(file, fix, header, &layout, err));
    TRY(check_size(file, &layout, err));
    if (file->checker != NULL && file->checker->is_sealed &&
        !layout_authentic(header, file->checker->key))
        return FAIL(err, LK_CORRUPT, "'%s' is damaged: its header is not the one that was sealed",
                    file->name);
    bool first = file->checker == NULL;
    if (!first && !same_places(&layout, &file->layout))
        return FAIL(err, LK_CORRUPT, "'%s' is damaged: it became another segment", file->name);
    if (file->write)
        TRY(finish_fix(file, fix, err));
    *changed = first || layout.n_overwritten != file->layout.n_overwritten ||
               fix_is_there(fix) != fix_is_there(&file->fix);
    if (*changed) {
        file->layout = layout;
        free(file->table);
        file->table = NULL;
    }
    fix_close(&file->fix);
    file->fix = *fix;
    *fix = (struct fix){.fd = -1};
    return LK_OK;
}

static enum lk_status look_once(struct segment_file *file, bool *changed, struct lk_error *err)
{
    struct fix fix;
    TRY(fix_open(file->fix_path, &fix, err));
    enum lk_status status = look(file, &fix, changed, err);
    fix_close(&fix);
    return status;
}

/* A header that another process is overwriting at this moment is read half old, half new. Damage
 * looks the same each time. */
enum lk_status file_look(struct segment_file *file, bool *changed, struct lk_error *err)
{
    enum { MAX_LOOKS = 100, MILLISECOND = 1000000 };
    enum lk_status status = LK_OK;
    struct lk_error why;
    *changed = false;
    for (int looks = 0; looks < MAX_LOOKS; looks++) {
        uint32_t seen_before = file->seen;
        status = look_once(file, changed, &why);
        bool same_again = looks > 0 && file->seen == seen_before;
        if (status != LK_CORRUPT || file->write || same_again)
            break;
        nanosleep(&(struct timespec){0, MILLISECOND}, NULL);
    }
    return status == LK_OK ? LK_OK : FAIL(err, status, "%s", why.text);
}

static bool only_zeros(const uint8_t *p, size_t n)
{
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= p[i];
    return any == 0;
}

enum lk_status file_read_table(const struct segment_file *file, uint8_t **table,
                               const struct layout_section **bad, bool *padding_is_zero,
                               struct lk_error *err)
{
    const struct layout *l = &file->layout;
    size_t n = l->n_data * layout_entry_bytes(l), room = (size_t)l->n_table * LAYOUT_CHUNK;
    *bad = NULL;
    *padding_is_zero = true;
    *table = malloc(room > 0 ? room : 1);
    if (*table == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the checks of '%s'", file->name);
    enum lk_status status = LK_OK;
    for (uint32_t i = 0; status == LK_OK && i < l->n_table; i++)
        status = file_read_chunk(file, 1 + i, *table + (size_t)i * LAYOUT_CHUNK, err);
    if (status != LK_OK) {
        free(*table);
        *table = NULL;
        return status;
    }
    *padding_is_zero = only_zeros(*table + n, room - n);
    *bad = check_find_bad_section(file->checker, l, *table);
    return LK_OK;
}

enum lk_status file_need_table(struct segment_file *file, bool damaged_too, struct lk_error *err)
{
    if (file->table != NULL)
        return LK_OK;
    uint8_t *table;
    const struct layout_section *bad;
    bool padding_is_zero;
    TRY(file_read_table(file, &table, &bad, &padding_is_zero, err));
    if (bad != NULL && !damaged_too) {
        struct segment_damage damage = file_damage_of(file, layout_first_chunk(&file->layout, bad));
        free(table);
        return file_say_damage(file, &damage, err);
    }
    file->table = table;
    return LK_OK;
}

/* The checker, with the segment's key when it is sealed. */
static enum lk_status unwrap(struct segment_file *file, const uint8_t *key, struct lk_error *err)
{
    const struct layout *l = &file->layout;
    if (l->is_sealed && key == NULL)
        return FAIL(err, LK_DENIED, "'%s' is sealed: a key is needed to open it", file->name);
    if (!l->is_sealed && key != NULL)
        return FAIL(err, LK_INVALID, "'%s' is not sealed: it opens without a key", file->name);
    file->checker = seal_locked_new(sizeof *file->checker);
    if (file->checker == NULL)
        return FAIL(err, LK_NOMEM, "no memory that is never swapped, for the key of a segment");
    checker_init(file->checker, l->segment_id, NULL);
    if (key == NULL)
        return LK_OK;
    struct seal_part id = {l->segment_id, sizeof l->segment_id};
    if (!seal_take(key, "segment.key", id, l->wrapped_key, sizeof l->wrapped_key,
                   file->checker->key))
        return FAIL(err, LK_DENIED, "'%s' does not open with this key: it was sealed with another",
                    file->name);
    file->checker->is_sealed = true;
    return LK_OK;
}

static enum lk_status map_file(struct segment_file *file, struct lk_error *err)
{
    size_t n = layout_file_bytes(&file->layout);
    int protection = PROT_READ | (file->write ? PROT_WRITE : 0);
    void *map = mmap(NULL, n, protection, MAP_PRIVATE | MAP_NORESERVE, file->fd, 0);
    if (map == MAP_FAILED)
        return FAIL(err, LK_NOMEM, "cannot map the %zu bytes of '%s'", n, file->name);
    madvise(map, n, MADV_DONTDUMP);
    file->map = map;
    file->data = (uint8_t *)map + (size_t)layout_number(&file->layout, 0) * LAYOUT_CHUNK;
    if (!fix_is_there(&file->fix))
        return LK_OK;
    if (mprotect(map, n, PROT_READ | PROT_WRITE) != 0)
        return FAIL(err, LK_NOMEM, "cannot map the %zu bytes of '%s' to be written", n, file->name);
    for (uint32_t chunk = 0; chunk < file->layout.n_data; chunk++) {
        uint32_t i = fix_find(&file->fix, layout_number(&file->layout, chunk));
        if (i != FIX_NONE)
            TRY(fix_read(&file->fix, i, file->data + (size_t)chunk * LAYOUT_CHUNK, err));
    }
    return LK_OK;
}

static enum lk_status take_gone(struct segment_file *file, struct lk_error *err)
{
    enum { LINE_WORDS = 8 };
    size_t n = 0, at[LK_KIND_MAX + 1] = {0};
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        at[kind] = n;
        size_t words = ((size_t)file->image.index[kind].n_rows + 63) / 64;
        n += (words + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
    }
    TRY(locked_take(n * sizeof(uint64_t), LOCKED_NO, &file->gone, err));
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        if (file->image.index[kind].n_rows > 0)
            file->image.index[kind].gone = (uint64_t *)file->gone.bytes + at[kind];
    return LK_OK;
}

static enum lk_status open_inside(struct segment_file *file, const uint8_t *key,
                                  const struct segment_file_how *how, struct lk_error *err)
{
    bool changed;
    TRY(seal_init(err));
    TRY(file_open(file->path, file->write ? O_RDWR : O_RDONLY, 0, &file->fd, err));
    TRY(file_look(file, &changed, err));
    TRY(unwrap(file, key, err));
    if (file->layout.is_sealed)
        TRY(file_look(file, &changed, err)); /* once more: now its seal can be checked */
    if (file->layout.is_sealed || how->load) {
        TRY(locked_take((size_t)file->layout.n_data * LAYOUT_CHUNK, how->lock, &file->memory, err));
        file->data = file->memory.bytes;
        TRY(file_load(file, how->n_threads == 0 ? 2 : how->n_threads, err));
    } else {
        TRY(map_file(file, err));
    }
    layout_image(&file->layout, file->data, &file->image);
    file->touched = calloc(file->layout.n_data / 64 + 1, sizeof *file->touched);
    if (file->touched == NULL)
        return FAIL(err, LK_NOMEM, "no memory to open '%s'", file->name);
    return take_gone(file, err);
}

static bool set_paths(struct segment_file *file, const char *path)
{
    static const char suffix[] = ".fix";
    size_t n = strlen(path);
    file->path = strdup(path);
    file->fix_path = malloc(n + sizeof suffix);
    if (file->path == NULL || file->fix_path == NULL)
        return false;
    memcpy(file->fix_path, path, n);
    memcpy(file->fix_path + n, suffix, sizeof suffix);
    const char *slash = strrchr(file->path, '/');
    file->name = slash == NULL ? file->path : slash + 1;
    return true;
}

enum lk_status segment_file_open(const char *path, const uint8_t *key,
                                 const struct segment_file_how *how, struct segment_file **out,
                                 struct lk_error *err)
{
    *out = NULL;
    struct segment_file *file = calloc(1, sizeof *file);
    if (file == NULL)
        return FAIL(err, LK_NOMEM, "no memory to open a segment");
    file->fd = file->fix.fd = -1;
    file->write = how->write;
    pthread_mutex_init(&file->lock, NULL);
    enum lk_status status = set_paths(file, path)
                                ? open_inside(file, key, how, err)
                                : FAIL(err, LK_NOMEM, "no memory to open a segment");
    if (status != LK_OK) {
        segment_file_close(file);
        return status;
    }
    *out = file;
    return LK_OK;
}

void segment_file_close(struct segment_file *file)
{
    if (file == NULL)
        return;
    if (file->map != NULL)
        munmap(file->map, layout_file_bytes(&file->layout));
    locked_free(&file->memory);
    locked_free(&file->gone);
    if (file->fd >= 0)
        close(file->fd);
    fix_close(&file->fix);
    seal_locked_free(file->checker);
    pthread_mutex_destroy(&file->lock);
    free(file->touched);
    free(file->table);
    free(file->fix_path);
    free(file->path);
    free(file);
}

struct segment_image *segment_file_image(struct segment_file *file)
{
    return &file->image;
}

struct segment_file_info segment_file_info(struct segment_file *file)
{
    pthread_mutex_lock(&file->lock);
    struct segment_file_info info = {.is_sealed = file->layout.is_sealed,
                                     .is_mapped = file->map != NULL,
                                     .is_locked = file->memory.is_locked,
                                     .n_bytes = layout_file_bytes(&file->layout),
                                     .n_overwritten = file->layout.n_overwritten};
    memcpy(info.segment_id, file->layout.segment_id, sizeof info.segment_id);
    pthread_mutex_unlock(&file->lock);
    return info;
}

struct segment_damage file_damage_of(const struct segment_file *file, uint32_t chunk)
{
    const struct layout_section *s = layout_section_at(&file->layout, chunk);
    return (struct segment_damage){s->section, s->kind,
                                   (uint64_t)layout_number(&file->layout, chunk) * LAYOUT_CHUNK};
}

enum lk_status file_say_damage(const struct segment_file *file, const struct segment_damage *damage,
                               struct lk_error *err)
{
    const char *section = damage->section != 0  ? segment_section_name(damage->section)
                          : damage->offset == 0 ? "header"
                                                : "checks";
    return FAIL(err, LK_CORRUPT, "'%s' is damaged: section '%s'%s%s, bytes %llu to %llu",
                file->name, section, damage->kind == 0 ? "" : " of prints of kind ",
                damage->kind == 0 ? "" : lk_kind_name(damage->kind),
                (unsigned long long)damage->offset,
                (unsigned long long)damage->offset + LAYOUT_CHUNK - 1);
}

enum lk_status segment_file_remove(const char *path, struct lk_error *err)
{
    struct segment_file names = {.fd = -1};
    enum lk_status status = set_paths(&names, path)
                                ? file_remove(names.fix_path, err)
                                : FAIL(err, LK_NOMEM, "no memory to remove a segment");
    if (status == LK_OK)
        status = file_remove(names.path, err);
    free(names.path);
    free(names.fix_path);
    return status;
}
