/* What people type: sealed twice, added to later, taken out, answered by the desk, acknowledged. */
#include "../cmocka_all.h"
#include "../store/kit.h"

#include "cases/case.h"
#include "cases/case_mail.h"
#include "cases/desk.h"
#include "cases/match.h"
#include "cases/registry_inside.h"
#include "sys/rand.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA = 8 << 20 };

static const struct staff_hand console = {.role = STAFF_ADMIN};

static int set_up(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    kit_init(kit);
    kit_add_partner(kit, "Example");
    *state = kit;
    return 0;
}

static int tear_down(void **state)
{
    kit_fini(*state);
    free(*state);
    return 0;
}

static struct case_typed typed(unsigned kind, const char *text)
{
    return (struct case_typed){.kind = kind, .text = text, .n = strlen(text)};
}

static void open_with(struct kit *kit, const struct case_request *request, struct case_opened *out)
{
    struct lk_error err = {0};
    if (case_open(kit->r, request, out, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static struct case_access login(struct kit *kit, const struct case_opened *opened)
{
    struct case_access access;
    assert_int_equal(case_login(kit->r, opened->code, strlen(opened->code), &access, NULL), LK_OK);
    return access;
}

static void view(struct kit *kit, const struct case_access *access, struct arena *arena,
                 struct case_view *out)
{
    struct lk_error err = {0};
    arena_init(arena, lk_alloc_heap(), ARENA);
    if (case_view(kit->r, access, arena, out, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static void a_case_needs_no_file(void **state)
{
    struct kit *kit = *state;
    const struct case_typed texts[] = {typed(CASE_LOCATION, "https://example.org/post/1")};
    const struct case_request request = {.texts = texts, .n_texts = 1};
    const struct case_request nothing = {0}, empty = {.may_be_empty = true};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.n_items, 0);
    assert_int_equal(v.n_texts, 1);
    assert_string_equal(v.texts[0].text, "https://example.org/post/1");
    arena_fini(&arena);
    assert_int_equal(case_open(kit->r, &nothing, &opened, NULL), LK_INVALID);
    open_with(kit, &empty, &opened);
}

static void what_a_browser_sealed_is_read_with_the_code_and_by_the_desk(void **state)
{
    struct kit *kit = *state;
    static const char text[] = "https://example.org/sealed";
    uint8_t own[32], secret[32], desk[32];
    uint8_t for_own[sizeof text + SEAL_BOX_OVERHEAD_BYTES], for_desk[sizeof for_own];
    seal_box_new(own, secret);
    registry_desk_key(kit->r, desk);
    seal_box_put(own, text, strlen(text), for_own);
    seal_box_put(desk, text, strlen(text), for_desk);
    const size_t n = strlen(text) + SEAL_BOX_OVERHEAD_BYTES;
    const struct case_typed texts[] = {
        {.kind = CASE_LOCATION, .own = for_own, .n_own = n, .desk = for_desk, .n_desk = n}};
    const struct case_request request = {.texts = texts, .n_texts = 1, .own_secret = secret};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    view(kit, &access, &arena, &v);
    assert_string_equal(v.texts[0].text, text);
    struct desk_case *cases;
    struct case_written *read;
    size_t n_cases = 0, n_read = 0;
    assert_int_equal(desk_list(kit->r, &arena, &cases, &n_cases, NULL), LK_OK);
    assert_int_equal(n_cases, 1);
    assert_int_equal(desk_read(kit->r, cases[0].id, &arena, &read, &n_read, NULL), LK_OK);
    assert_int_equal(n_read, 1);
    assert_string_equal(read[0].text, text);
    arena_fini(&arena);
}

static void garbage_in_a_box_is_shown_as_lost_and_hides_nothing_else(void **state)
{
    struct kit *kit = *state;
    uint8_t garbage[100];
    rand_bytes(garbage, sizeof garbage);
    const struct case_typed texts[] = {
        {.kind = CASE_NOTE,
         .own = garbage,
         .n_own = sizeof garbage,
         .desk = garbage,
         .n_desk = sizeof garbage},
        typed(CASE_NOTE, "readable"),
    };
    const struct case_request request = {.texts = texts, .n_texts = 2};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    view(kit, &access, &arena, &v);
    assert_null(v.texts[0].text);
    assert_string_equal(v.texts[1].text, "readable");
    arena_fini(&arena);
}

static void a_token_stands_for_the_code_for_half_an_hour(void **state)
{
    struct kit *kit = *state;
    const struct case_typed texts[] = {typed(CASE_NOTE, "mine")};
    const struct case_request request = {.texts = texts, .n_texts = 1};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    char token[CASE_TOKEN_BYTES];
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened), again;
    case_token(kit->r, &access, token);
    kit->now_ms += CASE_TOKEN_LIFE_MS - 1;
    assert_int_equal(case_token_login(kit->r, token, strlen(token), &again, NULL), LK_OK);
    view(kit, &again, &arena, &v);
    assert_string_equal(v.texts[0].text, "mine");
    arena_fini(&arena);
    kit->now_ms += 2;
    assert_int_equal(case_token_login(kit->r, token, strlen(token), &again, NULL), LK_DENIED);
}

static void items_and_texts_are_added_later_and_taken_out_one_by_one(void **state)
{
    struct kit *kit = *state;
    const struct case_typed texts[] = {typed(CASE_LOCATION, "https://example.org/2"),
                                       typed(CASE_MESSAGE, "hello")};
    const struct case_request empty = {.may_be_empty = true};
    struct kit_item items[2];
    struct lk_sequence sequences[2];
    for (int i = 0; i < 2; i++) {
        kit_item(&items[i], 500 + i);
        sequences[i] = items[i].sequence;
    }
    const struct case_request more = {
        .sequences = sequences, .n_sequences = 2, .texts = texts, .n_texts = 2};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    open_with(kit, &empty, &opened);
    struct case_access access = login(kit, &opened);
    assert_int_equal(case_add(kit->r, &access, &empty, NULL), LK_INVALID);
    assert_int_equal(case_add(kit->r, &access, &more, NULL), LK_OK);
    assert_int_equal(registry_stats(kit->r).n_entries, 2);
    assert_int_equal(case_withdraw_item(kit->r, &access, 1, NULL), LK_OK);
    assert_int_equal(case_withdraw_item(kit->r, &access, 1, NULL), LK_OK);
    assert_int_equal(case_withdraw_text(kit->r, &access, 1, NULL), LK_OK);
    assert_int_equal(registry_stats(kit->r).n_entries, 1);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.n_items, 2);
    assert_false(v.items[0].in_force);
    assert_true(v.items[1].in_force);
    assert_int_equal(v.n_texts, 1);
    assert_string_equal(v.texts[0].text, "hello");
    struct case_prints prints;
    assert_int_equal(case_prints(kit->r, &access, &arena, &prints, NULL), LK_OK);
    assert_int_equal(prints.n, 1);
    assert_int_equal(prints.items[0].number, 2);
    assert_memory_equal(&prints.items[0].sequence.records[0].print, &items[1].record.print,
                        sizeof items[1].record.print);
    arena_fini(&arena);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, NULL), LK_OK);
    assert_int_equal(case_add(kit->r, &access, &more, NULL), LK_CONFLICT);
}

static void the_desk_answers_and_the_person_reads_it(void **state)
{
    struct kit *kit = *state;
    const struct case_typed texts[] = {typed(CASE_MESSAGE, "can you help?")};
    const struct case_request request = {.texts = texts, .n_texts = 1};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    struct desk_case *cases;
    size_t n = 0;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(desk_list(kit->r, &arena, &cases, &n, NULL), LK_OK);
    assert_true(n == 1 && cases[0].is_waiting);
    assert_int_equal(desk_write(kit->r, &console, cases[0].id, "yes", 3, NULL), LK_OK);
    assert_int_equal(desk_write(kit->r, &console, cases[0].id, "", 0, NULL), LK_INVALID);
    assert_int_equal(desk_write(kit->r, &console, "00", "yes", 3, NULL), LK_NOT_FOUND);
    assert_int_equal(desk_list(kit->r, &arena, &cases, &n, NULL), LK_OK);
    assert_false(cases[0].is_waiting);
    arena_fini(&arena);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.n_texts, 2);
    assert_true(v.texts[1].is_by_desk);
    assert_string_equal(v.texts[1].text, "yes");
    assert_int_equal(case_withdraw_text(kit->r, &access, 2, NULL), LK_OK); /* not hers to delete */
    arena_fini(&arena);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.n_texts, 2);
    arena_fini(&arena);
}

