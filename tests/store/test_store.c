#include "../cmocka_all.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/case_keys.h"
#include "fault_vfs.h"
#include "kit.h"
#include "store/change_rows.h"
#include "store/entry_rows.h"
#include "store/match_rows.h"
#include "store/meta_rows.h"
#include "store/text_rows.h"
#include "sys/fault.h"
#include "sys/file.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    kit_init(kit);
    kit_add_partner(kit, "Example");
    *state = kit;
    return 0;
}

static int teardown(void **state)
{
    fault_disarm();
    kit_fini(*state);
    free(*state);
    return 0;
}

/* A writer that puts one name and then fails or not. */
struct put {
    struct store *store;
    char name[16];
    enum lk_status ends;
    enum lk_status status;
    char text[LK_ERROR_TEXT_BYTES];
};

static enum lk_status put_fn(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct put *p = ctx;
    enum lk_status status = meta_put(tx, p->name, "x", 1, err);
    if (status == LK_OK && p->ends != LK_OK)
        status = lk_error_set(err, p->ends, "as told: %s", p->name);
    usleep(200); /* so that the others gather */
    return status;
}

static void *put_thread(void *ctx)
{
    struct put *p = ctx;
    struct lk_error err = {0};
    p->status = store_write(p->store, put_fn, p, &err);
    memcpy(p->text, err.text, sizeof p->text);
    return NULL;
}

enum { N_PUTS = 24 };

static void put_many(struct kit *kit, struct put puts[N_PUTS])
{
    pthread_t threads[N_PUTS];
    for (int i = 0; i < N_PUTS; i++) {
        puts[i] = (struct put){.store = kit->r->store};
        puts[i].ends = i % 3 == 0 ? LK_DENIED : LK_OK;
        snprintf(puts[i].name, sizeof puts[i].name, "name %d", i);
        assert_int_equal(pthread_create(&threads[i], NULL, put_thread, &puts[i]), 0);
    }
    for (int i = 0; i < N_PUTS; i++)
        pthread_join(threads[i], NULL);
}

static int64_t count_names(struct kit *kit, const char *like)
{
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM meta WHERE name LIKE '%s'", like);
    return kit_sql(kit->store, sql);
}

static void writers_share_commits_and_an_error_undoes_only_its_own(void **state)
{
    struct kit *kit = *state;
    struct put puts[N_PUTS];
    struct store_stats before = store_stats(kit->r->store);
    put_many(kit, puts);
    struct store_stats after = store_stats(kit->r->store);
    assert_int_equal(after.n_writes - before.n_writes, N_PUTS);
    assert_true(after.n_commits - before.n_commits < N_PUTS);
    for (int i = 0; i < N_PUTS; i++) {
        assert_int_equal(puts[i].status, puts[i].ends);
        if (puts[i].ends != LK_OK) {
            assert_non_null(strstr(puts[i].text, puts[i].name));
            assert_int_equal(count_names(kit, puts[i].name), 0);
        }
    }
    assert_int_equal(count_names(kit, "name %"), N_PUTS - N_PUTS / 3);
}

static void a_commit_that_fails_fails_all_it_carried(void **state)
{
    struct kit *kit = *state;
    struct put puts[N_PUTS];
    fault_arm(FAULT_SYNC, 1, EIO, true, false);
    put_many(kit, puts);
    fault_disarm();
    for (int i = 0; i < N_PUTS; i++)
        assert_int_equal(puts[i].status, puts[i].ends == LK_OK ? LK_IO : puts[i].ends);
    assert_int_equal(count_names(kit, "name %"), 0);
    put_many(kit, puts);
    assert_int_equal(count_names(kit, "name %"), N_PUTS - N_PUTS / 3);
}

static enum lk_status see_change(void *ctx, const struct change *change, struct lk_error *err)
{
    (void)err;
    uint64_t *last = ctx;
    assert_int_equal(change->seq, *last + 1);
    *last = change->seq;
    return LK_OK;
}

static enum lk_status read_two(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return store_changes_after(tx, *(uint64_t *)ctx, 2, see_change, ctx, err);
}

/* Takes numbers, then thinks better of it. */
static enum lk_status reserve_and_fail(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    uint64_t first = 0;
    (void)ctx;
    assert_int_equal(change_reserve(tx, 5, &first, err), LK_OK);
    return lk_error_set(err, LK_DENIED, "as told");
}

