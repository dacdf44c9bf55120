/* Threads take runs of chunks in turn: read a run to where it will stay, then check and decrypt it
 * there while it is in the cache. */
#include "segment_file_inside.h"

#include "base/err.h"
#include "sys/file.h"

#include <stdatomic.h>

enum { RUN = 16, MAX_THREADS = 16, MAX_TRIES = 20 };

struct load {
    struct segment_file *file;
    _Atomic uint64_t next; /* chunk that nobody took yet */
    _Atomic uint32_t bad;  /* the first damaged one, or n_data */
};

struct loader {
    struct load *load;
    enum lk_status status;
    struct lk_error error;
};

static enum lk_status read_run(struct segment_file *file, uint32_t chunk, uint32_t n,
                               uint8_t *bytes, struct lk_error *err)
{
    uint32_t number = layout_number(&file->layout, chunk);
    if (fix_is_there(&file->fix)) {
        for (uint32_t i = 0; i < n; i++)
            TRY(file_read_chunk(file, number + i, bytes + (size_t)i * LAYOUT_CHUNK, err));
        return LK_OK;
    }
    size_t got, n_bytes = (size_t)n * LAYOUT_CHUNK;
    TRY(file_pread(file->fd, bytes, n_bytes, (int64_t)number * LAYOUT_CHUNK, &got, err));
    if (got < n_bytes)
        return FAIL(err, LK_CORRUPT, "'%s' is damaged: it ends in the middle", file->name);
    return LK_OK;
}

static void note_bad(struct load *load, uint32_t chunk)
{
    uint32_t bad = atomic_load(&load->bad);
    while (chunk < bad && !atomic_compare_exchange_weak(&load->bad, &bad, chunk))
        ;
}

static enum lk_status load_run(struct load *load, uint32_t from, struct lk_error *err)
{
    struct segment_file *file = load->file;
    const struct layout *l = &file->layout;
    uint32_t n = l->n_data - from < RUN ? l->n_data - from : RUN;
    uint8_t *bytes = file->data + (size_t)from * LAYOUT_CHUNK;
    TRY(read_run(file, from, n, bytes, err));
    for (uint32_t chunk = from; chunk < from + n; chunk++, bytes += LAYOUT_CHUNK)
        if (!check_take(file->checker, layout_number(l, chunk), bytes,
                        file_entry(l, file->table, chunk)))
            note_bad(load, chunk);
    return LK_OK;
}

static void *work(void *arg)
{
    struct loader *loader = arg;
    struct load *load = loader->load;
    loader->status = LK_OK;
    while (loader->status == LK_OK && atomic_load(&load->bad) == load->file->layout.n_data) {
        uint64_t from = atomic_fetch_add(&load->next, RUN);
        if (from >= load->file->layout.n_data)
            break;
        loader->status = load_run(load, (uint32_t)from, &loader->error);
    }
    return NULL;
}

/* Loads once; *bad is the first chunk that is not as its check says, or n_data. */
static enum lk_status load_once(struct segment_file *file, unsigned n_threads, uint32_t *bad,
                                struct lk_error *err)
{
    struct load load = {.file = file, .bad = file->layout.n_data};
    struct loader loaders[MAX_THREADS];
    pthread_t threads[MAX_THREADS];
    unsigned n = 1; /* this thread is the first */
    if (n_threads > MAX_THREADS)
        n_threads = MAX_THREADS;
    for (unsigned i = 0; i < n_threads; i++)
        loaders[i].load = &load;
    while (n < n_threads && pthread_create(&threads[n], NULL, work, &loaders[n]) == 0)
        n++;
    work(&loaders[0]);
    enum lk_status status = LK_OK;
    for (unsigned i = 0; i < n; i++) {
        if (i > 0)
            pthread_join(threads[i], NULL);
        if (status == LK_OK && loaders[i].status != LK_OK)
            status = FAIL(err, loaders[i].status, "%s", loaders[i].error.text);
    }
    *bad = atomic_load(&load.bad);
    return status;
}

/* A writer in another process may be overwriting chunks meanwhile: then the header changes, and all
 * is read again. */
enum lk_status file_load(struct segment_file *file, unsigned n_threads, struct lk_error *err)
{
    struct segment_damage damage = {0};
    for (int tries = 0; tries < MAX_TRIES; tries++) {
        bool changed = false;
        struct lk_error why;
        enum lk_status status = file_need_table(file, false, &why);
        uint32_t bad = file->layout.n_data;
        if (status == LK_OK)
            status = load_once(file, n_threads, &bad, &why);
        if (status == LK_OK && bad == file->layout.n_data)
            return LK_OK;
        if (status == LK_OK) {
            damage = file_damage_of(file, bad);
            status = file_say_damage(file, &damage, &why);
        }
        if (status == LK_CORRUPT && !file->write)
            TRY(file_look(file, &changed, err));
        if (!changed)
            return FAIL(err, status, "%s", why.text);
    }
    return FAIL(err, LK_BUSY, "'%s' is being overwritten all the time: try again later",
                file->name);
}