static void ask(struct kit *kit, const struct lk_sequence *query)
{
    struct arena arena;
    struct match_result *results;
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, query, NULL, 1, &results, NULL),
                     LK_OK);
    arena_fini(&arena);
}

static void receipts_count_the_partners_whose_checks_use_it(void **state)
{
    struct kit *kit = *state;
    struct kit_item item, other;
    kit_item(&item, 900);
    kit_item(&other, 901);
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.n_partners, 1);
    assert_int_equal(v.items[0].n_seen, 0);
    arena_fini(&arena);
    ask(kit, &other.sequence);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.items[0].n_seen, 1);
    arena_fini(&arena);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, NULL), LK_OK);
    ask(kit, &other.sequence); /* within the minute: not noted yet */
    access = login(kit, &opened);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.items[0].n_seen, 0);
    arena_fini(&arena);
    kit->now_ms += 60 * 1000;
    ask(kit, &other.sequence);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.items[0].n_seen, 1);
    arena_fini(&arena);
}

static void answer(struct kit *kit, const char *id, unsigned outcome)
{
    const struct match_reply reply = {.outcome = outcome};
    assert_int_equal(match_answer(kit->r, &kit->partner, id, MATCH_ID_CHARS, &reply, NULL, NULL),
                     LK_OK);
}

