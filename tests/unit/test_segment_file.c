#include "../cmocka_all.h"

#include "bank/segment_file.h"
#include "bank/segment_file_layout.h"
#include "core/kernels/cpu.h"
#include "core/kernels/crc32c.h"
#include "segment_sample.h"
#include "sys/fault.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[64], path[96], fix_path[104];

static const uint8_t master_key[SEGMENT_FILE_KEY_BYTES] = {1, 2, 3, 4};
static const uint8_t other_key[SEGMENT_FILE_KEY_BYTES] = {1, 2, 3, 5};

static int make_dir(void **state)
{
    (void)state;
    /* The faults are injected, so nothing needs a real device, whose fsync may take long. */
    bool in_memory = access("/dev/shm", W_OK) == 0;
    snprintf(dir, sizeof dir, "%s/test_segment.XXXXXX", in_memory ? "/dev/shm" : "/tmp");
    if (mkdtemp(dir) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/segment-1", dir);
    snprintf(fix_path, sizeof fix_path, "%s.fix", path);
    return 0;
}

static int drop_dir(void **state)
{
    (void)state;
    fault_disarm();
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static void write_sample(const struct sample *sample, const uint8_t *key)
{
    struct lk_error err;
    uint8_t id[SEGMENT_FILE_ID_BYTES];
    unlink(path);
    unlink(fix_path);
    assert_int_equal(segment_file_write(path, &sample->image, key, id, &err), LK_OK);
}

static struct segment_file *open_as(const uint8_t *key, bool write, bool load)
{
    struct lk_error err;
    struct segment_file *file;
    struct segment_file_how how = {.write = write, .load = load, .lock = LOCKED_PREFER};
    if (segment_file_open(path, key, &how, &file, &err) != LK_OK)
        fail_msg("%s", err.text);
    return file;
}

static void assert_opens_not(const uint8_t *key, enum lk_status expected)
{
    struct lk_error err;
    struct segment_file *file;
    struct segment_file_how how = {.write = true, .lock = LOCKED_PREFER};
    assert_int_equal(segment_file_open(path, key, &how, &file, &err), expected);
    assert_null(file);
}

static void assert_same_image(const struct segment_image *a, const struct segment_image *b)
{
    struct lk_error err;
    struct layout la, lb;
    assert_int_equal(layout_of_image(&la, a, false, &err), LK_OK);
    assert_int_equal(layout_of_image(&lb, b, false, &err), LK_OK);
    assert_int_equal(la.n_sections, lb.n_sections);
    assert_int_equal(a->hash_seed, b->hash_seed);
    for (unsigned i = 0; i < la.n_sections; i++) {
        const struct layout_section *s = &la.sections[i];
        assert_int_equal(s->n_bytes, lb.sections[i].n_bytes);
        assert_memory_equal(layout_bytes(a, s->section, s->kind),
                            layout_bytes(b, s->section, s->kind), s->n_bytes);
    }
}

static void assert_verified(struct segment_file *file)
{
    struct lk_error err;
    if (segment_file_verify(file, NULL, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static void a_segment_comes_back_as_it_was_written(void **state)
{
    (void)state;
    static const struct {
        uint32_t n;
        unsigned n_kinds;
    } sizes[] = {{0, 0}, {1, 1}, {3, 4}, {4, 0}, {100, 2}, {4095, 1}, {4096, 2}, {30000, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct sample sample;
        sample_init(&sample, sizes[i].n, sizes[i].n_kinds);
        for (int how = 0; how < 6; how++) {
            const uint8_t *key = how >= 4 ? master_key : NULL;
            if (how == 0 || how == 4)
                write_sample(&sample, key);
            struct segment_file *file = open_as(key, how & 1, how & 2);
            assert_same_image(segment_file_image(file), &sample.image);
            assert_verified(file);
            struct segment_file_info info = segment_file_info(file);
            assert_int_equal(info.is_mapped, how < 2);
            assert_int_equal(info.is_sealed, how >= 4);
            segment_file_close(file);
        }
        sample_fini(&sample);
    }
}

static void entries_are_found_by_id_and_by_digest(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 1000, 2);
    write_sample(&sample, NULL);
    struct segment_file *file = open_as(NULL, false, false);
    const struct segment_image *image = segment_file_image(file);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(segment_image_find(image, sample.image.entries[i].id), i);
        size_t n;
        const struct segment_record *r = segment_image_records(image, i, &n);
        assert_int_equal(n, 2);
        assert_int_equal(image->index[r[1].kind].labels[r[1].row], (uint64_t)i << 16 | 1);
        const struct segment_digest *d = segment_image_digests(image, i, &n);
        assert_int_equal(n, i % 3 == 0);
        if (n == 0)
            continue;
        struct lk_digest digest = {.type = d->type};
        memcpy(digest.bytes, d->bytes, sizeof digest.bytes);
        uint64_t at = UINT64_MAX;
        assert_int_equal(segment_image_next_with(image, &digest, &at), i);
        assert_int_equal(segment_image_next_with(image, &digest, &at), SEGMENT_NO_ENTRY);
        digest.type = LK_DIGEST_KEYED_SHA256;
        at = UINT64_MAX;
        assert_int_equal(segment_image_next_with(image, &digest, &at), SEGMENT_NO_ENTRY);
    }
    uint8_t nobody[16] = {0};
    assert_int_equal(segment_image_find(image, nobody), SEGMENT_NO_ENTRY);
    segment_file_close(file);
    sample_fini(&sample);
}

static void what_points_outside_a_section_is_not_followed(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 6, 1);
    struct segment_image *image = &sample.image;
    size_t n;
    image->entries[0].first_record = 6;
    image->entries[1].n_records = 6;
    image->entries[3].first_digest = 2;
    image->records[4].row = 6;
    image->records[5].kind = LK_KIND_MAX + 1;
    assert_null(segment_image_records(image, 0, &n));
    assert_null(segment_image_records(image, 1, &n));
    assert_null(segment_image_digests(image, 3, &n));
    assert_null(segment_image_print(image, &image->records[4]));
    assert_null(segment_image_print(image, &image->records[5]));
    /* tables without a free slot, full of numbers that mean nothing: a walk has an end */
    for (uint64_t i = 0; i < segment_slots(6); i++)
        image->by_id[i] = 77;
    for (uint64_t i = 0; i < segment_slots(image->n_digests); i++)
        image->by_digest[i] = 77;
    uint64_t at = UINT64_MAX;
    assert_int_equal(segment_image_find(image, image->entries[2].id), SEGMENT_NO_ENTRY);
    struct lk_digest digest = {.type = LK_DIGEST_MD5};
    assert_int_equal(segment_image_next_with(image, &digest, &at), SEGMENT_NO_ENTRY);
    sample_fini(&sample);
}

struct damage_list {
    size_t n;
    struct segment_damage p[64];
};

static void note_damage(void *ctx, const struct segment_damage *damage)
{
    struct damage_list *list = ctx;
    if (list->n < 64)
        list->p[list->n] = *damage;
    list->n++;
}

/* Flips one bit of each byte at `offset` and every `step` behind it. */
static void flip(int fd, int64_t offset, int64_t step, int64_t size)
{
    for (; offset < size; offset += step) {
        uint8_t byte;
        assert_int_equal(pread(fd, &byte, 1, offset), 1);
        byte ^= (uint8_t)(1u << (offset % 8));
        assert_int_equal(pwrite(fd, &byte, 1, offset), 1);
    }
}

static void assert_header_flip_refused(int fd, const uint8_t *key, int64_t offset)
{
    struct lk_error err;
    struct segment_file *file = NULL;
    struct segment_file_how how = {.write = true, .lock = LOCKED_PREFER}; /* would not look twice */
    flip(fd, offset, 1, offset + 1);
    if (segment_file_open(path, key, &how, &file, &err) == LK_OK)
        fail_msg("byte %lld of the header was changed, and nobody noticed", (long long)offset);
    assert_null(file);
    flip(fd, offset, 1, offset + 1);
}

/* A file of one chunk a section: every chunk behind the header is damaged at the same place, and
 * each must be named. */
static void every_flipped_byte_is_found(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 5, 1);
    for (int sealed = 0; sealed < 2; sealed++) {
        const uint8_t *key = sealed ? master_key : NULL;
        write_sample(&sample, key);
        int fd = open(path, O_RDWR | O_CLOEXEC);
        int64_t size = lseek(fd, 0, SEEK_END);
        for (int64_t at = 0; at < LAYOUT_CHUNK; at += at < 1300 || at >= LAYOUT_CHUNK - 24 ? 1 : 97)
            assert_header_flip_refused(fd, key, at);
        struct segment_file *file = open_as(key, false, false);
        size_t n_data = (size_t)(size / LAYOUT_CHUNK) - 2;
        for (int64_t at = 0; at < LAYOUT_CHUNK; at += 101) {
            struct damage_list list = {0};
            struct segment_watch watch = {&list, note_damage, NULL};
            struct lk_error err;
            flip(fd, 2 * LAYOUT_CHUNK + at, LAYOUT_CHUNK, size);
            assert_int_equal(segment_file_verify(file, &watch, &err), LK_CORRUPT);
            assert_int_equal(list.n, n_data);
            assert_int_equal(list.p[1].section, SEGMENT_RECORDS);
            assert_int_equal(list.p[n_data - 1].section, SEGMENT_LABELS);
            assert_int_equal(list.p[n_data - 1].kind, LK_WHOLE);
            flip(fd, 2 * LAYOUT_CHUNK + at, LAYOUT_CHUNK, size);
        }
        for (int64_t at = LAYOUT_CHUNK; at < 2 * LAYOUT_CHUNK;
             at += at < LAYOUT_CHUNK + 300 ? 1 : 89) {
            struct lk_error err;
            flip(fd, at, 1, at + 1);
            assert_int_equal(segment_file_verify(file, NULL, &err), LK_CORRUPT);
            flip(fd, at, 1, at + 1);
        }
        assert_verified(file);
        segment_file_close(file);
        close(fd);
    }
    sample_fini(&sample);
}

static void damage_is_named_when_a_sealed_segment_is_opened(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    sample_init(&sample, 5, 1);
    write_sample(&sample, master_key);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    flip(fd, 3 * LAYOUT_CHUNK + 7, 1, 3 * LAYOUT_CHUNK + 8);
    struct segment_file *file;
    struct segment_file_how how = {.lock = LOCKED_PREFER};
    assert_int_equal(segment_file_open(path, master_key, &how, &file, &err), LK_CORRUPT);
    assert_non_null(strstr(err.text, "'segment-1' is damaged: section 'records'"));
    close(fd);
    sample_fini(&sample);
}

static void a_file_cut_short_is_refused(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 5, 1);
    for (int sealed = 0; sealed < 2; sealed++) {
        const uint8_t *key = sealed ? master_key : NULL;
        write_sample(&sample, key);
        struct stat st;
        assert_int_equal(stat(path, &st), 0);
        for (int64_t n = st.st_size - 1; n >= 0; n -= n > 70000 ? 4099 : 131) {
            assert_int_equal(truncate(path, n), 0);
            assert_opens_not(key, LK_CORRUPT);
        }
    }
    sample_fini(&sample);
}

static void a_failed_write_leaves_nothing(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    uint8_t id[SEGMENT_FILE_ID_BYTES];
    sample_init(&sample, 5, 1);
    for (int op = FAULT_OPEN; op <= FAULT_SYNC; op++) {
        if (op == FAULT_READ)
            continue;
        for (uint64_t nth = 1;; nth++) {
            fault_arm((enum fault_op)op, nth, ENOSPC, true, nth % 2);
            enum lk_status status = segment_file_write(path, &sample.image, NULL, id, &err);
            fault_disarm();
            if (status == LK_OK) {
                assert_true(nth > 1);
                break;
            }
            assert_int_equal(status, LK_IO);
            assert_int_equal(access(path, F_OK), -1);
        }
        assert_int_equal(segment_file_write(path, &sample.image, NULL, id, &err), LK_CONFLICT);
        struct segment_file *file = open_as(NULL, false, false);
        assert_verified(file);
        segment_file_close(file);
        assert_int_equal(segment_file_remove(path, &err), LK_OK);
        assert_int_equal(segment_file_remove(path, &err), LK_OK);
    }
    sample_fini(&sample);
}

static void only_the_right_key_opens(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 5, 1);
    assert_opens_not(NULL, LK_NOT_FOUND);
    write_sample(&sample, NULL);
    assert_opens_not(master_key, LK_INVALID);
    write_sample(&sample, master_key);
    assert_opens_not(NULL, LK_DENIED);
    assert_opens_not(other_key, LK_DENIED);
    segment_file_close(open_as(master_key, false, false));
    sample_fini(&sample);
}

