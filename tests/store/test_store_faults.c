/* The nth write, sync or open fails, for n = 1, 2, ... until the step needs no more of them. Then
 * the step must have told an error or succeeded, and what it said must be true after reopening. */
#include "../cmocka_all.h"

#include "fault_vfs.h"
#include "invariants.h"
#include "sys/fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SEED_BEFORE = 10, SEED_NEW = 20, MAX_N = 200 };

/* A store with one case, one match. */
struct scene {
    struct kit kit;
    struct case_opened opened;
    struct match match;
};

static enum lk_status open_case(struct scene *s, uint64_t seed, struct lk_error *err)
{
    static const struct case_typed place = {
        .kind = CASE_LOCATION, .text = "https://example.org/", .n = 20};
    struct kit_item item;
    kit_item(&item, seed);
    const struct case_request request = {
        .sequences = &item.sequence, .n_sequences = 1, .texts = &place, .n_texts = 1};
    struct case_opened opened;
    enum lk_status status = case_open(s->kit.r, &request, &opened, err);
    if (status == LK_OK)
        s->opened = opened;
    return status;
}

static enum lk_status ask(struct scene *s, uint64_t seed, struct lk_error *err)
{
    struct arena arena;
    struct kit_item item;
    struct match_result *results = NULL;
    kit_item(&item, seed);
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    enum lk_status status =
        match_query(s->kit.r, &s->kit.partner, &arena, &item.sequence, NULL, 1, &results, err);
    if (status == LK_OK && results[0].n == 1)
        s->match = results[0].matches[0];
    arena_fini(&arena);
    return status;
}

static void scene_init(struct scene *s)
{
    struct lk_error err;
    memset(s, 0, sizeof *s);
    kit_init(&s->kit);
    kit_add_partner(&s->kit, "Example");
    assert_int_equal(open_case(s, SEED_BEFORE, &err), LK_OK);
    assert_int_equal(ask(s, SEED_BEFORE, &err), LK_OK);
    memset(&s->match, 0, sizeof s->match.id);
    assert_int_equal(ask(s, SEED_BEFORE, &err), LK_OK);
}

/* A step, and what must be true when it said LK_OK. */
struct step {
    enum lk_status (*act)(struct scene *s, struct lk_error *err);
    bool (*holds)(struct scene *s);
};

static enum lk_status act_open(struct scene *s, struct lk_error *err)
{
    return open_case(s, SEED_NEW, err);
}

static bool holds_open(struct scene *s)
{
    return kit_matches(&s->kit, SEED_NEW) >= 1 && kit_matches(&s->kit, SEED_BEFORE) == 1;
}

static enum lk_status act_withdraw(struct scene *s, struct lk_error *err)
{
    struct case_access access;
    enum lk_status status =
        case_login(s->kit.r, s->opened.code, strlen(s->opened.code), &access, err);
    return status == LK_OK ? case_withdraw(s->kit.r, &access, NULL, err) : status;
}

static bool holds_withdraw(struct scene *s)
{
    return kit_matches(&s->kit, SEED_BEFORE) == 0;
}

static enum lk_status act_match(struct scene *s, struct lk_error *err)
{
    struct lk_error unheard;
    struct kit_item item;
    struct arena arena;
    struct match_result *results = NULL;
    const struct match_ref ref = {"another", 7};
    kit_item(&item, SEED_BEFORE);
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    enum lk_status status = match_query(s->kit.r, &s->kit.partner, &arena, &item.sequence, &ref, 1,
                                        &results, err != NULL ? err : &unheard);
    if (status == LK_OK)
        s->match = results[0].matches[0];
    arena_fini(&arena);
    return status;
}

static bool holds_match(struct scene *s)
{
    struct lk_error err;
    struct match out;
    return match_get(s->kit.r, &s->kit.partner, s->match.id, MATCH_ID_CHARS, &out, NULL, &err) ==
           LK_OK;
}

static enum lk_status act_answer(struct scene *s, struct lk_error *err)
{
    const struct match_reply reply = {.outcome = MATCH_REMOVED, .note = "gone", .n_note = 4};
    return match_answer(s->kit.r, &s->kit.partner, s->match.id, MATCH_ID_CHARS, &reply, NULL, err);
}

