/* The file, after its head: number of sets and of changed entries (4
 * bytes each), the sets (a byte of length and text each), the entries (id and packed mark each).
 *
 * Changed entries stand in a hash table with open addressing; what is removed is closed up. */
#include "node/marks.h"

#include "base/err.h"
#include "base/le.h"
#include "node/sealed_file.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    BRAKE_BIT = 16,
    BRAKE_MAX = 31,
    LAWS_BIT = 21,
    MAX_SETS = (1 << 11) - 1,
    SET_BYTES = 256,
    FIRST_ROOM = 64,
    ENTRY_BYTES = FEED_ID_BYTES + 4,
};

static const char head[SEALED_FILE_HEAD_BYTES] = {'L', 'K', 'N', 'M', 1};

struct changed {
    uint8_t id[FEED_ID_BYTES];
    uint32_t packed;
    bool is_there;
};

struct marks {
    pthread_rwlock_t lock;
    char *sets[MAX_SETS + 1]; /* from 1 */
    size_t n_sets;
    struct changed *table; /* room is a power of two, at most half full */
    size_t n, room;
    bool is_dirty;
};

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for what is known of entries");
}

/* Ids are random. */
static size_t place_of(const struct marks *m, const uint8_t id[FEED_ID_BYTES])
{
    size_t at = (size_t)le_get64(id) & (m->room - 1);
    while (m->table[at].is_there && memcmp(m->table[at].id, id, FEED_ID_BYTES) != 0)
        at = (at + 1) & (m->room - 1);
    return at;
}

static enum lk_status grow(struct marks *m, struct lk_error *err)
{
    size_t room = m->room == 0 ? FIRST_ROOM : 2 * m->room;
    struct changed *old = m->table;
    size_t n_old = m->room;
    struct changed *table = calloc(room, sizeof *table);
    if (table == NULL)
        return no_memory(err);
    m->table = table;
    m->room = room;
    for (size_t i = 0; i < n_old; i++)
        if (old[i].is_there)
            m->table[place_of(m, old[i].id)] = old[i];
    free(old);
    return LK_OK;
}

static enum lk_status put(struct marks *m, const uint8_t id[FEED_ID_BYTES], uint32_t packed,
                          struct lk_error *err)
{
    if (2 * (m->n + 1) > m->room)
        TRY(grow(m, err));
    struct changed *c = &m->table[place_of(m, id)];
    m->n += !c->is_there;
    memcpy(c->id, id, FEED_ID_BYTES);
    c->packed = packed;
    c->is_there = true;
    return LK_OK;
}

static void take_out(struct marks *m, const uint8_t id[FEED_ID_BYTES])
{
    size_t hole = m->room == 0 ? 0 : place_of(m, id);
    if (m->room == 0 || !m->table[hole].is_there)
        return;
    m->n--;
    m->is_dirty = true;
    for (size_t at = hole;;) {
        m->table[hole].is_there = false;
        size_t home;
        do { /* the next one that may not be reached across the hole */
            at = (at + 1) & (m->room - 1);
            if (!m->table[at].is_there)
                return;
            home = (size_t)le_get64(m->table[at].id) & (m->room - 1);
        } while (((at - home) & (m->room - 1)) < ((at - hole) & (m->room - 1)));
        m->table[hole] = m->table[at];
        hole = at;
    }
}

static enum lk_status set_number(struct marks *m, const char *text, size_t n, uint32_t *number,
                                 struct lk_error *err)
{
    *number = 0;
    if (n == 0)
        return LK_OK;
    for (uint32_t i = 1; i <= m->n_sets; i++)
        if (strlen(m->sets[i]) == n && memcmp(m->sets[i], text, n) == 0) {
            *number = i;
            return LK_OK;
        }
    if (m->n_sets == MAX_SETS || n >= SET_BYTES)
        return FAIL(err, LK_LIMIT, "there are more sets of laws than a node can tell apart");
    m->sets[m->n_sets + 1] = strndup(text, n);
    if (m->sets[m->n_sets + 1] == NULL)
        return no_memory(err);
    *number = (uint32_t)++m->n_sets;
    m->is_dirty = true;
    return LK_OK;
}

static enum lk_status pack(struct marks *m, const struct feed_change *change, uint32_t *packed,
                           struct lk_error *err)
{
    char text[SET_BYTES] = "";
    uint32_t number, day = change->expires_day;
    for (size_t i = 0; i < change->n_regimes; i++) {
        if (strlen(text) + strlen(change->regimes[i]) + 2 > sizeof text)
            break; /* what a platform needs to know is that there are many */
        if (i > 0)
            strcat(text, ",");
        strcat(text, change->regimes[i]);
    }
    TRY(set_number(m, text, strlen(text), &number, err));
    if (day == 0 || day > MARKS_NO_DAY)
        day = MARKS_NO_DAY;
    uint32_t brake = change->brake > BRAKE_MAX ? BRAKE_MAX : change->brake;
    *packed = day | brake << BRAKE_BIT | number << LAWS_BIT;
    return LK_OK;
}