/* Whether the n bytes stand anywhere in the image. */
static bool image_has(const struct segment_image *image, const void *bytes, size_t n)
{
    struct lk_error err;
    struct layout l;
    assert_int_equal(layout_of_image(&l, image, false, &err), LK_OK);
    for (unsigned i = 0; i < l.n_sections; i++)
        if (memmem(layout_bytes(image, l.sections[i].section, l.sections[i].kind),
                   l.sections[i].n_bytes, bytes, n) != NULL)
            return true;
    return false;
}

/* How many filters and ids of a print are left in the tables of an image. */
static unsigned traces(const struct segment *s, const struct lk_print *print, uint32_t row)
{
    unsigned n = 0;
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        for (uint32_t i = 0; i < s->n_rows; i++)
            n += s->ids[(uint64_t)p * s->n_rows + i] == row;
    struct probe_tables t = segment_tables(s);
    for (unsigned p = 0; p < PROBE_PARTS; p++) {
        const struct probe_line *line =
            &s->lines[((size_t)p << s->key_bits) + probe_key(print, p, s->key_bits)];
        unsigned filter = probe_filter(print, p, s->key_bits);
        for (uint32_t i = 0; i < line->count; i++)
            n += filter == (i < PROBE_INLINE
                                ? line->filter[i]
                                : s->overflow[t.overflow_at[p] + line->over + i - PROBE_INLINE]);
    }
    return n;
}

