#include "../cmocka_all.h"
#include "../stingy_alloc.h"

#include "bank/bank.h"
#include "base/arena.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = (*state += 0x9e3779b97f4a7c15u);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static struct lk_print print_of(uint64_t seed)
{
    struct lk_print p;
    for (int i = 0; i < 4; i++)
        p.w[i] = next_random(&seed);
    return p;
}

/* The print with its first n_bits turned. */
static struct lk_print off_by(struct lk_print p, unsigned n_bits)
{
    for (unsigned i = 0; i < n_bits; i++)
        p.w[i % 4] ^= (uint64_t)1 << (i / 4);
    return p;
}

static struct lk_record whole(struct lk_print print, unsigned quality, unsigned turn)
{
    return (struct lk_record){.print = print,
                              .frame = {128, 128, 255, (uint8_t)turn},
                              .kind = LK_WHOLE,
                              .front_end = LK_FULLRES,
                              .quality = (uint8_t)quality};
}

static struct lk_sequence image(const struct lk_record *records, size_t n)
{
    return (struct lk_sequence){.medium = LK_IMAGE, .records = records, .n_records = n};
}

static struct bank_entry entry_of(unsigned number, unsigned tier, struct lk_sequence sequence)
{
    struct bank_entry e = {.tier = (uint8_t)tier, .scope = number + 7, .sequence = sequence};
    snprintf((char *)e.id, sizeof e.id, "entry%u", number);
    return e;
}

static struct bank *new_bank(void)
{
    struct bank *bank = NULL;
    assert_int_equal(bank_new(lk_alloc_heap(), &bank, NULL), LK_OK);
    return bank;
}

static void add(struct bank *bank, unsigned number, unsigned tier, struct lk_sequence sequence)
{
    struct bank_entry e = entry_of(number, tier, sequence);
    assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
}

static void match(struct bank *bank, const struct lk_sequence *queries, size_t n,
                  struct bank_matches *out)
{
    assert_int_equal(bank_match(bank, queries, n, lk_alloc_heap(), out, NULL), LK_OK);
}

static size_t count_matches(struct bank *bank, struct lk_sequence query)
{
    struct bank_matches m;
    match(bank, &query, 1, &m);
    size_t n = m.n + m.n_left_out;
    bank_matches_free(lk_alloc_heap(), &m);
    return n;
}

static void an_entry_is_found_at_once_and_gone_at_once(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r = whole(print_of(1), 90, 0);
    assert_int_equal(count_matches(bank, image(&r, 1)), 0);
    struct bank_entry e = entry_of(5, LK_TIER_SELF, image(&r, 1));
    assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
    assert_true(bank_has(bank, e.id));
    assert_int_equal(count_matches(bank, image(&r, 1)), 1);
    assert_int_equal(bank_remove(bank, &e.id, 1, NULL), LK_OK);
    assert_int_equal(count_matches(bank, image(&r, 1)), 0);
    assert_false(bank_has(bank, e.id));
    struct lk_error err;
    assert_int_equal(bank_remove(bank, &e.id, 1, &err), LK_NOT_FOUND);
    assert_int_equal(bank_set_tier(bank, e.id, LK_TIER_CHECKED, &err), LK_NOT_FOUND);
    bank_close(bank);
}