static const char *find(struct kit *kit, const struct lk_sequence *query, const char *ref,
                        struct arena *arena)
{
    struct match_result *results;
    const struct match_ref refs[] = {{ref, strlen(ref)}};
    assert_int_equal(match_query(kit->r, &kit->partner, arena, query, refs, 1, &results, NULL),
                     LK_OK);
    return results[0].matches[0].id;
}

static void an_answer_that_does_not_come_is_late_and_a_copy_can_be_back(void **state)
{
    struct kit *kit = *state;
    struct kit_item item;
    kit_item(&item, 950);
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    struct case_opened opened;
    struct arena arena, mine;
    struct case_view v;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    arena_init(&mine, lk_alloc_heap(), ARENA);
    const char *first = find(kit, &item.sequence, "post-1", &mine);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.copies[0].due_ms, v.copies[0].found_ms + 48 * 3600 * 1000);
    assert_false(v.copies[0].is_overdue);
    arena_fini(&arena);
    kit->now_ms += INT64_C(48) * 3600 * 1000 + 1;
    view(kit, &access, &arena, &v);
    assert_true(v.copies[0].is_overdue);
    arena_fini(&arena);
    answer(kit, first, MATCH_REMOVED);
    kit->now_ms += 1000;
    (void)find(kit, &item.sequence, "post-2", &mine);
    view(kit, &access, &arena, &v);
    assert_int_equal(v.n_copies, 2);
    assert_true(v.copies[0].is_again);
    assert_false(v.copies[0].is_overdue); /* its clock began anew */
    assert_false(v.copies[1].is_again);
    assert_int_equal(v.copies[1].due_ms, 0);
    arena_fini(&arena);
    arena_fini(&mine);
}