enum { N_BIG = 40000, N_WIPED = 5, WIPED_STEP = 7777 };

static void an_overwritten_print_is_nowhere(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    sample_init(&sample, N_BIG, 2);
    for (int how = 0; how < 3; how++) {
        const uint8_t *key = how == 2 ? master_key : NULL;
        write_sample(&sample, key);
        struct segment_file *file = open_as(key, true, how == 1);
        for (uint32_t i = 0; i < N_WIPED; i++)
            sample_wipe(file, i * WIPED_STEP);
        assert_true(segment_file_touched_bytes(file) > 0);
        assert_int_equal(segment_file_overwrite(file, &err), LK_OK);
        assert_int_equal(segment_file_touched_bytes(file), 0);
        assert_int_equal(access(fix_path, F_OK), -1);
        assert_verified(file);
        struct segment_file *again = open_as(key, false, false);
        assert_verified(again);
        assert_int_equal(segment_file_info(again).n_overwritten, 1);
        assert_same_image(segment_file_image(again), segment_file_image(file));
        unsigned n_traces = 0;
        for (uint32_t i = 0; i < N_WIPED; i++) {
            const struct segment *s = &sample.image.index[LK_WHOLE];
            uint32_t row = sample.image.records[2 * WIPED_STEP * i].row;
            assert_false(image_has(segment_file_image(again), &s->rows[row], 32));
            n_traces += traces(&segment_file_image(again)->index[LK_WHOLE], &s->rows[row], row);
            assert_true(traces(s, &s->rows[row], row) >= 32);
        }
        /* a filter of another print may be equal by chance: one of 65536 in buckets of 20 */
        assert_true(n_traces < N_WIPED);
        if (sample.image.n_digests > 0)
            assert_false(image_has(segment_file_image(again), sample.image.digests[0].bytes, 16));
        segment_file_close(again);
        segment_file_close(file);
    }
    sample_fini(&sample);
}