static bool holds_answer(struct scene *s)
{
    struct lk_error err;
    struct match out;
    return match_get(s->kit.r, &s->kit.partner, s->match.id, MATCH_ID_CHARS, &out, NULL, &err) ==
               LK_OK &&
           out.state == MATCH_REMOVED;
}

/* One failure; false when the step did not get as far as the nth call. */
static bool try_nth(const struct step *step, enum fault_op op, uint64_t n, int error, bool forever,
                    bool half)
{
    struct scene s;
    struct lk_error err;
    scene_init(&s);
    fault_arm(op, n, error, forever, half);
    enum lk_status status = step->act(&s, &err);
    bool reached = fault_calls(op) >= n;
    fault_disarm();
    if (status != LK_OK)
        assert_true(status == LK_IO || status == LK_BUSY || status == LK_NOMEM);
    if (!reached)
        assert_int_equal(status, LK_OK);
    assert_int_equal(registry_follow(s.kit.r, &err), LK_OK); /* the disk is well again */
    if (status == LK_OK)
        assert_true(step->holds(&s));
    assert_null(invariants_broken(&s.kit));
    assert_int_equal(kit_reopen(&s.kit, &err), LK_OK);
    if (status == LK_OK)
        assert_true(step->holds(&s));
    assert_null(invariants_broken(&s.kit));
    assert_int_equal(step->act(&s, &err), LK_OK); /* and works again */
    assert_true(step->holds(&s));
    kit_fini(&s.kit);
    return reached;
}

static void try_all(const struct step *step, enum fault_op op, int error, bool forever, bool half)
{
    uint64_t n = 1;
    while (n < MAX_N && try_nth(step, op, n, error, forever, half))
        n++;
    assert_true(n > 1 && n < MAX_N); /* something failed, and there was an end */
}

static const struct step steps[] = {
    {act_open, holds_open},
    {act_withdraw, holds_withdraw},
    {act_match, holds_match},
    {act_answer, holds_answer},
};
enum { N_STEPS = sizeof steps / sizeof steps[0] };

static void a_full_disk_is_told_and_leaves_everything_consistent(void **state)
{
    (void)state;
    for (int i = 0; i < N_STEPS; i++)
        try_all(&steps[i], FAULT_WRITE, ENOSPC, true, true);
}

static void one_failing_write_is_told_and_leaves_everything_consistent(void **state)
{
    (void)state;
    for (int i = 0; i < N_STEPS; i++)
        try_all(&steps[i], FAULT_WRITE, EIO, false, false);
}

static void a_failing_sync_is_told_and_leaves_everything_consistent(void **state)
{
    (void)state;
    for (int i = 0; i < N_STEPS; i++)
        try_all(&steps[i], FAULT_SYNC, EIO, false, false);
}

static void opening_fails_cleanly_and_then_works(void **state)
{
    (void)state;
    static const enum fault_op ops[] = {FAULT_OPEN, FAULT_WRITE, FAULT_SYNC, FAULT_READ};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        bool reached = true;
        for (uint64_t n = 1; reached && n < MAX_N; n++) {
            struct scene s;
            struct lk_error err;
            scene_init(&s);
            fault_arm(ops[i], n, EIO, false, false);
            enum lk_status status = kit_reopen(&s.kit, &err);
            reached = fault_calls(ops[i]) >= n;
            fault_disarm();
            if (status != LK_OK)
                assert_int_equal(kit_reopen(&s.kit, &err), LK_OK);
            assert_null(invariants_broken(&s.kit));
            assert_int_equal(kit_matches(&s.kit, SEED_BEFORE), 1);
            kit_fini(&s.kit);
        }
        assert_false(reached);
    }
}

int main(void)
{
    fault_vfs_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_told_and_leaves_everything_consistent),
        cmocka_unit_test(one_failing_write_is_told_and_leaves_everything_consistent),
        cmocka_unit_test(a_failing_sync_is_told_and_leaves_everything_consistent),
        cmocka_unit_test(opening_fails_cleanly_and_then_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