static void notices_tell_of_an_address_what_became_of_it_and_whose_clock_runs(void **state)
{
    struct kit *kit = *state;
    const struct case_typed texts[] = {typed(CASE_LOCATION, "https://example.org/5"),
                                       typed(CASE_NOTE, "no address")};
    const struct case_request request = {.texts = texts, .n_texts = 2};
    struct case_opened opened;
    struct arena arena;
    struct case_view v;
    struct desk_case *cases;
    size_t n = 0;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    view(kit, &access, &arena, &v);
    assert_null(v.texts[0].notice);
    assert_int_equal(desk_list(kit->r, &arena, &cases, &n, NULL), LK_OK);
    const char *id = cases[0].id;
    assert_int_equal(notice_mark(kit->r, id, 1, NOTICE_REMOVED, NULL), LK_NOT_FOUND);
    assert_int_equal(notice_send(kit->r, id, 2, "Examplegram", NULL, NULL), LK_INVALID);
    assert_int_equal(notice_send(kit->r, id, 9, "Examplegram", NULL, NULL), LK_INVALID);
    assert_int_equal(notice_send(kit->r, id, 1, "", NULL, NULL), LK_INVALID);
    assert_int_equal(notice_send(kit->r, id, 1, "Examplegram", "us-nothing", NULL), LK_INVALID);
    assert_int_equal(notice_send(kit->r, id, 1, "Examplegram", "gb-48h", NULL), LK_OK);
    struct case_view w;
    struct arena second;
    view(kit, &access, &second, &w);
    assert_false(w.texts[0].notice->by_law); /* passed, but not in force */
    arena_fini(&second);
    assert_int_equal(notice_send(kit->r, id, 1, "Examplegram", "us-tida", NULL), LK_OK);
    view(kit, &access, &second, &w);
    const struct case_notice *notice = w.texts[0].notice;
    assert_string_equal(notice->recipient, "Examplegram");
    assert_true(notice->by_law && !notice->is_overdue);
    assert_int_equal(notice->due_ms, notice->sent_ms + INT64_C(48) * 3600 * 1000);
    assert_null(w.texts[1].notice);
    arena_fini(&second);
    kit->now_ms += INT64_C(49) * 3600 * 1000;
    view(kit, &access, &second, &w);
    assert_true(w.texts[0].notice->is_overdue);
    arena_fini(&second);
    assert_int_equal(notice_mark(kit->r, id, 1, NOTICE_REMOVED, NULL), LK_OK);
    view(kit, &access, &second, &w);
    assert_int_equal(w.texts[0].notice->due_ms, 0);
    arena_fini(&second);
    assert_int_equal(notice_mark(kit->r, id, 1, NOTICE_BACK, NULL), LK_OK);
    view(kit, &access, &second, &w);
    assert_int_equal(w.texts[0].notice->due_ms, kit->now_ms + INT64_C(48) * 3600 * 1000);
    assert_false(w.texts[0].notice->is_overdue);
    arena_fini(&second);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM event WHERE type = 4"), 4);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, NULL), LK_OK);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM notice"), 0);
    assert_int_equal(notice_send(kit->r, id, 1, "Examplegram", NULL, NULL), LK_CONFLICT);
    arena_fini(&arena);
}

