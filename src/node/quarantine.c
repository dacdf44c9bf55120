/* Posters are counted in a table of sets of four entries; the ids of entries are random, so they
 * choose their set. When a set is full, the entry whose window began first gives way. A window
 * begins with the first poster and ends as a whole. Records of the journal: 1 entry (16) since (8)
 * released (1), the last of an entry counts. */
#include "node/quarantine.h"

#include "base/err.h"
#include "base/le.h"
#include "node/journal.h"
#include "sys/rand.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { HELD = 1, RECORD_BYTES = 1 + BANK_ID_BYTES + 9, N_SETS = 1024, N_WAYS = 4 };

static const char head[JOURNAL_HEAD_BYTES] = {'L', 'K', 'N', 'Q', 1};

/* The posters of one entry. */
struct track {
    uint8_t entry[BANK_ID_BYTES];
    int64_t began_ms;
    uint64_t *posters; /* config.n_posters places; NULL: free */
    unsigned n;
};

struct quarantine {
    pthread_mutex_t lock;
    struct quarantine_config config;
    struct journal *journal;
    uint8_t key[SEAL_KEY_BYTES];
    struct quarantined *list;
    size_t n, room;
    atomic_size_t n_held;
    struct track tracks[N_SETS][N_WAYS];
};

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for what is quarantined");
}

/* ---- the list ---- */

static struct quarantined *find(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES])
{
    for (size_t i = 0; i < q->n; i++)
        if (memcmp(q->list[i].entry, entry, BANK_ID_BYTES) == 0)
            return &q->list[i];
    return NULL;
}

static void count_held(struct quarantine *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++)
        n += !q->list[i].released;
    atomic_store(&q->n_held, n);
}

static enum lk_status put(struct quarantine *q, const struct quarantined *x, struct lk_error *err)
{
    struct quarantined *old = find(q, x->entry);
    if (old == NULL && q->n == q->room) {
        size_t room = q->room == 0 ? 16 : 2 * q->room;
        struct quarantined *list = realloc(q->list, room * sizeof *list);
        if (list == NULL)
            return no_memory(err);
        q->list = list;
        q->room = room;
    }
    if (old == NULL)
        old = &q->list[q->n++];
    *old = *x;
    count_held(q);
    return LK_OK;
}

static void note(struct journal *j, const struct quarantined *x)
{
    uint8_t bytes[RECORD_BYTES] = {HELD};
    memcpy(bytes + 1, x->entry, BANK_ID_BYTES);
    le_put64(bytes + 1 + BANK_ID_BYTES, (uint64_t)x->since_ms);
    bytes[RECORD_BYTES - 1] = x->released;
    journal_add(j, bytes, sizeof bytes);
}

static enum lk_status read_record(void *ctx, const uint8_t *p, size_t n, struct lk_error *err)
{
    struct quarantined x = {.since_ms = 0};
    if (n != RECORD_BYTES || p[0] != HELD)
        return FAIL(err, LK_CORRUPT, "what is quarantined is damaged");
    memcpy(x.entry, p + 1, BANK_ID_BYTES);
    x.since_ms = (int64_t)le_get64(p + 1 + BANK_ID_BYTES);
    x.released = p[RECORD_BYTES - 1] != 0;
    return put(ctx, &x, err);
}

static void write_all(void *ctx, struct journal *anew)
{
    const struct quarantine *q = ctx;
    for (size_t i = 0; i < q->n; i++)
        note(anew, &q->list[i]);
}

enum lk_status quarantine_open(const char *path, const struct keys *keys,
                               const struct quarantine_config *config, struct quarantine **out,
                               struct lk_error *err)
{
    struct quarantine *q = calloc(1, sizeof *q);
    *out = NULL;
    if (q == NULL)
        return no_memory(err);
    pthread_mutex_init(&q->lock, NULL);
    q->config = *config;
    rand_bytes(q->key, sizeof q->key);
    enum lk_status status = journal_open(path, head, keys, read_record, q, &q->journal, err);
    if (status != LK_OK)
        quarantine_close(q);
    else
        *out = q;
    return status;
}

void quarantine_close(struct quarantine *q)
{
    if (q == NULL)
        return;
    for (size_t i = 0; i < N_SETS; i++)
        for (size_t k = 0; k < N_WAYS; k++)
            free(q->tracks[i][k].posters);
    seal_wipe(q->key, sizeof q->key);
    free(q->list);
    journal_close(q->journal);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

/* ---- posters ---- */

static struct track *track_of(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES],
                              int64_t now_ms)
{
    struct track *set = q->tracks[le_get64(entry) % N_SETS], *oldest = set;
    for (size_t i = 0; i < N_WAYS; i++) {
        if (set[i].posters != NULL && memcmp(set[i].entry, entry, BANK_ID_BYTES) == 0)
            return &set[i];
        if (oldest->posters != NULL &&
            (set[i].posters == NULL || set[i].began_ms < oldest->began_ms))
            oldest = &set[i];
    }
    if (oldest->posters == NULL)
        oldest->posters = calloc(q->config.n_posters, sizeof *oldest->posters);
    if (oldest->posters == NULL)
        return NULL;
    memcpy(oldest->entry, entry, BANK_ID_BYTES);
    oldest->began_ms = now_ms;
    oldest->n = 0;
    return oldest;
}

