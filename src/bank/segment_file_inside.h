/* bank/segment_file_inside.h - what the files of segment_file.h share. */
#ifndef BANK_SEGMENT_FILE_INSIDE_H
#define BANK_SEGMENT_FILE_INSIDE_H

#include "segment_file_check.h"
#include "segment_file_fix.h"

#include <pthread.h>

struct segment_file {
    int fd;
    bool write;
    char *path, *fix_path;
    const char *name; /* the last part of path, for messages */
    struct segment_image image;
    uint8_t *data;        /* the first data chunk in memory */
    void *map;            /* of the whole file; NULL when loaded */
    struct locked memory; /* loaded: all data chunks */
    struct locked gone;   /* the bitmaps of all kinds */
    uint64_t *touched;    /* a bit a data chunk */
    uint64_t n_touched;

    /* Guarded by `lock`, as a verifying thread reads them while an overwriting one changes them.
     * The places in `layout` never change. */
    pthread_mutex_t lock;
    struct checker *checker; /* in memory of seal_locked_new() */
    struct layout layout;
    uint8_t *table; /* of checks, of layout_entry_bytes() each; NULL until it is needed */
    uint32_t seen;  /* sum of the header as it was last read in the file, whole or not */
    struct fix fix; /* chunks that are to be read there instead of in the file */
};

/* Looks at the header and at FILE.fix as they are now. A writer finishes an interrupted
 * overwriting; a reader will find its chunks in the fix. *changed says whether the header or
 * the fix is another than before. The table is dropped then. Errors: as segment_file_open(). */
enum lk_status file_look(struct segment_file *file, bool *changed,
                         struct lk_error *err) LK_MUST_CHECK;

/* Reads a chunk of the file, or of the fix. Errors: LK_IO, LK_CORRUPT (the file ends before). */
enum lk_status file_read_chunk(const struct segment_file *file, uint32_t number,
                               uint8_t bytes[LAYOUT_CHUNK], struct lk_error *err) LK_MUST_CHECK;

/* Reads the table of checks into memory that the caller frees, and finds the first section whose
 * part of it is damaged (NULL: none). *padding_is_zero: what stands behind the last entry is.
 * Errors: LK_IO, LK_NOMEM, LK_CORRUPT (the file ends before). */
enum lk_status file_read_table(const struct segment_file *file, uint8_t **table,
                               const struct layout_section **bad, bool *padding_is_zero,
                               struct lk_error *err) LK_MUST_CHECK;

/* Reads file->table unless it is there. Errors: as file_read_table(), LK_CORRUPT (damaged, unless
 * damaged_too: then chunks whose check is damaged look damaged). */
enum lk_status file_need_table(struct segment_file *file, bool damaged_too,
                               struct lk_error *err) LK_MUST_CHECK;

static inline const uint8_t *file_entry(const struct layout *l, const uint8_t *table,
                                        uint32_t chunk)
{
    return table + chunk * layout_entry_bytes(l);
}

/* Reads, checks and decrypts all data chunks into file->memory, with n_threads.
 * Errors: LK_CORRUPT (naming the section), LK_IO, LK_NOMEM. */
enum lk_status file_load(struct segment_file *file, unsigned n_threads,
                         struct lk_error *err) LK_MUST_CHECK;

/* What a data chunk is damage of, and the error that says so. */
struct segment_damage file_damage_of(const struct segment_file *file, uint32_t chunk);
enum lk_status file_say_damage(const struct segment_file *file, const struct segment_damage *damage,
                               struct lk_error *err);

#endif
