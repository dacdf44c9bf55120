/* The ledger over the store: what happens is in it, once, and stays. */
#include "../cmocka_all.h"

#include "invariants.h"
#include "ledger/ledger.h"
#include "store/keys.h"
#include "store/store.h"

#include <likeness/alloc.h>
#include <stdio.h>

#define ORIGIN "example.org/ledger"

struct world {
    struct kit kit;
    struct store *store;
    struct keys *keys;
    struct ledger *ledger;
};

static struct lk_error err;

static int open_world(void **state)
{
    static struct world w;
    char key_file[128];
    kit_init(&w.kit);
    kit_add_partner(&w.kit, "platform");
    snprintf(key_file, sizeof key_file, "%s.key", w.kit.store);
    assert_int_equal(keys_load(key_file, false, &w.keys, &err), LK_OK);
    const struct store_config config = {.url = w.kit.store};
    assert_int_equal(store_open(&config, &w.store, &err), LK_OK);
    assert_int_equal(ledger_open(w.store, w.keys, ORIGIN, &w.ledger, &err), LK_OK);
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    ledger_close(w->ledger);
    store_close(w->store);
    keys_free(w->keys);
    kit_fini(&w->kit);
    return 0;
}

static struct case_opened open_case(struct world *w, uint64_t seed)
{
    struct kit_item item;
    struct case_opened opened;
    kit_item(&item, seed);
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    assert_int_equal(case_open(w->kit.r, &request, &opened, &err), LK_OK);
    return opened;
}

static void close_case(struct world *w, const struct case_opened *opened)
{
    struct case_access access;
    assert_int_equal(case_login(w->kit.r, opened->code, strlen(opened->code), &access, &err),
                     LK_OK);
    assert_int_equal(case_withdraw(w->kit.r, &access, NULL, &err), LK_OK);
}

/* n events more, of matches. */
static void add_events(struct world *w, uint64_t n)
{
    static uint64_t seed = 1000;
    for (uint64_t i = 0; i < n; i++, seed++) {
        open_case(w, seed);
        assert_int_equal(kit_matches(&w->kit, seed), 1);
    }
}

static struct checkpoint publish(struct world *w)
{
    struct checkpoint c;
    assert_int_equal(ledger_publish(w->ledger, &c, &err), LK_OK);
    return c;
}

static enum lk_status count_leaf(void *ctx, uint64_t index, const struct leaf *leaf,
                                 struct lk_error *error)
{
    struct tree_front *front = ctx;
    struct tree_hash hash;
    uint8_t bytes[LEAF_MAX_BYTES];
    (void)error;
    assert_int_equal(index, front->n);
    assert_int_equal(leaf->sequence, index + 1);
    tree_leaf(bytes, leaf_put(leaf, bytes), &hash);
    tree_front_add(front, &hash);
    return LK_OK;
}

static void every_event_is_a_leaf(void **state)
{
    struct world *w = *state;
    struct tree_front front = {.n = 0};
    struct tree_hash root;
    const struct case_opened opened = open_case(w, 1);
    assert_int_equal(kit_matches(&w->kit, 1), 1);
    close_case(w, &opened);
    struct checkpoint c = publish(w);
    assert_int_equal(c.size, 2);
    assert_string_equal(c.origin, ORIGIN);
    assert_int_equal(ledger_leaves(w->ledger, 0, UINT64_MAX, count_leaf, &front, &err), LK_OK);
    tree_front_root(&front, &root);
    assert_int_equal(front.n, 2);
    assert_true(tree_equal(&root, &c.root));
}

static enum lk_status look_at(void *ctx, uint64_t index, const struct leaf *leaf,
                              struct lk_error *error)
{
    (void)index;
    (void)error;
    *(struct leaf *)ctx = *leaf;
    return LK_OK;
}

static void of_what_a_person_did_a_leaf_has_only_the_day(void **state)
{
    struct world *w = *state;
    struct leaf leaf;
    const struct case_opened opened = open_case(w, 1);
    assert_int_equal(kit_matches(&w->kit, 1), 1);
    close_case(w, &opened);
    assert_int_equal(ledger_leaves(w->ledger, 0, 1, look_at, &leaf, &err), LK_OK);
    assert_string_equal(leaf.partner, "platform");
    assert_false(leaf.day_only);
    assert_int_equal(ledger_leaves(w->ledger, 1, 2, look_at, &leaf, &err), LK_OK);
    assert_string_equal(leaf.partner, "");
    assert_true(leaf.day_only);
    assert_int_equal(leaf.event_s % 86400, 0);
}

static void tiles_are_the_same_however_often_one_publishes(void **state)
{
    struct world *w = *state;
    struct tree_front front = {.n = 0};
    struct tree_hash root;
    for (unsigned i = 0; i < 20; i++) {
        add_events(w, 14);
        publish(w);
    }
    const struct checkpoint c = publish(w);
    assert_int_equal(c.size, 280);
    assert_int_equal(ledger_leaves(w->ledger, 0, 280, count_leaf, &front, &err), LK_OK);
    tree_front_root(&front, &root);
    assert_true(tree_equal(&root, &c.root));
    assert_int_equal(kit_sql(w->kit.store, "SELECT count(*) FROM ledger_checkpoint"), 20);
    assert_int_equal(kit_sql(w->kit.store, "SELECT count(*) FROM ledger_tile"), 3);
}