enum lk_status marks_pack(struct marks *m, const struct feed_change *change, uint32_t *scope,
                          struct lk_error *err)
{
    pthread_rwlock_wrlock(&m->lock);
    enum lk_status status = pack(m, change, scope, err);
    pthread_rwlock_unlock(&m->lock);
    return status;
}

enum lk_status marks_change(struct marks *m, const struct feed_change *change, struct lk_error *err)
{
    uint32_t packed = 0;
    pthread_rwlock_wrlock(&m->lock);
    enum lk_status status = pack(m, change, &packed, err);
    if (status == LK_OK)
        status = put(m, change->id, packed, err);
    m->is_dirty = true;
    pthread_rwlock_unlock(&m->lock);
    return status;
}

void marks_forget(struct marks *m, const uint8_t id[FEED_ID_BYTES])
{
    pthread_rwlock_wrlock(&m->lock);
    take_out(m, id);
    pthread_rwlock_unlock(&m->lock);
}

struct mark marks_get(struct marks *m, const uint8_t id[FEED_ID_BYTES], uint32_t scope)
{
    pthread_rwlock_rdlock(&m->lock);
    if (m->room > 0) {
        const struct changed *c = &m->table[place_of(m, id)];
        if (c->is_there)
            scope = c->packed;
    }
    size_t number = scope >> LAWS_BIT;
    struct mark mark = {
        .last_day = scope & MARKS_NO_DAY,
        .brake = (uint8_t)(scope >> BRAKE_BIT & BRAKE_MAX),
        .laws = number >= 1 && number <= m->n_sets ? m->sets[number] : "",
    };
    pthread_rwlock_unlock(&m->lock);
    return mark;
}

/* ---- the file ---- */

static enum lk_status damaged(struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT,
                "what is known of entries is damaged, or sealed under another key");
}

static enum lk_status read_plain(struct marks *m, const uint8_t *p, size_t n, struct lk_error *err)
{
    if (n < 8)
        return damaged(err);
    size_t n_sets = le_get32(p), n_changed = le_get32(p + 4), at = 8;
    for (size_t i = 0; i < n_sets; i++) {
        uint32_t number;
        if (at >= n || n - at - 1 < p[at] || p[at] == 0)
            return damaged(err);
        TRY(set_number(m, (const char *)p + at + 1, p[at], &number, err));
        if (number != i + 1)
            return damaged(err);
        at += 1 + (size_t)p[at];
    }
    if ((n - at) / ENTRY_BYTES != n_changed || (n - at) % ENTRY_BYTES != 0)
        return damaged(err);
    for (; at < n; at += ENTRY_BYTES)
        TRY(put(m, p + at, le_get32(p + at + FEED_ID_BYTES), err));
    return LK_OK;
}

enum lk_status marks_load(const char *path, const struct keys *keys, struct marks **out,
                          struct lk_error *err)
{
    struct buf plain;
    struct lk_error why;
    struct marks *m = calloc(1, sizeof *m);
    *out = NULL;
    if (m == NULL)
        return no_memory(err);
    pthread_rwlock_init(&m->lock, NULL);
    buf_init(&plain, lk_alloc_heap(), SEALED_FILE_MAX_BYTES);
    enum lk_status status = sealed_file_load(path, head, keys, &plain, &why);
    if (status == LK_OK)
        status = read_plain(m, (const uint8_t *)plain.p, plain.n, err);
    else
        status = status == LK_NOT_FOUND ? LK_OK : FAIL(err, status, "%s", why.text);
    buf_fini(&plain);
    m->is_dirty = false;
    if (status != LK_OK)
        marks_free(m);
    else
        *out = m;
    return status;
}

void marks_free(struct marks *m)
{
    if (m == NULL)
        return;
    for (size_t i = 1; i <= m->n_sets; i++)
        free(m->sets[i]);
    free(m->table);
    pthread_rwlock_destroy(&m->lock);
    free(m);
}

static void write_plain(const struct marks *m, struct buf *out)
{
    buf_u32le(out, (uint32_t)m->n_sets);
    buf_u32le(out, (uint32_t)m->n);
    for (size_t i = 1; i <= m->n_sets; i++) {
        buf_char(out, (char)strlen(m->sets[i]));
        buf_str(out, m->sets[i]);
    }
    for (size_t i = 0; i < m->room; i++) {
        if (!m->table[i].is_there)
            continue;
        buf_put(out, m->table[i].id, FEED_ID_BYTES);
        buf_u32le(out, m->table[i].packed);
    }
}

enum lk_status marks_save(struct marks *m, const char *path, const struct keys *keys,
                          struct lk_error *err)
{
    struct buf plain;
    if (!m->is_dirty) /* only who asks changes it */
        return LK_OK;
    buf_init(&plain, lk_alloc_heap(), SEALED_FILE_MAX_BYTES);
    write_plain(m, &plain);
    enum lk_status status = sealed_file_save(path, head, keys, &plain, err);
    m->is_dirty = status != LK_OK;
    buf_fini(&plain);
    return status;
}