static void overwriting_needs_the_right_to_write(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    sample_init(&sample, 5, 1);
    write_sample(&sample, NULL);
    struct segment_file *file = open_as(NULL, false, true);
    segment_file_touch(file, SEGMENT_ROWS, LK_WHOLE, 0, 32);
    assert_int_equal(segment_file_overwrite(file, &err), LK_DENIED);
    segment_file_close(file);
    sample_fini(&sample);
}

/* Flips a byte, withdraws entry 2, and looks for what is then known as damaged. */
static void wipe_beside_damage(const struct sample *sample, uint64_t at,
                               struct damage_list *damages)
{
    struct lk_error err;
    struct segment_watch watch = {damages, note_damage, NULL};
    write_sample(sample, NULL);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    flip(fd, (int64_t)at, 1, (int64_t)at + 1);
    close(fd);
    struct segment_file *file = open_as(NULL, true, false);
    sample_wipe(file, 2);
    assert_int_equal(segment_file_overwrite(file, &err), LK_OK);
    segment_file_close(file);
    file = open_as(NULL, false, false);
    assert_int_equal(segment_file_verify(file, &watch, &err), LK_CORRUPT);
    assert_false(image_has(segment_file_image(file), &sample->image.index[LK_WHOLE].rows[2], 32));
    segment_file_close(file);
}