static void distance_quality_and_tier_decide_what_may_follow(void **state)
{
    (void)state;
    static const struct {
        unsigned off, query_quality, entry_quality, tier, grade, action;
    } cases[] = {
        {0, 50, 50, LK_TIER_SELF, LK_EXACT, LK_ACT_HOLD},
        {10, 90, 90, LK_TIER_CHECKED, LK_EXACT, LK_ACT_BLOCK},
        {11, 90, 90, LK_TIER_SELF, LK_NEAR, LK_ACT_QUEUE},
        {31, 90, 90, LK_TIER_CHECKED, LK_NEAR, LK_ACT_HOLD},
        {31, 90, 90, LK_TIER_CONFIRMED, LK_NEAR, LK_ACT_BLOCK},
        {32, 90, 90, LK_TIER_CONFIRMED, 0, 0},
        {10, 49, 90, LK_TIER_CONFIRMED, LK_REVIEW, LK_ACT_QUEUE},
        {0, 90, 49, LK_TIER_CONFIRMED, LK_REVIEW, LK_ACT_QUEUE},
        {11, 49, 90, LK_TIER_CONFIRMED, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bank *bank = new_bank();
        struct lk_record in = whole(print_of(i), cases[i].entry_quality, 3);
        struct lk_record out = whole(off_by(in.print, cases[i].off), cases[i].query_quality, 0);
        struct lk_sequence query = image(&out, 1);
        add(bank, 1, cases[i].tier, image(&in, 1));
        struct bank_matches m;
        match(bank, &query, 1, &m);
        assert_int_equal(m.n, cases[i].grade != 0);
        if (m.n == 1) {
            assert_int_equal(m.p->verdict.grade, cases[i].grade);
            assert_int_equal(m.p->verdict.dist_bits, cases[i].off);
            assert_int_equal(m.p->verdict.turn, 3);
            assert_int_equal(m.p->action, cases[i].action);
            assert_int_equal(m.p->tier, cases[i].tier);
            assert_int_equal(m.p->medium, LK_IMAGE);
            assert_int_equal(m.p->scope, 8);
        }
        bank_matches_free(lk_alloc_heap(), &m);
        bank_close(bank);
    }
}

static void the_turns_of_a_picture_make_one_match(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r[8];
    for (unsigned t = 0; t < 8; t++)
        r[t] = whole(off_by(print_of(9), t), 90, t); /* as of a nearly symmetric picture */
    add(bank, 1, LK_TIER_SELF, image(r, 8));
    struct lk_record q = whole(off_by(print_of(9), 5), 90, 0);
    struct lk_sequence query = image(&q, 1);
    struct bank_matches m;
    match(bank, &query, 1, &m);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.p->verdict.turn, 5);
    assert_int_equal(m.p->verdict.dist_bits, 0);
    assert_int_equal(m.p->verdict.n_votes, 1);
    bank_matches_free(lk_alloc_heap(), &m);
    bank_close(bank);
}

static void queries_rise_and_the_best_match_comes_first(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r = whole(print_of(3), 90, 0);
    add(bank, 1, LK_TIER_SELF, image(&r, 1));
    r.print = off_by(print_of(3), 20);
    add(bank, 2, LK_TIER_CONFIRMED, image(&r, 1));
    r.print = off_by(print_of(3), 4);
    add(bank, 3, LK_TIER_SELF, image(&r, 1));
    struct lk_record q[3] = {whole(print_of(77), 90, 0), whole(print_of(3), 90, 0),
                             whole(off_by(print_of(3), 2), 90, 0)};
    struct lk_sequence queries[3] = {image(&q[0], 1), image(&q[1], 1), image(&q[2], 1)};
    struct bank_matches m;
    match(bank, queries, 3, &m);
    static const char *const ids[] = {"entry2", "entry1", "entry3", "entry2", "entry1", "entry3"};
    assert_int_equal(m.n, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(m.p[i].query, 1 + i / 3);
        assert_string_equal((const char *)m.p[i].id, ids[i]);
    }
    bank_matches_free(lk_alloc_heap(), &m);
    bank_close(bank);
}

static void equal_digests_of_one_type_are_the_same_file(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r = whole(print_of(3), 20, 0);
    struct lk_sequence seq = image(&r, 1);
    seq.n_digests = 2;
    for (uint8_t i = 0; i < 2; i++) {
        seq.digests[i].type = (uint8_t)(LK_DIGEST_KEYED_SHA256 + i);
        memset(seq.digests[i].bytes, 0x40 + i, 16);
    }
    add(bank, 1, LK_TIER_CONFIRMED, seq);
    seq.n_records = 0;
    add(bank, 2, LK_TIER_CONFIRMED, seq);
    struct bank_matches m;
    match(bank, &seq, 1, &m);
    assert_int_equal(m.n, 2);
    assert_int_equal(m.p[0].verdict.grade, LK_EXACT);
    assert_int_equal(m.p[0].action, LK_ACT_BLOCK);
    assert_int_equal(bank_stats(bank).n_digests, 4);
    bank_matches_free(lk_alloc_heap(), &m);
    seq.digests[0].type = LK_DIGEST_MD5; /* equal bytes of another type mean nothing */
    seq.n_digests = 1;
    assert_int_equal(count_matches(bank, seq), 0);
    seq.digests[0].type = LK_DIGEST_KEYED_SHA256;
    assert_int_equal(count_matches(bank, seq), 2);
    struct bank_entry gone = entry_of(1, LK_TIER_SELF, seq);
    assert_int_equal(bank_remove(bank, &gone.id, 1, NULL), LK_OK);
    assert_int_equal(count_matches(bank, seq), 1);
    bank_close(bank);
}