static void changes_are_read_in_order_without_gaps(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct kit_item item;
    for (uint64_t i = 0; i < 3; i++) {
        struct case_opened opened;
        kit_item(&item, i);
        const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
        assert_int_equal(case_open(kit->r, &request, &opened, &err), LK_OK);
        assert_int_equal(store_write(kit->r->store, reserve_and_fail, NULL, &err), LK_DENIED);
    }
    uint64_t last = 0;
    assert_int_equal(store_read(kit->r->store, read_two, &last, &err), LK_OK);
    assert_int_equal(last, 2);
    assert_int_equal(store_read(kit->r->store, read_two, &last, &err), LK_OK);
    assert_int_equal(last, 3);
}

static void a_newer_store_and_another_programs_file_are_refused(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    registry_close(kit->r);
    kit->r = NULL;
    kit_sql(kit->store, "PRAGMA user_version = 9999");
    assert_int_equal(kit_reopen(kit, &err), LK_UNSUPPORTED);
    kit_sql(kit->store, "PRAGMA user_version = 7");
    kit_sql(kit->store, "PRAGMA application_id = 77");
    assert_int_equal(kit_reopen(kit, &err), LK_INVALID);
    kit_sql(kit->store, "PRAGMA application_id = 1280004948"); /* "LKST" */
    assert_int_equal(kit_reopen(kit, &err), LK_OK);
    struct store *store = NULL;
    const struct store_config config = {.url = "postgresql://localhost/x"};
    assert_int_equal(store_open(&config, &store, &err), LK_UNSUPPORTED);
}

static enum lk_status read_first_case(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return case_row_get(tx, 1, ctx, err);
}

/* Undoes what version 3 did, and writes a location as version 2 had it. */
static void go_back_to_version_2(struct kit *kit, const char *code)
{
    static const char old_place[] = "https://example.org/old";
    struct lk_error err;
    struct case_access access;
    struct case_row row = {0};
    uint8_t id[CASE_TEXT_ID_BYTES], sealed[sizeof old_place + SEAL_OVERHEAD_BYTES];
    char hex[2 * sizeof sealed + 1], sql[sizeof hex + 100];
    assert_int_equal(case_login(kit->r, code, strlen(code), &access, &err), LK_OK);
    assert_int_equal(store_read(kit->r->store, read_first_case, &row, &err), LK_OK);
    case_text_id(row.public_id, 1, id);
    seal_put(access.key, LABEL_TEXT, (struct seal_part){id, sizeof id}, old_place,
             strlen(old_place), sealed);
    hex_encode(sealed, strlen(old_place) + SEAL_OVERHEAD_BYTES, hex);
    registry_close(kit->r);
    kit->r = NULL;
    static const char *const desk_tables[] = {
        "entry_block",
        "partner_key",
        "submitted",
        "partner_opinion",
        "listed_state",
        "listed_print",
        "listed",
        "partner_protocol",
        "ledger_checkpoint",
        "ledger_tile",
        "partner_session",
        "desk_pack",
        "feed_snapshot",
        "canary_sighting",
        "canary",
        "feed_receipt",
        "feed_node",
        "entry_brake",
        "webhook_try",
        "webhook_message",
        "webhook",
        "letter_wait",
        "proposal",
        "watch",
        "place_check",
        "notice_step",
        "notice",
        "letter",
        "desk_request",
        "desk_filter",
        "desk_note",
        "desk_case",
        "desk_act",
        "staff_session",
        "staff",
    };
    for (size_t i = 0; i < sizeof desk_tables / sizeof desk_tables[0]; i++) {
        snprintf(sql, sizeof sql, "DROP TABLE %s", desk_tables[i]);
        kit_sql(kit->store, sql);
    }
    kit_sql(kit->store, "DROP TRIGGER event_stays");
    kit_sql(kit->store, "DROP TRIGGER event_is_kept");
    kit_sql(kit->store, "DROP TRIGGER partner_name_stays");
    kit_sql(kit->store, "DELETE FROM counter WHERE name = 'ledger'");
    kit_sql(kit->store, "DROP TABLE event_salt");
    kit_sql(kit->store, "CREATE TABLE event_salt (seq INTEGER PRIMARY KEY REFERENCES event (seq),"
                        " salt BLOB NOT NULL) STRICT");
    kit_sql(kit->store, "DROP TABLE case_mail");
    kit_sql(kit->store, "DROP TABLE case_text");
    kit_sql(kit->store, "DROP TABLE partner_seen");
    kit_sql(kit->store, "DROP INDEX change_entry");
    kit_sql(kit->store, "ALTER TABLE case_file DROP COLUMN own_public");
    kit_sql(kit->store, "ALTER TABLE case_file DROP COLUMN own_secret");
    kit_sql(kit->store, "ALTER TABLE case_file DROP COLUMN recovery");
    kit_sql(kit->store, "ALTER TABLE case_file ADD COLUMN note BLOB");
    kit_sql(kit->store, "CREATE TABLE location (case_id INTEGER NOT NULL, number INTEGER NOT NULL,"
                        " place BLOB NOT NULL, PRIMARY KEY (case_id, number)) STRICT");
    snprintf(sql, sizeof sql, "INSERT INTO location VALUES (1, 1, x'%s')", hex);
    kit_sql(kit->store, sql);
}