static void damage_beside_what_is_wiped_is_not_made_good(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    struct layout l;
    sample_init(&sample, 5, 1);
    assert_int_equal(layout_of_image(&l, &sample.image, false, &err), LK_OK);
    const struct layout_section *rows = layout_find(&l, SEGMENT_ROWS, LK_WHOLE);
    struct damage_list in_rows = {0}, in_table = {0};
    wipe_beside_damage(&sample, rows->offset + 4 * 32, &in_rows);
    assert_int_equal(in_rows.n, 1);
    assert_int_equal(in_rows.p[0].section, SEGMENT_ROWS);
    assert_int_equal(in_rows.p[0].kind, LK_WHOLE);
    assert_int_equal(in_rows.p[0].offset, rows->offset);
    wipe_beside_damage(&sample, LAYOUT_CHUNK + 4 * layout_first_chunk(&l, rows), &in_table);
    assert_int_equal(in_table.n, 1);
    assert_int_equal(in_table.p[0].section, SEGMENT_ROWS);
    sample_fini(&sample);
}

static void a_loaded_segment_mends_what_it_overwrites(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    struct layout l;
    sample_init(&sample, 5, 1);
    write_sample(&sample, master_key);
    assert_int_equal(layout_of_image(&l, &sample.image, true, &err), LK_OK);
    int64_t at = (int64_t)layout_find(&l, SEGMENT_ROWS, LK_WHOLE)->offset;
    struct segment_file *file = open_as(master_key, true, false);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    flip(fd, at, 1, at + 1);
    assert_int_equal(segment_file_verify(file, NULL, &err), LK_CORRUPT);
    sample_wipe(file, 2);
    assert_int_equal(segment_file_overwrite(file, &err), LK_OK);
    assert_verified(file);
    close(fd);
    segment_file_close(file);
    sample_fini(&sample);
}

/* Whether the segment on disk, whole as it must be, holds entry 3 still. */
static bool still_has_entry(const struct sample *sample, const uint8_t *key, bool write)
{
    struct segment_file *file = open_as(key, write, false);
    assert_verified(file);
    const struct segment_image *image = segment_file_image(file);
    bool has = image_has(image, &sample->image.index[LK_WHOLE].rows[3], 32);
    bool has_digest = image_has(image, sample->image.digests[1].bytes, 16);
    assert_int_equal(has, has_digest);
    assert_true(image_has(image, &sample->image.index[LK_WHOLE].rows[4], 32));
    segment_file_close(file);
    return has;
}

