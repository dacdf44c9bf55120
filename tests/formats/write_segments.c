/* Writes segment files for the second reader, and beside each, in FILE.txt, what it holds.
 *
 * usage: write_segments DIRECTORY KEY_HEX */
#include "../unit/segment_sample.h"
#include "base/hex.h"
#include "listing.h"
#include "sys/fault.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_WIPED = 64 };

struct file {
    const char *name;
    uint32_t n;
    unsigned n_kinds;
    bool is_sealed;
    uint32_t wipe_step; /* withdraws every so manieth entry; 0: none */
    bool dies;          /* while it overwrites: FILE.fix is left */
};

static const struct file files[] = {
    {"empty", 0, 0, false, 0, false},           {"small", 7, 4, false, 0, false},
    {"tables", 5000, 1, false, 0, false},       {"sealed", 7, 2, true, 0, false},
    {"sealed_tables", 4096, 1, true, 0, false}, {"wiped", 5000, 1, false, 371, false},
    {"sealed_wiped", 9, 2, true, 4, false},     {"dying", 7, 2, false, 3, true},
    {"sealed_dying", 7, 1, true, 3, true},
};

static void die(const char *what)
{
    fprintf(stderr, "write_segments: %s\n", what);
    exit(1);
}

static bool is_wiped(const struct file *f, uint32_t ordinal)
{
    return f->wipe_step > 0 && ordinal % f->wipe_step == 0;
}

static void put_entry(FILE *out, const struct file *f, const struct sample *s, uint32_t ordinal)
{
    const struct segment_image *image = &s->image;
    const struct segment_entry *e = &image->entries[ordinal];
    list_hex(out, e->id, sizeof e->id);
    fprintf(out, " %u %u %u", e->scope, e->duration_ms, e->medium);
    for (uint64_t i = e->first_record; i < e->first_record + e->n_records; i++) {
        const struct segment_record *r = &image->records[i];
        struct lk_record record = {.time_ms = r->time_ms,
                                   .frame = r->frame,
                                   .kind = r->kind,
                                   .front_end = r->front_end,
                                   .quality = r->quality};
        if (!is_wiped(f, ordinal))
            record.print = s->prints[i];
        list_record(out, &record);
    }
    for (uint32_t i = e->first_digest; i < e->first_digest + e->n_digests; i++) {
        struct lk_digest digest = {.type = image->digests[i].type};
        if (!is_wiped(f, ordinal))
            memcpy(digest.bytes, image->digests[i].bytes, LK_DIGEST_BYTES);
        list_digest(out, &digest);
    }
    fputc('\n', out);
}

static void put_list(const struct file *f, const struct sample *s, const char *path)
{
    char list[512];
    snprintf(list, sizeof list, "%s.txt", path);
    FILE *out = fopen(list, "w");
    if (out == NULL)
        die("cannot write a list");
    for (uint32_t i = 0; i < f->n; i++)
        put_entry(out, f, s, i);
    fclose(out);
}

static void overwrite(const struct file *f, const char *path, const uint8_t *key)
{
    struct segment_file_how how = {.write = true, .lock = LOCKED_PREFER};
    struct segment_file *file;
    struct lk_error err;
    if (segment_file_open(path, key, &how, &file, &err) != LK_OK)
        die(err.text);
    for (uint32_t i = 0; i < f->n; i += f->wipe_step)
        sample_wipe(file, i);
    if (f->dies) /* the fix is durable, and half of the chunks are copied */
        fault_arm(FAULT_SYNC, 3, FAULT_KILL, false, false);
    if (segment_file_overwrite(file, &err) != LK_OK)
        die(err.text);
    segment_file_close(file);
}

/* Damages the copied header, as a crash in the middle of its copying would. */
static void spoil(const char *path)
{
    FILE *file = fopen(path, "r+b");
    if (file == NULL || fseek(file, 100, SEEK_SET) != 0 || fputc(0xa5, file) == EOF ||
        fclose(file) != 0)
        die("cannot spoil a file");
}

static void write_file(const struct file *f, const char *dir, const uint8_t *key)
{
    struct sample s;
    struct lk_error err;
    char path[480];
    uint8_t id[SEGMENT_FILE_ID_BYTES];
    snprintf(path, sizeof path, "%s/%s", dir, f->name);
    sample_init(&s, f->n, f->n_kinds);
    key = f->is_sealed ? key : NULL;
    if (segment_file_write(path, &s.image, key, id, &err) != LK_OK)
        die(err.text);
    put_list(f, &s, path);
    sample_fini(&s);
    if (f->wipe_step == 0)
        return;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        overwrite(f, path, key);
        _exit(0);
    }
    int status;
    if (waitpid(child, &status, 0) != child ||
        (f->dies ? !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL : status != 0))
        die("overwriting did not end as it should");
    if (f->dies)
        spoil(path);
}

int main(int argc, char **argv)
{
    uint8_t key[SEGMENT_FILE_KEY_BYTES];
    if (argc != 3 || strlen(argv[2]) != 2 * sizeof key || !hex_decode(argv[2], key, sizeof key))
        die("usage: write_segments DIRECTORY KEY_HEX");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        write_file(&files[i], argv[1], key);
    return 0;
}