static void a_lost_code_is_replaced_only_where_the_person_chose_it(void **state)
{
    struct kit *kit = *state;
    const struct case_typed texts[] = {typed(CASE_NOTE, "mine")};
    const struct case_request without = {.texts = texts, .n_texts = 1};
    const struct case_request with = {.texts = texts, .n_texts = 1, .wants_recovery = true};
    struct case_opened opened, again = {0};
    struct desk_case *cases;
    struct case_access access;
    struct case_view v;
    struct arena arena, other;
    size_t n = 0;
    char code[CODE_TEXT_BYTES];
    open_with(kit, &without, &opened);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(desk_list(kit->r, &arena, &cases, &n, NULL), LK_OK);
    assert_int_equal(desk_recover(kit->r, cases[0].id, code, NULL), LK_DENIED);
    access = login(kit, &opened); /* still opens */
    open_with(kit, &with, &opened);
    assert_int_equal(desk_list(kit->r, &arena, &cases, &n, NULL), LK_OK);
    assert_int_equal(n, 2);
    assert_int_equal(desk_recover(kit->r, cases[0].id, code, NULL), LK_OK);
    assert_int_equal(case_login(kit->r, opened.code, strlen(opened.code), &access, NULL),
                     LK_DENIED);
    memcpy(again.code, code, sizeof code);
    access = login(kit, &again);
    view(kit, &access, &other, &v);
    assert_string_equal(v.texts[0].text, "mine");
    arena_fini(&other);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, NULL), LK_OK);
    assert_int_equal(desk_recover(kit->r, cases[0].id, code, NULL), LK_CONFLICT);
    arena_fini(&arena);
}

static size_t mails_due(struct kit *kit, struct arena *arena)
{
    struct case_mail *mails;
    size_t n = 0;
    assert_int_equal(case_mail_due(kit->r, arena, &mails, &n, NULL), LK_OK);
    if (n > 0)
        assert_string_equal(mails[0].address, "someone@example.org");
    for (size_t i = 0; i < n; i++)
        assert_int_equal(case_mail_sent(kit->r, &mails[i], NULL), LK_OK);
    return n;
}

static void a_mail_is_due_once_a_day_when_there_is_news_and_never_after_a_stop(void **state)
{
    struct kit *kit = *state;
    struct kit_item item;
    kit_item(&item, 980);
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    static const char *const wrong[] = {"", "x", "@x", "x@", "a b@x", "a@b@c", "a@b\n", "<a@b>"};
    struct case_opened opened;
    struct case_mail mail;
    struct arena arena;
    open_with(kit, &request, &opened);
    struct case_access access = login(kit, &opened);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(case_mail_set(kit->r, &access, wrong[i], "en", NULL), LK_INVALID);
    const char *id = find(kit, &item.sequence, "post-1", &arena);
    assert_int_equal(mails_due(kit, &arena), 0); /* not asked for */
    assert_int_equal(case_mail_set(kit->r, &access, "someone@example.org", "ko", NULL), LK_OK);
    assert_int_equal(mails_due(kit, &arena), 0); /* what was before is no news */
    answer(kit, id, MATCH_ACKNOWLEDGED);
    assert_int_equal(mails_due(kit, &arena), 1);
    answer(kit, id, MATCH_REMOVED);
    assert_int_equal(mails_due(kit, &arena), 0); /* on the same day */
    kit->now_ms += CLOCK_DAY_MS;
    assert_int_equal(mails_due(kit, &arena), 1);
    assert_int_equal(mails_due(kit, &arena), 0);
    assert_int_equal(case_mail_stop(kit->r, &access, NULL), LK_OK);
    assert_int_equal(case_mail_get(kit->r, &access, &mail, NULL), LK_OK);
    assert_string_equal(mail.address, "");
    assert_int_equal(case_mail_set(kit->r, &access, "someone@example.org", "ko", NULL), LK_OK);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, NULL), LK_OK);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM case_mail"), 0);
    assert_int_equal(case_mail_set(kit->r, &access, "someone@example.org", "ko", NULL),
                     LK_CONFLICT);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_case_needs_no_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_browser_sealed_is_read_with_the_code_and_by_the_desk,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(garbage_in_a_box_is_shown_as_lost_and_hides_nothing_else,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_stands_for_the_code_for_half_an_hour, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(items_and_texts_are_added_later_and_taken_out_one_by_one,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_desk_answers_and_the_person_reads_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(receipts_count_the_partners_whose_checks_use_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            notices_tell_of_an_address_what_became_of_it_and_whose_clock_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lost_code_is_replaced_only_where_the_person_chose_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_mail_is_due_once_a_day_when_there_is_news_and_never_after_a_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_that_does_not_come_is_late_and_a_copy_can_be_back,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