/* Wipes entry 3 with a fault at the nth call of `op`; what comes back, or how the child ended. */
static int wipe_with_fault(const uint8_t *key, enum fault_op op, uint64_t nth, int error, bool half)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct segment_file_how how = {.write = true, .lock = LOCKED_PREFER};
        struct segment_file *file;
        struct lk_error err;
        if (segment_file_open(path, key, &how, &file, &err) != LK_OK)
            _exit(99);
        sample_wipe(file, 3);
        fault_arm(op, nth, error, error != FAULT_KILL, half);
        _exit((int)segment_file_overwrite(file, &err));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* The sample for each step: old before the fix is whole, new from then on. */
static void wipe_with_fault_everywhere(const struct sample *sample, const uint8_t *key, int error)
{
    unsigned n_old = 0, n_new = 0;
    static const enum fault_op ops[] = {FAULT_OPEN, FAULT_READ, FAULT_WRITE, FAULT_SYNC,
                                        FAULT_RENAME};
    for (size_t i = 0; i < 2 * sizeof ops / sizeof ops[0]; i++) {
        bool half = i >= sizeof ops / sizeof ops[0];
        enum fault_op op = ops[i % (sizeof ops / sizeof ops[0])];
        for (uint64_t nth = 1; !half || op == FAULT_WRITE; nth++) {
            write_sample(sample, key);
            int end = wipe_with_fault(key, op, nth, error, half);
            bool old = still_has_entry(sample, key, false); /* a reader sees the same as ... */
            assert_int_equal(old, still_has_entry(sample, key, true)); /* ... who mends it */
            assert_int_equal(access(fix_path, F_OK), -1);
            assert_int_equal(old, still_has_entry(sample, key, false));
            if (end == LK_OK) {
                assert_false(old);
                break;
            }
            assert_true(end == LK_IO || (error == FAULT_KILL && end == -SIGKILL));
            n_old += old;
            n_new += !old;
        }
    }
    assert_true(n_old > 5);
    assert_true(n_new > 5);
}

static void killed_while_overwriting_it_is_old_or_new(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 5, 1);
    wipe_with_fault_everywhere(&sample, NULL, FAULT_KILL);
    wipe_with_fault_everywhere(&sample, master_key, FAULT_KILL);
    sample_fini(&sample);
}

static void failing_while_overwriting_it_is_old_or_new(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 5, 1);
    wipe_with_fault_everywhere(&sample, NULL, ENOSPC);
    wipe_with_fault_everywhere(&sample, master_key, ENOSPC);
    sample_fini(&sample);
}

static void a_failed_overwriting_can_be_done_again(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    sample_init(&sample, 5, 1);
    for (uint64_t nth = 1;; nth++) {
        write_sample(&sample, NULL);
        struct segment_file *file = open_as(NULL, true, false);
        sample_wipe(file, 3);
        fault_arm(FAULT_WRITE, nth, ENOSPC, false, false);
        enum lk_status status = segment_file_overwrite(file, &err);
        fault_disarm();
        assert_verified(file);
        assert_int_equal(segment_file_overwrite(file, &err), LK_OK);
        assert_verified(file);
        segment_file_close(file);
        assert_false(still_has_entry(&sample, NULL, false));
        if (status == LK_OK)
            break;
    }
    sample_fini(&sample);
}

static void an_old_fix_is_not_applied_again(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    char command[320];
    sample_init(&sample, 5, 1);
    write_sample(&sample, NULL);
    /* dies when it is about to remove the fix of entry 3 */
    assert_int_equal(wipe_with_fault(NULL, FAULT_RENAME, 1, FAULT_KILL, false), -SIGKILL);
    snprintf(command, sizeof command, "cp '%s' '%s/old'", fix_path, dir);
    assert_int_equal(system(command), 0);
    struct segment_file *file = open_as(NULL, true, false);
    sample_wipe(file, 0);
    assert_int_equal(segment_file_overwrite(file, &err), LK_OK);
    segment_file_close(file);
    snprintf(command, sizeof command, "cp '%s/old' '%s'", dir, fix_path);
    assert_int_equal(system(command), 0);
    for (int write = 0; write < 2; write++) {
        file = open_as(NULL, write, false);
        assert_verified(file);
        assert_false(
            image_has(segment_file_image(file), &sample.image.index[LK_WHOLE].rows[0], 32));
        segment_file_close(file);
    }
    assert_int_equal(access(fix_path, F_OK), -1);
    sample_fini(&sample);
}