static void a_receipt_holds_without_the_ledger(void **state)
{
    struct world *w = *state;
    struct buf text;
    struct receipt r;
    struct note note;
    struct checkpoint c;
    struct tree_hash leaf;
    add_events(w, 9);
    publish(w);
    for (uint64_t i = 0; i < 9; i++) {
        buf_init(&text, lk_alloc_heap(), RECEIPT_MAX_BYTES);
        assert_int_equal(ledger_receipt(w->ledger, i, &text, &err), LK_OK);
        assert_int_equal(receipt_read(&r, text.p, text.n, &err), LK_OK);
        assert_int_equal(note_read(&note, r.note, r.n_note, &err), LK_OK);
        assert_true(note_check(&note, ledger_key(w->ledger), NULL));
        assert_int_equal(checkpoint_read(&c, note.text, note.n_text, &err), LK_OK);
        tree_leaf(r.extra, r.n_extra, &leaf);
        assert_true(tree_check_leaf(&r.proof, r.index, c.size, &leaf, &c.root));
        buf_fini(&text);
    }
    buf_init(&text, lk_alloc_heap(), RECEIPT_MAX_BYTES);
    assert_int_equal(ledger_receipt(w->ledger, 9, &text, &err), LK_NOT_FOUND);
    buf_fini(&text);
}

static void growth_is_proved_between_any_two_checkpoints(void **state)
{
    struct world *w = *state;
    struct checkpoint c[4];
    struct tree_proof proof;
    for (unsigned i = 0; i < 4; i++) {
        c[i] = publish(w);
        add_events(w, 3 + i);
    }
    for (unsigned i = 0; i < 4; i++)
        for (unsigned j = i; j < 4; j++) {
            assert_int_equal(ledger_growth(w->ledger, c[i].size, c[j].size, &proof, &err), LK_OK);
            assert_true(tree_check_growth(&proof, c[i].size, c[j].size, &c[i].root, &c[j].root));
        }
    assert_int_equal(ledger_growth(w->ledger, 1, 1000, &proof, &err), LK_INVALID);
}

static void a_tile_is_there_once_it_is_published(void **state)
{
    struct world *w = *state;
    struct buf bytes;
    buf_init(&bytes, lk_alloc_heap(), 1 << 20);
    add_events(w, 5);
    const struct tile hashes = {0, 0, 5}, entries = {TILE_ENTRIES, 0, 5}, more = {0, 0, 6};
    assert_int_equal(ledger_tile(w->ledger, &hashes, &bytes, &err), LK_NOT_FOUND);
    publish(w);
    assert_int_equal(ledger_tile(w->ledger, &hashes, &bytes, &err), LK_OK);
    assert_int_equal(bytes.n, 5 * 32);
    buf_clear(&bytes);
    assert_int_equal(ledger_tile(w->ledger, &entries, &bytes, &err), LK_OK);
    assert_int_equal(bytes.n, 5 * (2 + LEAF_MIN_BYTES + strlen("platform")));
    assert_int_equal(ledger_tile(w->ledger, &more, &bytes, &err), LK_NOT_FOUND);
    buf_fini(&bytes);
}

static void an_event_cannot_be_changed_or_taken_out(void **state)
{
    struct world *w = *state;
    add_events(w, 1);
    assert_false(kit_try_sql(w->kit.store, "UPDATE event SET outcome = 3"));
    assert_false(kit_try_sql(w->kit.store, "DELETE FROM event"));
    assert_false(kit_try_sql(w->kit.store, "UPDATE partner SET name = 'other'"));
}

static void a_tree_that_was_rewritten_is_not_signed(void **state)
{
    struct world *w = *state;
    struct checkpoint c;
    add_events(w, 3);
    publish(w);
    assert_true(
        kit_try_sql(w->kit.store, "UPDATE ledger_tile SET hashes = zeroblob(96) WHERE level = 0"));
    add_events(w, 1);
    assert_int_equal(ledger_publish(w->ledger, &c, &err), LK_CORRUPT);
    assert_non_null(strstr(err.text, "no longer the one that was signed at 3 leaves"));
}

static void closing_a_case_destroys_its_salts_and_no_leaf(void **state)
{
    struct world *w = *state;
    struct tree_proof proof;
    const struct case_opened opened = open_case(w, 1);
    assert_int_equal(kit_matches(&w->kit, 1), 1);
    add_events(w, 1);
    const struct checkpoint before = publish(w);
    assert_int_equal(kit_sql(w->kit.store, "SELECT count(*) FROM event_salt"), 2);
    close_case(w, &opened);
    const struct checkpoint after = publish(w);
    assert_int_equal(after.size, before.size + 1);
    assert_int_equal(kit_sql(w->kit.store, "SELECT count(*) FROM event_salt"), 1);
    assert_int_equal(ledger_growth(w->ledger, before.size, after.size, &proof, &err), LK_OK);
    assert_true(tree_check_growth(&proof, before.size, after.size, &before.root, &after.root));
    assert_null(invariants_broken(&w->kit));
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        WORLD(every_event_is_a_leaf),
        WORLD(of_what_a_person_did_a_leaf_has_only_the_day),
        WORLD(tiles_are_the_same_however_often_one_publishes),
        WORLD(a_receipt_holds_without_the_ledger),
        WORLD(growth_is_proved_between_any_two_checkpoints),
        WORLD(a_tile_is_there_once_it_is_published),
        WORLD(an_event_cannot_be_changed_or_taken_out),
        WORLD(a_tree_that_was_rewritten_is_not_signed),
        WORLD(closing_a_case_destroys_its_salts_and_no_leaf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