static void drop_track(struct track *t)
{
    free(t->posters);
    *t = (struct track){.posters = NULL};
}

/* Whether this is one poster too many. */
static bool count_poster(struct quarantine *q, struct track *t, const char *poster, int64_t now_ms)
{
    uint8_t hash[16];
    const struct seal_part part = SEAL_TEXT(poster);
    seal_hash(q->key, &part, 1, hash, sizeof hash);
    uint64_t number = le_get64(hash);
    if (now_ms - t->began_ms >= q->config.window_ms) {
        t->began_ms = now_ms;
        t->n = 0;
    }
    for (unsigned i = 0; i < t->n; i++)
        if (t->posters[i] == number)
            return false;
    t->posters[t->n++] = number;
    return t->n == q->config.n_posters;
}

static enum lk_status note_poster(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES],
                                  const char *poster, int64_t now_ms, bool *held,
                                  struct lk_error *err)
{
    const struct quarantined *known = find(q, entry);
    *held = known != NULL && !known->released;
    if (known != NULL)
        return LK_OK;
    struct track *t = track_of(q, entry, now_ms);
    if (t == NULL)
        return no_memory(err);
    if (!count_poster(q, t, poster, now_ms))
        return LK_OK;
    struct quarantined x = {.since_ms = now_ms};
    memcpy(x.entry, entry, BANK_ID_BYTES);
    drop_track(t);
    TRY(put(q, &x, err));
    *held = true;
    note(q->journal, &x);
    return journal_commit(q->journal, err);
}

enum lk_status quarantine_note(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES],
                               unsigned tier, const char *poster, int64_t now_ms, bool *held,
                               struct lk_error *err)
{
    *held = false;
    if (q->config.n_posters == 0 || tier > q->config.highest_tier) {
        *held = quarantine_holds(q, entry);
        return LK_OK;
    }
    pthread_mutex_lock(&q->lock);
    enum lk_status status = note_poster(q, entry, poster, now_ms, held, err);
    pthread_mutex_unlock(&q->lock);
    return status;
}

/* ---- looking, releasing, forgetting ---- */

bool quarantine_holds(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES])
{
    if (atomic_load(&q->n_held) == 0)
        return false;
    pthread_mutex_lock(&q->lock);
    const struct quarantined *x = find(q, entry);
    bool held = x != NULL && !x->released;
    pthread_mutex_unlock(&q->lock);
    return held;
}

size_t quarantine_count(struct quarantine *q)
{
    return atomic_load(&q->n_held);
}

enum lk_status quarantine_list(struct quarantine *q, struct arena *arena, struct quarantined **out,
                               size_t *n, struct lk_error *err)
{
    pthread_mutex_lock(&q->lock);
    *n = q->n;
    *out = arena_zalloc(arena, q->n + 1, sizeof **out);
    if (*out != NULL && q->n > 0)
        memcpy(*out, q->list, q->n * sizeof **out);
    pthread_mutex_unlock(&q->lock);
    return *out != NULL ? LK_OK : no_memory(err);
}

enum lk_status quarantine_release(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES],
                                  struct lk_error *err)
{
    enum lk_status status = LK_OK;
    pthread_mutex_lock(&q->lock);
    struct quarantined *x = find(q, entry);
    if (x == NULL || x->released) {
        status = FAIL(err, LK_NOT_FOUND, "this entry is not quarantined");
    } else {
        x->released = true;
        note(q->journal, x);
        status = journal_commit(q->journal, err);
        x->released = status == LK_OK;
        count_held(q);
    }
    pthread_mutex_unlock(&q->lock);
    return status;
}

enum lk_status quarantine_forget(struct quarantine *q,
                                 bool (*is_gone)(void *ctx, const uint8_t entry[BANK_ID_BYTES]),
                                 void *ctx, struct lk_error *err)
{
    size_t n = 0;
    enum lk_status status = LK_OK;
    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < N_SETS; i++)
        for (size_t k = 0; k < N_WAYS; k++)
            if (q->tracks[i][k].posters != NULL && is_gone(ctx, q->tracks[i][k].entry))
                drop_track(&q->tracks[i][k]);
    for (size_t i = 0; i < q->n; i++)
        if (!is_gone(ctx, q->list[i].entry))
            q->list[n++] = q->list[i];
    bool any = n < q->n;
    q->n = n;
    if (any) {
        count_held(q);
        status = journal_rewrite(q->journal, write_all, q, err);
    }
    pthread_mutex_unlock(&q->lock);
    return status;
}
