#include "kit.h"

#include "sys/rand.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    printf("Bail out! %s\n", what);
    fflush(stdout);
    abort();
}

static int64_t kit_now(void *ctx)
{
    return *(int64_t *)ctx;
}

struct registry_config kit_config(struct kit *kit)
{
    return (struct registry_config){
        .store_url = kit->store,
        .key_create = true,
        .clock = {kit_now, &kit->now_ms},
        .argon_ops = 1,
        .argon_bytes = 8192,
    };
}

enum lk_status kit_reopen(struct kit *kit, struct lk_error *err)
{
    struct registry_config config = kit_config(kit);
    registry_close(kit->r);
    kit->r = NULL;
    return registry_open(&config, &kit->r, err);
}

void kit_init(struct kit *kit)
{
    struct lk_error err;
    *kit = (struct kit){.now_ms = KIT_START_MS};
    /* In memory where there is such a place: no test here can tell a sync from none. */
    const char *tmp = getenv("TMPDIR");
    if (tmp == NULL)
        tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(kit->dir, sizeof kit->dir, "%.40s/likeness-XXXXXX", tmp);
    must(mkdtemp(kit->dir) != NULL, "no temporary directory");
    snprintf(kit->store, sizeof kit->store, "%s/a.db", kit->dir);
    if (kit_reopen(kit, &err) != LK_OK)
        must(false, err.text);
}

void kit_fini(struct kit *kit)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".key", "-copy"};
    registry_close(kit->r);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", kit->store, ends[i]);
        unlink(path);
    }
    rmdir(kit->dir);
}

void kit_add_partner(struct kit *kit, const char *name)
{
    struct lk_error err;
    if (partner_add(kit->r, name, PARTNER_PLATFORM, kit->partner_key, &kit->partner, &err) != LK_OK)
        must(false, err.text);
}

static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void kit_item_near(struct kit_item *item, uint64_t seed, unsigned n_bits)
{
    uint64_t state = seed;
    memset(item, 0, sizeof *item);
    uint64_t a = next(&state), b = next(&state);
    struct lk_print print = {{a, ~a, b, ~b}}; /* 128 ones whatever a and b are */
    for (unsigned i = 0; i < n_bits; i++)
        print.w[i % 4] ^= UINT64_C(1) << (7 * i % 64);
    item->record = (struct lk_record){.print = print,
                                      .frame = {.x = 128, .y = 128, .size = 255},
                                      .kind = LK_WHOLE,
                                      .front_end = LK_FULLRES,
                                      .quality = 90};
    item->sequence =
        (struct lk_sequence){.medium = LK_IMAGE, .records = &item->record, .n_records = 1};
}

void kit_item(struct kit_item *item, uint64_t seed)
{
    kit_item_near(item, seed, 0);
}

size_t kit_matches(struct kit *kit, uint64_t seed)
{
    struct lk_error err;
    struct arena arena;
    struct kit_item item;
    struct match_result *results = NULL;
    kit_item(&item, seed);
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    if (match_query(kit->r, &kit->partner, &arena, &item.sequence, NULL, 1, &results, &err) !=
        LK_OK)
        must(false, err.text);
    size_t n = results[0].n;
    arena_fini(&arena);
    return n;
}

int64_t kit_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    must(sqlite3_open(path, &db) == SQLITE_OK, "the test cannot open the store");
    must(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    int code = sqlite3_step(stmt);
    must(code == SQLITE_ROW || code == SQLITE_DONE, sqlite3_errmsg(db));
    int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

bool kit_try_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    must(sqlite3_open(path, &db) == SQLITE_OK, "the test cannot open the store");
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return code == SQLITE_OK;
}