/* Who can write the file, but has no key, puts back what stood there before a print was wiped. */
static void what_was_right_once_is_not_taken_back(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    sample_init(&sample, 5, 1);
    for (int sealed = 0; sealed < 2; sealed++) {
        const uint8_t *key = sealed ? master_key : NULL;
        write_sample(&sample, key);
        int fd = open(path, O_RDWR | O_CLOEXEC);
        off_t size = lseek(fd, 0, SEEK_END);
        uint8_t *old = malloc((size_t)size);
        assert_int_equal(pread(fd, old, (size_t)size, 0), size);
        struct segment_file *file = open_as(key, true, false);
        sample_wipe(file, 3);
        assert_int_equal(segment_file_overwrite(file, &err), LK_OK);
        segment_file_close(file);
        assert_int_equal(pwrite(fd, old + LAYOUT_CHUNK, (size_t)size - LAYOUT_CHUNK, LAYOUT_CHUNK),
                         size - LAYOUT_CHUNK); /* all but the header */
        if (sealed) {
            assert_opens_not(key, LK_CORRUPT);
        } else {
            file = open_as(key, false, false);
            assert_int_equal(segment_file_verify(file, NULL, &err), LK_CORRUPT);
            segment_file_close(file);
        }
        close(fd);
        free(old);
    }
    sample_fini(&sample);
}

static void a_damaged_fix_means_nothing(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample, 5, 1);
    write_sample(&sample, NULL);
    /* dies when the fix is durable, and its name is to be */
    assert_int_equal(wipe_with_fault(NULL, FAULT_SYNC, 2, FAULT_KILL, false), -SIGKILL);
    assert_false(still_has_entry(&sample, NULL, false));
    int fd = open(fix_path, O_RDWR | O_CLOEXEC);
    int64_t size = lseek(fd, 0, SEEK_END);
    for (int64_t at = 0; at < size; at += at < 100 ? 1 : 1021) {
        flip(fd, at, 1, at + 1);
        assert_true(still_has_entry(&sample, NULL, false));
        flip(fd, at, 1, at + 1);
    }
    assert_int_equal(ftruncate(fd, size - 1), 0);
    assert_true(still_has_entry(&sample, NULL, false));
    close(fd);
    assert_true(still_has_entry(&sample, NULL, true));
    assert_int_equal(access(fix_path, F_OK), -1);
    sample_fini(&sample);
}

static void every_level_sums_alike(void **state)
{
    (void)state;
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i + i / 7);
    crc32c_sum *fast = crc32c_select(cpu_mask()), *plain = crc32c_select(CPU_BIT(CPU_SCALAR));
    assert_int_equal(fast(0, "123456789", 9), 0xe3069283);
    for (size_t from = 0; from < 9; from++)
        for (size_t n = 0; n + from <= sizeof bytes; n++)
            assert_int_equal(fast((uint32_t)n, bytes + from, n),
                             plain((uint32_t)n, bytes + from, n));
}

struct reader {
    const uint8_t *key;
    atomic_bool stop;
    unsigned n_verified;
    char complaint[LK_ERROR_TEXT_BYTES];
};

static void *verify_all_the_time(void *arg)
{
    struct reader *r = arg;
    struct lk_error err;
    while (!atomic_load(&r->stop) && r->complaint[0] == 0) {
        struct segment_file_how how = {.lock = LOCKED_PREFER};
        struct segment_file *file;
        enum lk_status status = segment_file_open(path, r->key, &how, &file, &err);
        if (status == LK_OK)
            status = segment_file_verify(file, NULL, &err);
        if (status != LK_OK)
            snprintf(r->complaint, sizeof r->complaint, "%s", err.text);
        segment_file_close(file);
        r->n_verified++;
    }
    return NULL;
}