static void assert_old_text_is_read(struct kit *kit, const char *code)
{
    struct lk_error err;
    struct case_access access;
    struct case_view view;
    struct arena arena;
    const struct case_typed text = {.kind = CASE_NOTE, .text = "new", .n = 3};
    const struct case_request more = {.texts = &text, .n_texts = 1};
    assert_int_equal(case_login(kit->r, code, strlen(code), &access, &err), LK_OK);
    assert_int_equal(case_add(kit->r, &access, &more, &err), LK_CONFLICT); /* it has no own key */
    arena_init(&arena, lk_alloc_heap(), 8 << 20);
    assert_int_equal(case_view(kit->r, &access, &arena, &view, &err), LK_OK);
    assert_int_equal(view.n_texts, 1);
    assert_string_equal(view.texts[0].text, "https://example.org/old");
    arena_fini(&arena);
}

/* A match of version 1 has no evidence, a text of version 2 is under the case's key: the store of
 * the newest reads them all the same. */
static void an_older_store_is_brought_up_to_date(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct kit_item item;
    struct case_opened opened;
    kit_item(&item, 7);
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    assert_int_equal(case_open(kit->r, &request, &opened, &err), LK_OK);
    assert_int_equal(kit_matches(kit, 7), 1);
    assert_int_equal(kit_sql(kit->store, "SELECT count(evidence) FROM case_match"), 1);
    go_back_to_version_2(kit, opened.code);
    kit_sql(kit->store, "ALTER TABLE case_match DROP COLUMN evidence");
    kit_sql(kit->store, "PRAGMA user_version = 1");
    assert_int_equal(kit_reopen(kit, &err), LK_OK);
    assert_int_equal(kit_sql(kit->store, "PRAGMA user_version"), 7);
    assert_old_text_is_read(kit, opened.code);
    assert_int_equal(kit_matches(kit, 7), 1);
    struct match_filter filter = {0};
    struct match *matches, one;
    struct match_evidence evidence;
    struct arena arena;
    size_t n = 0;
    bool more;
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    assert_int_equal(match_list(kit->r, &kit->partner, &arena, &filter, &matches, &n, &more, &err),
                     LK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(match_view(kit->r, matches[0].link, MATCH_LINK_CHARS, &one, &evidence, &err),
                     LK_OK);
    assert_null(one.evidence);
    arena_fini(&arena);
}

static void the_files_are_their_owners_alone(void **state)
{
    struct kit *kit = *state;
    static const char *const ends[] = {"", "-wal", "-shm", ".key"};
    for (size_t i = 0; i < 4; i++) {
        char path[128];
        struct stat st;
        snprintf(path, sizeof path, "%s%s", kit->store, ends[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    struct lk_error err;
    char path[128];
    snprintf(path, sizeof path, "%s.key", kit->store);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(kit_reopen(kit, &err), LK_DENIED);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(kit_reopen(kit, &err), LK_OK);
}

static void a_sealed_value_opens_only_in_its_place(void **state)
{
    (void)state;
    uint8_t key[SEAL_KEY_BYTES] = {1}, sealed[5 + SEAL_OVERHEAD_BYTES], out[5];
    const struct seal_part id = {"row 1", 5}, other = {"row 2", 5};
    seal_put(key, "entry.record", id, "hello", 5, sealed);
    assert_true(seal_take(key, "entry.record", id, sealed, sizeof sealed, out));
    assert_memory_equal(out, "hello", 5);
    assert_false(seal_take(key, "entry.record", other, sealed, sizeof sealed, out));
    assert_false(seal_take(key, "location.place", id, sealed, sizeof sealed, out));
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        assert_false(seal_take(key, "entry.record", id, sealed, sizeof sealed, out));
        sealed[i] ^= 1;
    }
    assert_false(seal_take(key, "entry.record", id, sealed, 39, out));
    key[0] = 2;
    assert_false(seal_take(key, "entry.record", id, sealed, sizeof sealed, out));
}

static void hashes_are_the_published_ones_and_keep_parts_apart(void **state)
{
    (void)state;
    uint8_t hash[32];
    char hex[65] = {0};
    const struct seal_part parts[] = {{"a", 1}, {"bc", 2}};
    seal_sha256(parts, 2, hash); /* FIPS 180-2, appendix B.1 */
    hex_encode(hash, 32, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    uint8_t a[32], b[32]; /* parts are told apart by their lengths */
    const struct seal_part moved[] = {{"ab", 2}, {"c", 1}};
    seal_hash(NULL, parts, 2, a, 32);
    seal_hash(NULL, moved, 2, b, 32);
    assert_memory_not_equal(a, b, 32);
}

/* All the files of the store, one after the other. */
static void read_files(const struct kit *kit, struct buf *out)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        struct lk_error err;
        snprintf(path, sizeof path, "%s%s", kit->store, ends[i]);
        if (access(path, F_OK) == 0)
            assert_int_equal(file_read_all(path, out, &err), LK_OK);
    }
}

static bool holds(const struct buf *files, const void *bytes, size_t n)
{
    return memmem(files->p, files->n, bytes, n) != NULL;
}

/* The bytes as they are, as hexadecimal of either case. */
static bool holds_any(const struct buf *files, const void *bytes, size_t n)
{
    char hex[256] = {0};
    hex_encode(bytes, n, hex);
    if (holds(files, bytes, n) || holds(files, hex, 2 * n))
        return true;
    for (size_t i = 0; i < 2 * n; i++)
        if (hex[i] >= 'a')
            hex[i] = (char)(hex[i] - 'a' + 'A');
    return holds(files, hex, 2 * n);
}

static const char place[] = "https://example.org/SECRET-PLACE";
static const char note[] = "SECRET-NOTE of the person";
static const char answer_note[] = "SECRET-ANSWER of the partner";
static const char ref[] = "SECRET-REFERENCE";
static const char again_key[] = "SECRET-IDEMPOTENCY";

static void live_a_life(struct kit *kit, struct kit_item *item, struct case_opened *opened)
{
    struct lk_error err;
    struct arena arena;
    struct match_result *results = NULL;
    const struct case_typed texts[] = {
        {.kind = CASE_LOCATION, .text = place, .n = strlen(place)},
        {.kind = CASE_NOTE, .text = note, .n = strlen(note)},
    };
    const struct match_ref refs[] = {{ref, strlen(ref)}};
    kit_item(item, 77);
    const struct case_request request = {.sequences = &item->sequence,
                                         .n_sequences = 1,
                                         .texts = texts,
                                         .n_texts = 2,
                                         .wants_recovery = true,
                                         .idempotency = {again_key, strlen(again_key), {0}}};
    assert_int_equal(case_open(kit->r, &request, opened, &err), LK_OK);
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    assert_int_equal(
        match_query(kit->r, &kit->partner, &arena, &item->sequence, refs, 1, &results, &err),
        LK_OK);
    const struct match_reply reply = {
        .outcome = MATCH_REMOVED, .note = answer_note, .n_note = strlen(answer_note)};
    assert_int_equal(match_answer(kit->r, &kit->partner, results[0].matches[0].id, MATCH_ID_CHARS,
                                  &reply, NULL, &err),
                     LK_OK);
    arena_fini(&arena);
}

static void assert_tells_nothing(const struct kit *kit, const struct kit_item *item,
                                 const struct case_opened *opened, const struct buf *files)
{
    uint8_t print[LK_PRINT_BYTES];
    struct code code;
    struct lk_error err;
    lk_print_to_bytes(&item->record.print, print);
    assert_false(holds_any(files, print, sizeof print));
    assert_false(holds_any(files, &item->record.print, 16));
    assert_false(holds(files, "SECRET", 6));
    assert_false(holds(files, kit->partner_key, PARTNER_KEY_CHARS));
    assert_false(holds(files, kit->partner_key + 3, PARTNER_KEY_CHARS - 3));
    assert_false(holds(files, opened->code, CODE_TEXT_BYTES - 1));
    assert_int_equal(code_parse(opened->code, strlen(opened->code), &code, &err), LK_OK);
    assert_false(holds_any(files, code.digits, CODE_FIND_DIGITS));
    assert_false(holds_any(files, code.digits + CODE_FIND_DIGITS, CODE_SECRET_DIGITS));
}

static void a_stolen_store_tells_nothing(void **state)
{
    struct kit *kit = *state;
    struct kit_item item;
    struct case_opened opened;
    struct buf files;
    buf_init(&files, lk_alloc_heap(), 64 << 20);
    live_a_life(kit, &item, &opened);
    read_files(kit, &files);                  /* as it is while running, log included */
    assert_true(holds(&files, "Example", 7)); /* the search finds what is there */
    assert_tells_nothing(kit, &item, &opened, &files);
    registry_close(kit->r); /* the log goes into the file */
    kit->r = NULL;
    buf_clear(&files);
    read_files(kit, &files);
    assert_true(holds(&files, "Example", 7));
    assert_tells_nothing(kit, &item, &opened, &files);
    buf_fini(&files);
}

/* The sealed things of the only case, joined. */
enum { N_SHREDS = 9 };
struct shreds {
    uint8_t bytes[N_SHREDS][4096];
    size_t n[N_SHREDS];
};

static enum lk_status keep_change(void *ctx, const struct change *c, struct lk_error *err)
{
    struct shreds *s = ctx;
    (void)err;
    memcpy(s->bytes[0], c->record, s->n[0] = c->n_record);
    memcpy(s->bytes[1], c->key_by_master, s->n[1] = c->n_key_by_master);
    return LK_OK;
}

static enum lk_status keep_text(void *ctx, const struct text_row *text, struct lk_error *err)
{
    struct shreds *s = ctx;
    (void)err;
    unsigned at = 2 + 2 * (text->number - 1);
    memcpy(s->bytes[at], text->own, s->n[at] = text->n_own);
    memcpy(s->bytes[at + 1], text->desk, s->n[at + 1] = text->n_desk);
    return LK_OK;
}

static enum lk_status keep_answer(void *ctx, const struct match_row *m, struct lk_error *err)
{
    struct shreds *s = ctx;
    (void)err;
    memcpy(s->bytes[6], m->note, s->n[6] = m->n_note);
    return LK_OK;
}

static enum lk_status keep_own(struct store_tx *tx, struct shreds *s, struct lk_error *err)
{
    struct case_row row;
    TRY(case_row_get(tx, 1, &row, err));
    memcpy(s->bytes[7], row.own_secret, s->n[7] = sizeof row.own_secret);
    memcpy(s->bytes[8], row.recovery, s->n[8] = sizeof row.recovery);
    return LK_OK;
}

static enum lk_status read_shreds(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    enum lk_status status = store_changes_after(tx, 0, 1, keep_change, ctx, err);
    if (status == LK_OK)
        status = text_rows_of_case(tx, 1, keep_text, ctx, err);
    if (status == LK_OK)
        status = keep_own(tx, ctx, err);
    return status == LK_OK ? match_rows_of_case(tx, 1, 1, keep_answer, ctx, err) : status;
}

static void withdrawing_overwrites_keys_and_texts_on_disk(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct kit_item item;
    struct case_opened opened;
    struct case_access access;
    struct shreds shreds = {0};
    struct buf files;
    buf_init(&files, lk_alloc_heap(), 64 << 20);
    live_a_life(kit, &item, &opened);
    assert_int_equal(store_read(kit->r->store, read_shreds, &shreds, &err), LK_OK);
    read_files(kit, &files);
    for (int i = 0; i < N_SHREDS; i++) {
        assert_true(shreds.n[i] > SEAL_OVERHEAD_BYTES);
        assert_true(holds(&files, shreds.bytes[i], shreds.n[i]));
    }
    assert_int_equal(case_login(kit->r, opened.code, strlen(opened.code), &access, &err), LK_OK);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, &err), LK_OK);
    buf_clear(&files);
    read_files(kit, &files);
    for (int i = 0; i < N_SHREDS; i++) {
        assert_false(holds(&files, shreds.bytes[i], shreds.n[i]));
        assert_false(holds(&files, shreds.bytes[i] + 24, 16)); /* nor a part of it */
    }
    buf_fini(&files);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    fault_vfs_install();
    const struct CMUnitTest tests[] = {
        CASE(writers_share_commits_and_an_error_undoes_only_its_own),
        CASE(a_commit_that_fails_fails_all_it_carried),
        CASE(changes_are_read_in_order_without_gaps),
        CASE(a_newer_store_and_another_programs_file_are_refused),
        CASE(an_older_store_is_brought_up_to_date),
        CASE(the_files_are_their_owners_alone),
        CASE(a_sealed_value_opens_only_in_its_place),
        CASE(hashes_are_the_published_ones_and_keep_parts_apart),
        CASE(a_stolen_store_tells_nothing),
        CASE(withdrawing_overwrites_keys_and_texts_on_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