static void kinds_that_are_not_judged_yet_are_kept_and_match_nothing(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r = whole(print_of(3), 90, 0);
    r.kind = LK_ANCHOR;
    add(bank, 1, LK_TIER_SELF, image(&r, 1));
    assert_int_equal(bank_stats(bank).n_prints[LK_ANCHOR], 1);
    assert_int_equal(count_matches(bank, image(&r, 1)), 0);
    bank_close(bank);
}

struct shown {
    struct bank_entry entry;
    struct lk_record records[2];
};

static enum lk_status remember(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    struct shown *shown = ctx;
    shown->entry = *entry;
    assert_int_equal(entry->sequence.n_records, 2);
    memcpy(shown->records, entry->sequence.records, sizeof shown->records);
    return LK_OK;
}

static void check_shown(const struct shown *got, const struct bank_entry *want)
{
    assert_memory_equal(got->entry.id, want->id, sizeof want->id);
    assert_int_equal(got->entry.tier, LK_TIER_CHECKED);
    assert_int_equal(got->entry.scope, want->scope);
    for (int i = 0; i < 2; i++) { /* not as bytes: between records lie some that say nothing */
        const struct lk_record *a = &got->records[i], *b = &want->sequence.records[i];
        assert_memory_equal(&a->print, &b->print, sizeof a->print);
        assert_memory_equal(&a->frame, &b->frame, sizeof a->frame);
        assert_int_equal(a->time_ms, b->time_ms);
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->front_end, b->front_end);
        assert_int_equal(a->quality, b->quality);
    }
    assert_int_equal(got->entry.sequence.n_digests, want->sequence.n_digests);
    assert_memory_equal(got->entry.sequence.digests, want->sequence.digests,
                        sizeof want->sequence.digests[0]);
}

static void what_was_put_in_is_shown_again(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r[2] = {whole(print_of(3), 90, 0), whole(print_of(4), 90, 1)};
    struct lk_sequence seq = image(r, 2);
    seq.n_digests = 1;
    seq.digests[0].type = LK_DIGEST_MD5;
    add(bank, 1, LK_TIER_SELF, seq);
    struct bank_entry want = entry_of(1, LK_TIER_SELF, seq);
    struct shown got;
    assert_int_equal(bank_set_tier(bank, want.id, LK_TIER_CHECKED, NULL), LK_OK);
    assert_int_equal(bank_set_tier(bank, want.id, 4, NULL), LK_INVALID);
    for (int in_segment = 0; in_segment < 2; in_segment++) {
        memset(&got, 0, sizeof got);
        assert_int_equal(bank_get(bank, want.id, remember, &got, NULL), LK_OK);
        check_shown(&got, &want);
        memset(&got, 0, sizeof got);
        assert_int_equal(bank_each(bank, remember, &got, NULL), LK_OK);
        check_shown(&got, &want);
        assert_int_equal(bank_flush(bank, NULL), LK_OK);
        assert_int_equal(bank_stats(bank).n_segments, 1);
    }
    bank_close(bank);
}

static void several_entries_come_in_all_or_none(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r = whole(print_of(3), 90, 0);
    add(bank, 3, LK_TIER_SELF, image(&r, 1));
    struct bank_entry e[3];
    for (unsigned i = 0; i < 3; i++)
        e[i] = entry_of(i + 1, LK_TIER_SELF, image(&r, 1));
    assert_int_equal(bank_add(bank, e, 3, 0, NULL), LK_CONFLICT);
    assert_int_equal(bank_stats(bank).n_entries, 1);
    e[2] = e[0];
    assert_int_equal(bank_add(bank, e, 3, 0, NULL), LK_CONFLICT);
    e[2].tier = 9;
    assert_int_equal(bank_add(bank, e, 3, 0, NULL), LK_INVALID);
    assert_int_equal(bank_stats(bank).n_entries, 1);
    assert_int_equal(bank_stats(bank).n_prints[LK_WHOLE], 1);
    assert_int_equal(bank_add(bank, e, 2, 0, NULL), LK_OK);
    assert_int_equal(count_matches(bank, image(&r, 1)), 3);
    bank_close(bank);
}