static void a_reader_beside_a_writer_sees_no_damage(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    sample_init(&sample, 300, 1);
    for (int sealed = 0; sealed < 2; sealed++) {
        struct reader reader = {.key = sealed ? master_key : NULL};
        write_sample(&sample, reader.key);
        struct segment_file *file = open_as(reader.key, true, false);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, verify_all_the_time, &reader), 0);
        for (uint32_t i = 0; i < 300; i++) {
            sample_wipe(file, i);
            assert_int_equal(segment_file_overwrite(file, &err), LK_OK);
        }
        assert_verified(file);
        atomic_store(&reader.stop, true);
        pthread_join(thread, NULL);
        assert_string_equal(reader.complaint, "");
        assert_true(reader.n_verified > 0);
        segment_file_close(file);
    }
    sample_fini(&sample);
}

static bool stop_at_once(void *ctx, uint64_t done, uint64_t n_bytes)
{
    (void)ctx;
    assert_true(done <= n_bytes);
    return false;
}

static void verifying_can_be_stopped(void **state)
{
    (void)state;
    struct sample sample;
    struct lk_error err;
    sample_init(&sample, 5, 1);
    write_sample(&sample, NULL);
    struct segment_file *file = open_as(NULL, false, false);
    struct segment_watch watch = {.go_on = stop_at_once};
    assert_int_equal(segment_file_verify(file, &watch, &err), LK_BUSY);
    segment_file_close(file);
    sample_fini(&sample);
}

/* In a child without rights and with a limit of nothing. 0: all as it should be. */
static int lock_without_rights(void)
{
    struct rlimit nothing = {0, 0};
    struct locked block;
    struct lk_error err;
    if (setrlimit(RLIMIT_MEMLOCK, &nothing) != 0 || (geteuid() == 0 && setuid(65534) != 0))
        return 1;
    if (locked_take(1 << 20, LOCKED_REQUIRE, &block, &err) != LK_LIMIT || block.bytes != NULL ||
        strstr(err.text, "may lock 0") == NULL)
        return 2;
    if (locked_take(1 << 20, LOCKED_PREFER, &block, &err) != LK_OK || block.is_locked)
        return 3;
    memset(block.bytes, 1, block.n_bytes);
    locked_free(&block);
    return 0;
}

static void memory_that_cannot_be_locked_is_refused_or_said(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(lock_without_rights());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, drop_dir)
    const struct CMUnitTest tests[] = {
        TEST(a_segment_comes_back_as_it_was_written),
        TEST(entries_are_found_by_id_and_by_digest),
        TEST(what_points_outside_a_section_is_not_followed),
        TEST(every_flipped_byte_is_found),
        TEST(damage_is_named_when_a_sealed_segment_is_opened),
        TEST(a_file_cut_short_is_refused),
        TEST(a_failed_write_leaves_nothing),
        TEST(only_the_right_key_opens),
        TEST(an_overwritten_print_is_nowhere),
        TEST(overwriting_needs_the_right_to_write),
        TEST(damage_beside_what_is_wiped_is_not_made_good),
        TEST(a_loaded_segment_mends_what_it_overwrites),
        TEST(killed_while_overwriting_it_is_old_or_new),
        TEST(failing_while_overwriting_it_is_old_or_new),
        TEST(a_failed_overwriting_can_be_done_again),
        TEST(an_old_fix_is_not_applied_again),
        TEST(what_was_right_once_is_not_taken_back),
        TEST(a_damaged_fix_means_nothing),
        TEST(every_level_sums_alike),
        TEST(a_reader_beside_a_writer_sees_no_damage),
        TEST(verifying_can_be_stopped),
        TEST(memory_that_cannot_be_locked_is_refused_or_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