static void a_confirmed_entry_is_not_hidden_behind_thousands_of_others(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r = whole(print_of(3), 90, 0);
    for (unsigned i = 0; i < 3000; i++)
        add(bank, i, LK_TIER_SELF, image(&r, 1));
    r.print = off_by(print_of(3), 30);
    add(bank, 3000, LK_TIER_CONFIRMED, image(&r, 1));
    r.print = print_of(3);
    struct lk_sequence query = image(&r, 1);
    struct bank_matches m;
    match(bank, &query, 1, &m);
    assert_int_equal(m.n, BANK_MAX_MATCHES);
    assert_int_equal(m.n_left_out, 3001 - BANK_MAX_MATCHES);
    assert_int_equal(m.p[0].action, LK_ACT_BLOCK);
    assert_string_equal((const char *)m.p[0].id, "entry3000");
    bank_matches_free(lk_alloc_heap(), &m);
    bank_close(bank);
}

static void many_queries_are_answered_each_by_its_own(void **state)
{
    (void)state;
    enum { N = 700 };
    struct bank *bank = new_bank();
    static struct lk_record r[N];
    static struct lk_sequence queries[N];
    for (unsigned i = 0; i < N; i++) {
        r[i] = whole(print_of(i), 90, 0);
        queries[i] = image(&r[i], 1);
        if (i % 3 == 0)
            add(bank, i, LK_TIER_SELF, queries[i]);
    }
    struct arena arena;
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    struct bank_matches m;
    assert_int_equal(bank_match(bank, queries, N, &arena.alloc, &m, NULL), LK_OK);
    assert_int_equal(m.n, (N + 2) / 3);
    for (size_t i = 0; i < m.n; i++)
        assert_int_equal(m.p[i].query, 3 * i);
    arena_fini(&arena);
    arena_init(&arena, lk_alloc_heap(), 64);
    struct lk_error err;
    assert_int_equal(bank_match(bank, queries, N, &arena.alloc, &m, &err), LK_NOMEM);
    assert_int_equal(m.n, 0);
    arena_fini(&arena);
    queries[5].n_records = 0;
    assert_int_equal(bank_match(bank, queries, N, lk_alloc_heap(), &m, &err), LK_INVALID);
    bank_close(bank);
}

static void a_long_history_leaves_the_entries_in_force(void **state)
{
    (void)state;
    enum { N = 300 };
    struct bank *bank = new_bank();
    bool in[N] = {false};
    uint64_t seed = 11;
    for (int step = 0; step < 20000; step++) {
        unsigned i = (unsigned)(next_random(&seed) % N);
        struct lk_record r[3] = {whole(print_of(i), 90, 0), whole(print_of(i + 1000), 90, 1),
                                 whole(print_of(i + 2000), 90, 2)};
        struct lk_sequence seq = image(r, 1 + i % 3);
        seq.n_digests = (uint8_t)(i % 2);
        seq.digests[0].type = LK_DIGEST_MD5;
        seq.digests[0].bytes[0] = (uint8_t)i;
        struct bank_entry e = entry_of(i, LK_TIER_SELF, seq);
        assert_int_equal(bank_has(bank, e.id), in[i]);
        seq.n_digests = 0;
        assert_int_equal(count_matches(bank, seq), in[i]);
        if (in[i])
            assert_int_equal(bank_remove(bank, &e.id, 1, NULL), LK_OK);
        else
            assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
        in[i] = !in[i];
    }
    bank_close(bank);
}

static void without_memory_adding_fails_and_changes_nothing(void **state)
{
    (void)state;
    struct lk_record r[3] = {whole(print_of(1), 90, 0), whole(print_of(2), 90, 1),
                             whole(print_of(3), 90, 2)};
    r[2].kind = LK_ANCHOR;
    struct lk_sequence seq = image(r, 3);
    seq.n_digests = 1;
    seq.digests[0].type = LK_DIGEST_MD5;
    struct bank_entry e[2] = {entry_of(1, LK_TIER_SELF, seq),
                              entry_of(2, LK_TIER_SELF, image(&r[1], 1))};
    int n_refused = 0;
    for (size_t nth = 0;; nth++) {
        struct stingy s = {.left = nth};
        struct lk_alloc alloc = {&s, stingy_alloc, stingy_resize, stingy_free};
        struct bank *bank = NULL;
        enum lk_status status = bank_new(&alloc, &bank, NULL);
        if (status == LK_OK) {
            status = bank_add(bank, e, 2, 0, NULL);
            bool added = status == LK_OK;
            s.left = 1000;
            assert_int_equal(bank_stats(bank).n_entries, added ? 2 : 0);
            assert_int_equal(bank_stats(bank).n_prints[LK_WHOLE], added ? 3 : 0);
            assert_int_equal(bank_stats(bank).n_digests, added);
            assert_int_equal(count_matches(bank, image(r, 2)), added ? 2 : 0);
            s.left = nth % 6;
            struct bank_matches m;
            enum lk_status matched = bank_match(bank, &seq, 1, &alloc, &m, NULL);
            assert_true(matched == LK_OK || (matched == LK_NOMEM && m.n == 0));
            bank_matches_free(&alloc, &m);
            bank_close(bank);
        }
        assert_int_equal(s.n_out, 0);
        if (status == LK_OK)
            break;
        assert_int_equal(status, LK_NOMEM);
        n_refused++;
    }
    assert_true(n_refused > 12);
}

static void *read_for_ever(void *ctx)
{
    struct bank *bank = ctx;
    struct lk_record r = whole(print_of(1), 90, 0);
    for (int i = 0; i < 400; i++)
        if (count_matches(bank, image(&r, 1)) != 1)
            return bank;
    return NULL;
}

static void readers_see_what_is_in_force_while_another_changes(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct lk_record r = whole(print_of(1), 90, 0);
    add(bank, 0, LK_TIER_SELF, image(&r, 1));
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_for_ever, bank), 0);
    for (unsigned i = 1; i < 300; i++) {
        struct lk_record other = whole(print_of(i + 100), 90, 0);
        struct bank_entry e = entry_of(i, LK_TIER_SELF, image(&other, 1));
        assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
        if (i % 2)
            assert_int_equal(bank_remove(bank, &e.id, 1, NULL), LK_OK);
    }
    for (int i = 0; i < 3; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    bank_close(bank);
}

static void a_million_entries_take_little_memory(void **state)
{
    (void)state;
    enum { N = 100000 }; /* a tenth of it, for the quick tier; bytes an entry are the same */
    struct bank *bank = new_bank();
    for (unsigned i = 0; i < N; i++) {
        struct lk_record r = whole(print_of(i), 90, 0);
        add(bank, i, LK_TIER_SELF, image(&r, 1));
    }
    assert_in_range(bank_stats(bank).n_bytes / N, 80, 360); /* in the table */
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    assert_in_range(bank_stats(bank).n_bytes / N, 80, 260); /* a small segment */
    bank_close(bank);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_found_at_once_and_gone_at_once),
        cmocka_unit_test(distance_quality_and_tier_decide_what_may_follow),
        cmocka_unit_test(the_turns_of_a_picture_make_one_match),
        cmocka_unit_test(queries_rise_and_the_best_match_comes_first),
        cmocka_unit_test(equal_digests_of_one_type_are_the_same_file),
        cmocka_unit_test(kinds_that_are_not_judged_yet_are_kept_and_match_nothing),
        cmocka_unit_test(what_was_put_in_is_shown_again),
        cmocka_unit_test(several_entries_come_in_all_or_none),
        cmocka_unit_test(a_confirmed_entry_is_not_hidden_behind_thousands_of_others),
        cmocka_unit_test(many_queries_are_answered_each_by_its_own),
        cmocka_unit_test(a_long_history_leaves_the_entries_in_force),
        cmocka_unit_test(without_memory_adding_fails_and_changes_nothing),
        cmocka_unit_test(readers_see_what_is_in_force_while_another_changes),
        cmocka_unit_test(a_million_entries_take_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
