/* Messages to partners: what is told to whom, how it is signed, and when it is tried again. */
#include "../cmocka_all.h"
#include "../store/kit.h"
#include "../store/letter_kit.h"

#include "cases/match_state.h"
#include "cases/notice_inbox.h"
#include "exchange/webhook_text.h"

#include <stdio.h>

#define SECOND_MS INT64_C(1000)
#define HOUR_MS   INT64_C(3600000)
enum { ARENA = 64 << 20, MANY = 64 };

struct hook_kit {
    struct kit kit;
    struct partner other;
    struct arena arena;
    struct case_opened opened;
    char id[DESK_CASE_CHARS + 1];
    struct webhook hook;
    uint8_t secret[WEBHOOK_SECRET_BYTES];
};

static const char *const urls[] = {"https://video.example/p/1", "https://video.example/p/2"};

static enum lk_status add(struct hook_kit *t, const struct partner *partner, const char *url,
                          unsigned types, unsigned scheme, struct webhook *out)
{
    const struct fetch_config fetch = {0};
    const struct webhook_order order = {
        .url = url, .types = types, .scheme = scheme, .fetch = &fetch};
    return webhook_add(t->kit.r, partner, &order, &t->arena, out, t->secret, NULL);
}

/* Two partners, and a case with two addresses of which nobody was told yet. */
static int setup(void **state)
{
    static struct hook_kit t;
    char key[PARTNER_KEY_CHARS + 1];
    kit_init(&t.kit);
    registry_close(t.kit.r);
    struct registry_config config = kit_config(&t.kit);
    config.sender = letter_kit_sender();
    assert_int_equal(registry_open(&config, &t.kit.r, NULL), LK_OK);
    kit_add_partner(&t.kit, "Video");
    assert_int_equal(partner_add(t.kit.r, "Other", PARTNER_PLATFORM, key, &t.other, NULL), LK_OK);
    assert_int_equal(letter_kit_case(t.kit.r, urls, 2, &t.opened, t.id, NULL), LK_OK);
    arena_init(&t.arena, lk_alloc_heap(), ARENA);
    assert_int_equal(
        add(&t, &t.kit.partner, "https://video.example/hook", 0, WEBHOOK_HMAC, &t.hook), LK_OK);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    struct hook_kit *t = *state;
    arena_fini(&t->arena);
    kit_fini(&t->kit);
    return 0;
}

static void send(struct hook_kit *t, const char *partner, unsigned n)
{
    struct lk_error err = {0};
    if (letter_kit_send(t->kit.r, t->id, partner, n, NULL, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static bool next(struct hook_kit *t, struct webhook_out *out)
{
    enum lk_status status = webhook_out_next(t->kit.r, &t->arena, out, NULL);
    assert_true(status == LK_OK || status == LK_NOT_FOUND);
    return status == LK_OK;
}

static struct webhook_fate end(struct hook_kit *t, const struct webhook_out *message,
                               unsigned status)
{
    const struct webhook_answer answer = {
        .status = status, .end = status == 0 ? FETCH_TIMEOUT : FETCH_DONE, .duration_ms = 7};
    struct webhook_fate fate;
    assert_int_equal(webhook_out_end(t->kit.r, message->row, &answer, &fate, NULL), LK_OK);
    return fate;
}

/* Delivers all that is due. */
static size_t deliver_all(struct hook_kit *t, struct webhook_out out[MANY])
{
    size_t n = 0;
    while (next(t, &out[n])) {
        assert_int_equal(end(t, &out[n], 204).state, WEBHOOK_MESSAGE_DELIVERED);
        n++;
        assert_true(n < MANY);
    }
    return n;
}

static size_t n_of(const struct webhook_out *list, size_t n, enum webhook_type type)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += list[i].type == type;
    return count;
}

static void withdraw(struct hook_kit *t)
{
    struct case_access access;
    assert_int_equal(case_login(t->kit.r, t->opened.code, strlen(t->opened.code), &access, NULL),
                     LK_OK);
    assert_int_equal(case_withdraw(t->kit.r, &access, NULL, NULL), LK_OK);
    case_logout(&access);
}

static void get_notices(struct hook_kit *t, struct inbox_letter **letter)
{
    size_t n = 0;
    bool more;
    assert_int_equal(inbox_list(t->kit.r, &t->kit.partner, &t->arena, &(struct inbox_filter){0},
                                letter, &n, &more, NULL),
                     LK_OK);
    assert_int_equal(n, 1);
}

/* ---- the form ---- */

static void signatures_are_those_of_the_standard(void **state)
{
    /* whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, the example of Standard Webhooks */
    static const uint8_t key[] = {0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a,
                                  0xab, 0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c,
                                  0xf6, 0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0};
    static const char body[] = "{\"test\": 2432232314}";
    const struct webhook_signed what = {.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                        .time_s = 1614265330,
                                        .body = body,
                                        .n = strlen(body)};
    struct buf out;
    (void)state;
    buf_init(&out, lk_alloc_heap(), 1000);
    webhook_text_sign(&out, WEBHOOK_HMAC, (struct seal_part){key, sizeof key}, &what);
    assert_string_equal(buf_text(&out), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    buf_fini(&out);
}

static void the_vector_of_the_specification_holds(void **state)
{
    struct webhook_out message = {.id = "msg_f0e0d0c0b0a090807060504030201000",
                                  .type = WEBHOOK_NOTICE_CREATED,
                                  .subject = "000102030405060708090a0b0c0d0e0f",
                                  .event_ms = INT64_C(1790000000000)};
    uint8_t seed[32], public_key[32];
    char text[WEBHOOK_KEY_CHARS + 1];
    struct buf body, out;
    (void)state;
    for (unsigned i = 0; i < 32; i++)
        seed[i] = (uint8_t)i;
    buf_init(&body, lk_alloc_heap(), 1000);
    buf_init(&out, lk_alloc_heap(), 1000);
    webhook_text_body(&body, &message);
    assert_string_equal(buf_text(&body),
                        "{\"type\":\"notice.created\",\"timestamp\":\"2026-09-21T14:13:20Z\","
                        "\"data\":{\"id\":\"000102030405060708090a0b0c0d0e0f\"}}");
    const struct webhook_signed what = {
        .id = message.id, .time_s = 1790000001, .body = body.p, .n = body.n};
    webhook_text_sign(&out, WEBHOOK_HMAC, (struct seal_part){seed, sizeof seed}, &what);
    webhook_text_sign(&out, WEBHOOK_ED25519, (struct seal_part){seed, sizeof seed}, &what);
    assert_string_equal(buf_text(&out),
                        "v1,7YYRSsixpzwXCW2+eViDoDwBqG+r+Nbqa1oGofOKPjc= "
                        "v1a,IAjHJ0fKKHTLhQJn0uKQ6bPuZoghKO03mF3XZSxkXZH2jemSdM7vFeoCh/rkkAA1hUZlu4"
                        "2MxKUl4uKAEkpBBg==");
    webhook_text_secret(seed, text);
    assert_string_equal(text, "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    seal_sign_public(seed, public_key);
    webhook_text_public(public_key, text);
    assert_string_equal(text, "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=");
    buf_fini(&body);
    buf_fini(&out);
}

static void a_message_about_nothing_has_no_id(void **state)
{
    const struct webhook_out ping = {.type = WEBHOOK_PING, .event_ms = INT64_C(1790000000000)};
    struct buf body;
    (void)state;
    buf_init(&body, lk_alloc_heap(), 1000);
    webhook_text_body(&body, &ping);
    assert_string_equal(buf_text(&body),
                        "{\"type\":\"ping\",\"timestamp\":\"2026-09-21T14:13:20Z\",\"data\":{}}");
    buf_fini(&body);
}

static void every_type_but_ping_is_found_by_its_name(void **state)
{
    (void)state;
    for (unsigned i = 1; i < WEBHOOK_N_TYPES; i++)
        assert_int_equal(webhook_type_of(webhook_type_name(i), strlen(webhook_type_name(i))), i);
    assert_int_equal(webhook_type_of("ping", 4), WEBHOOK_PING);
    assert_int_equal(webhook_type_of("notice.create", 13), WEBHOOK_PING);
}

/* ---- endpoints ---- */

static void an_endpoint_is_https_and_public(void **state)
{
    struct hook_kit *t = *state;
    static const char *const bad[] = {"http://video.example/",
                                      "https://10.0.0.1/",
                                      "https://video.example:8443/",
                                      "https://localhost/",
                                      "https://[fc00::1]/",
                                      "ftp://video.example/",
                                      "",
                                      "video"};
    static char too_long[WEBHOOK_MAX_URL_BYTES + 2];
    struct webhook hook;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(add(t, &t->kit.partner, bad[i], 0, WEBHOOK_HMAC, &hook), LK_INVALID);
    memset(too_long, 'a', sizeof too_long - 1);
    memcpy(too_long, "https://video.example/", 22);
    assert_int_equal(add(t, &t->kit.partner, too_long, 0, WEBHOOK_HMAC, &hook), LK_INVALID);
    assert_int_equal(add(t, &t->kit.partner, "https://video.example/", 1, WEBHOOK_HMAC, &hook),
                     LK_INVALID);
    assert_int_equal(add(t, &t->kit.partner, "https://video.example/", 0, 3, &hook), LK_INVALID);
}

static void a_partner_has_five_at_most_and_sees_its_own_alone(void **state)
{
    struct hook_kit *t = *state;
    struct webhook hook, *list;
    size_t n = 0;
    for (unsigned i = 1; i < WEBHOOK_MAX_OF_PARTNER; i++)
        assert_int_equal(
            add(t, &t->kit.partner, "https://video.example/b", 0, WEBHOOK_ED25519, &hook), LK_OK);
    assert_int_equal(add(t, &t->kit.partner, "https://video.example/b", 0, WEBHOOK_HMAC, &hook),
                     LK_LIMIT);
    assert_int_equal(webhook_list(t->kit.r, &t->kit.partner, &t->arena, &list, &n, NULL), LK_OK);
    assert_int_equal(n, WEBHOOK_MAX_OF_PARTNER);
    assert_string_equal(list[0].url, "https://video.example/hook");
    assert_string_equal(list[0].id, t->hook.id);
    assert_int_equal(list[0].types, WEBHOOK_ALL_TYPES);
    assert_int_equal(list[1].scheme, WEBHOOK_ED25519);
    assert_memory_not_equal(list[1].public_key, list[2].public_key, SEAL_SIGN_KEY_BYTES);
    assert_int_equal(webhook_list(t->kit.r, &t->other, &t->arena, &list, &n, NULL), LK_OK);
    assert_int_equal(n, 0);
    assert_int_equal(webhook_remove(t->kit.r, &t->other, t->hook.id, NULL), LK_NOT_FOUND);
    assert_int_equal(webhook_remove(t->kit.r, &t->kit.partner, "no id", NULL), LK_NOT_FOUND);
    assert_int_equal(webhook_remove(t->kit.r, &t->kit.partner, t->hook.id, NULL), LK_OK);
    assert_int_equal(webhook_list(t->kit.r, &t->kit.partner, &t->arena, &list, &n, NULL), LK_OK);
    assert_int_equal(n, WEBHOOK_MAX_OF_PARTNER - 1);
}

static void neither_address_nor_secret_is_in_the_store(void **state)
{
    struct hook_kit *t = *state;
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM webhook WHERE instr(url, "
                                           "CAST('video' AS BLOB)) > 0"),
                     0);
    char sql[160] = "SELECT count(*) FROM webhook WHERE instr(secret, x'";
    size_t n = strlen(sql);
    for (unsigned i = 0; i < 4; i++)
        n += (size_t)snprintf(sql + n, sizeof sql - n, "%02x", t->secret[i]);
    snprintf(sql + n, sizeof sql - n, "') > 0");
    assert_int_equal(kit_sql(t->kit.store, sql), 0);
}

static void a_new_secret_goes_first_and_the_old_one_ends_after_a_day(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out message;
    struct webhook hook;
    uint8_t old[WEBHOOK_SECRET_BYTES], third[WEBHOOK_SECRET_BYTES];
    memcpy(old, t->secret, sizeof old);
    send(t, "Video", 1);
    assert_true(next(t, &message));
    assert_int_equal(message.n_keys, 1);
    assert_memory_equal(message.keys[0], old, sizeof old);
    assert_int_equal(
        webhook_rotate(t->kit.r, &t->kit.partner, t->hook.id, &t->arena, &hook, t->secret, NULL),
        LK_OK);
    assert_memory_not_equal(t->secret, old, sizeof old);
    assert_int_equal(hook.old_until_ms, t->kit.now_ms + 24 * HOUR_MS);
    assert_true(next(t, &message));
    assert_int_equal(message.n_keys, 2);
    assert_memory_equal(message.keys[0], t->secret, sizeof old);
    assert_memory_equal(message.keys[1], old, sizeof old);
    assert_int_equal(
        webhook_rotate(t->kit.r, &t->kit.partner, t->hook.id, &t->arena, &hook, third, NULL),
        LK_OK);
    assert_true(next(t, &message));
    assert_memory_equal(message.keys[1], t->secret, sizeof old); /* the first no longer signs */
    t->kit.now_ms += 24 * HOUR_MS;
    assert_true(next(t, &message));
    assert_int_equal(message.n_keys, 1);
    assert_memory_equal(message.keys[0], third, sizeof old);
}

/* ---- what is told ---- */

static void each_notice_is_told_by_the_id_that_its_partner_knows(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    struct inbox_letter *letter;
    send(t, "Other", 2); /* who has no webhook */
    assert_int_equal(deliver_all(t, told), 0);
    send(t, "Video", 2);
    get_notices(t, &letter);
    assert_int_equal(deliver_all(t, told), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(told[i].type, WEBHOOK_NOTICE_CREATED);
        assert_string_equal(told[i].subject, letter->notices[i].id);
        assert_int_equal(told[i].event_ms, t->kit.now_ms);
        assert_string_equal(told[i].url, "https://video.example/hook");
    }
    assert_string_not_equal(told[0].id, told[1].id);
}

static void the_clocks_alarms_are_told_once(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    size_t n = 0;
    send(t, "Video", 1);
    assert_int_equal(deliver_all(t, told), 1);
    t->kit.now_ms += 40 * HOUR_MS;
    assert_int_equal(notice_tick(t->kit.r, &n, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 1);
    assert_int_equal(told[0].type, WEBHOOK_NOTICE_DUE_SOON);
    t->kit.now_ms += 8 * HOUR_MS;
    assert_int_equal(notice_tick(t->kit.r, &n, NULL), LK_OK);
    assert_int_equal(notice_tick(t->kit.r, &n, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 1);
    assert_int_equal(told[0].type, WEBHOOK_NOTICE_OVERDUE);
}

static void what_the_partner_did_itself_is_not_told(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    struct inbox_letter *letter;
    struct inbox_notice notice;
    const struct match_reply removed = {.outcome = MATCH_REMOVED};
    send(t, "Video", 1);
    get_notices(t, &letter);
    assert_int_equal(deliver_all(t, told), 1);
    const char *id = letter->notices[0].id;
    assert_int_equal(
        inbox_answer(t->kit.r, &t->kit.partner, id, strlen(id), &removed, &t->arena, &notice, NULL),
        LK_OK);
    assert_int_equal(deliver_all(t, told), 0);
    assert_int_equal(notice_mark(t->kit.r, t->id, 1, NOTICE_BACK, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 1);
    assert_int_equal(told[0].type, WEBHOOK_NOTICE_CHANGED);
    assert_string_equal(told[0].subject, id);
}

static void a_withdrawn_case_is_told_without_the_time_of_the_visit(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    struct webhook_try *tries;
    struct inbox_letter *letter;
    size_t n = 0;
    send(t, "Video", 2);
    get_notices(t, &letter);
    assert_int_equal(deliver_all(t, told), 2);
    withdraw(t);
    assert_int_equal(deliver_all(t, told), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(told[i].type, WEBHOOK_NOTICE_WITHDRAWN);
        assert_string_equal(told[i].subject, letter->notices[i].id);
        assert_int_equal(told[i].event_ms, clock_day_start_ms(t->kit.now_ms));
    }
    assert_int_equal(
        webhook_log(t->kit.r, &t->kit.partner, t->hook.id, &t->arena, &tries, &n, NULL), LK_OK);
    assert_int_equal(n, 4);
    assert_int_equal(tries[0].at_ms, clock_day_start_ms(t->kit.now_ms));
}

static void only_chosen_types_are_told_and_a_ping_always(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    struct webhook hook;
    char message[WEBHOOK_MESSAGE_CHARS + 1];
    assert_int_equal(webhook_remove(t->kit.r, &t->kit.partner, t->hook.id, NULL), LK_OK);
    assert_int_equal(add(t, &t->kit.partner, "https://video.example/hook",
                         WEBHOOK_BIT(WEBHOOK_NOTICE_WITHDRAWN), WEBHOOK_HMAC, &hook),
                     LK_OK);
    send(t, "Video", 1);
    assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, hook.id, message, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 1);
    assert_int_equal(told[0].type, WEBHOOK_PING);
    assert_string_equal(told[0].id, message);
    withdraw(t);
    assert_int_equal(deliver_all(t, told), 1);
}

static void changes_of_the_bank_are_told_together_and_once_a_minute(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    struct kit_item item;
    struct case_opened opened;
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    for (unsigned i = 0; i < 3; i++) {
        kit_item(&item, 40 + i);
        assert_int_equal(case_open(t->kit.r, &request, &opened, NULL), LK_OK);
    }
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 1);
    assert_int_equal(told[0].type, WEBHOOK_FEED_CHANGED);
    assert_string_equal(told[0].subject, "");
    assert_int_equal(told[0].event_ms, clock_day_start_ms(t->kit.now_ms));
    kit_item(&item, 50);
    assert_int_equal(case_open(t->kit.r, &request, &opened, NULL), LK_OK);
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 0);
    t->kit.now_ms += WEBHOOK_OUT_FEED_MS;
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 1);
    t->kit.now_ms += WEBHOOK_OUT_FEED_MS;
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 0);
}

static void a_match_without_an_answer_is_told_when_its_time_is_nearly_over(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    struct kit_item item;
    struct case_opened opened;
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    struct match *matches;
    size_t n = 0;
    bool more;
    kit_item(&item, 60);
    assert_int_equal(case_open(t->kit.r, &request, &opened, NULL), LK_OK);
    assert_int_equal(kit_matches(&t->kit, 60), 1);
    assert_int_equal(match_list(t->kit.r, &t->kit.partner, &t->arena, &(struct match_filter){0},
                                &matches, &n, &more, NULL),
                     LK_OK);
    t->kit.now_ms += 35 * HOUR_MS;
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(n_of(told, deliver_all(t, told), WEBHOOK_MATCH_WAITING), 0);
    t->kit.now_ms += HOUR_MS;
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(deliver_all(t, told), 1);
    assert_int_equal(told[0].type, WEBHOOK_MATCH_WAITING);
    assert_string_equal(told[0].subject, matches[0].id);
}

static void an_answered_match_is_not_asked_for(void **state)
{
    struct hook_kit *t = *state;
    static struct webhook_out told[MANY];
    struct kit_item item;
    struct case_opened opened;
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    const struct match_reply removed = {.outcome = MATCH_REMOVED};
    struct match *matches, match;
    size_t n = 0;
    bool more;
    kit_item(&item, 61);
    assert_int_equal(case_open(t->kit.r, &request, &opened, NULL), LK_OK);
    assert_int_equal(kit_matches(&t->kit, 61), 1);
    assert_int_equal(match_list(t->kit.r, &t->kit.partner, &t->arena, &(struct match_filter){0},
                                &matches, &n, &more, NULL),
                     LK_OK);
    assert_int_equal(match_answer(t->kit.r, &t->kit.partner, matches[0].id, MATCH_ID_CHARS,
                                  &removed, &match, NULL),
                     LK_OK);
    t->kit.now_ms += 48 * HOUR_MS;
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    assert_int_equal(n_of(told, deliver_all(t, told), WEBHOOK_MATCH_WAITING), 0);
}

/* ---- delivery ---- */

static void a_message_is_tried_ten_times_over_three_days_under_one_id(void **state)
{
    struct hook_kit *t = *state;
    static const int64_t pauses_s[] = {5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};
    struct webhook_out first, again;
    send(t, "Video", 1);
    assert_true(next(t, &first));
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(end(t, &first, 500).state, WEBHOOK_MESSAGE_WAITING);
        int64_t pause_ms = pauses_s[i] * SECOND_MS;
        t->kit.now_ms += pause_ms - 1;
        assert_false(next(t, &again));
        t->kit.now_ms += 1;
        assert_true(next(t, &again));
        assert_string_equal(again.id, first.id);
        assert_int_equal(again.event_ms, first.event_ms);
    }
    assert_int_equal(end(t, &first, 0).state, WEBHOOK_MESSAGE_GIVEN_UP);
    t->kit.now_ms += 30 * CLOCK_DAY_MS;
    assert_false(next(t, &again));
}

static void what_was_not_settled_waits_under_the_same_id_after_a_restart(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out before, after;
    send(t, "Video", 1);
    assert_true(next(t, &before));
    assert_int_equal(kit_reopen(&t->kit, NULL), LK_OK);
    assert_true(next(t, &after));
    assert_string_equal(after.id, before.id);
    assert_memory_equal(after.keys[0], before.keys[0], WEBHOOK_SECRET_BYTES);
    assert_int_equal(end(t, &after, 200).state, WEBHOOK_MESSAGE_DELIVERED);
    assert_false(next(t, &after));
}

static void only_2xx_has_arrived(void **state)
{
    struct hook_kit *t = *state;
    static const unsigned bad[] = {0, 100, 199, 300, 301, 304, 307, 400, 401, 404, 429, 500, 503};
    struct webhook_out message;
    char ping[WEBHOOK_MESSAGE_CHARS + 1];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_OK);
        assert_true(next(t, &message));
        assert_int_equal(end(t, &message, bad[i]).state, WEBHOOK_MESSAGE_GIVEN_UP);
        t->kit.now_ms += 300 * SECOND_MS;
    }
    assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_OK);
    assert_true(next(t, &message));
    assert_int_equal(end(t, &message, 202).state, WEBHOOK_MESSAGE_DELIVERED);
}

static void one_that_is_dead_does_not_hold_up_the_others(void **state)
{
    struct hook_kit *t = *state;
    struct webhook hook;
    struct webhook_out message;
    assert_int_equal(add(t, &t->other, "https://other.example/hook", 0, WEBHOOK_HMAC, &hook),
                     LK_OK);
    send(t, "Video", 2);
    send(t, "Other", 1);
    assert_true(next(t, &message));
    assert_string_equal(message.url, "https://video.example/hook");
    (void)end(t, &message, 0);
    assert_true(next(t, &message));
    assert_string_equal(message.url, "https://other.example/hook");
    assert_int_equal(end(t, &message, 200).state, WEBHOOK_MESSAGE_DELIVERED);
    assert_false(next(t, &message)); /* the second of the dead one rests too */
    t->kit.now_ms += 5 * SECOND_MS;
    assert_true(next(t, &message));
}

static void an_endpoint_that_answers_410_is_disabled(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out message;
    struct webhook *list;
    char ping[WEBHOOK_MESSAGE_CHARS + 1];
    size_t n = 0;
    send(t, "Video", 2);
    assert_true(next(t, &message));
    struct webhook_fate fate = end(t, &message, 410);
    assert_true(fate.is_disabled);
    t->kit.now_ms += 24 * HOUR_MS;
    assert_false(next(t, &message)); /* nor is the other told */
    assert_int_equal(webhook_list(t->kit.r, &t->kit.partner, &t->arena, &list, &n, NULL), LK_OK);
    assert_true(list[0].is_disabled);
    assert_string_equal(webhook_reason_name(list[0].reason), "gone");
    assert_int_equal(list[0].disabled_ms, t->kit.now_ms - 24 * HOUR_MS);
    assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_CONFLICT);
    assert_int_equal(webhook_enable(t->kit.r, &t->kit.partner, t->hook.id, NULL), LK_OK);
    assert_int_equal(webhook_enable(t->kit.r, &t->kit.partner, t->hook.id, NULL), LK_CONFLICT);
    assert_false(next(t, &message));
    assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_OK);
    assert_true(next(t, &message));
}

static void an_endpoint_at_which_nothing_arrives_for_five_days_is_disabled(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out message;
    struct webhook *list;
    char ping[WEBHOOK_MESSAGE_CHARS + 1];
    size_t n = 0;
    bool is_disabled = false;
    int64_t from_ms = t->kit.now_ms;
    while (!is_disabled) {
        assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_OK);
        assert_true(next(t, &message));
        is_disabled = end(t, &message, 500).is_disabled;
        t->kit.now_ms += HOUR_MS;
    }
    assert_int_equal(t->kit.now_ms - HOUR_MS - from_ms, 5 * CLOCK_DAY_MS);
    assert_int_equal(webhook_list(t->kit.r, &t->kit.partner, &t->arena, &list, &n, NULL), LK_OK);
    assert_string_equal(webhook_reason_name(list[0].reason), "failing");
    assert_int_equal(list[0].failing_ms, from_ms);
}

static void one_arrival_begins_the_days_anew(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out message;
    char ping[WEBHOOK_MESSAGE_CHARS + 1];
    for (unsigned hour = 0; hour < 20 * 24; hour += 24) {
        assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_OK);
        assert_true(next(t, &message));
        assert_false(end(t, &message, hour % 96 == 0 ? 200 : 500).is_disabled);
        t->kit.now_ms += CLOCK_DAY_MS;
    }
}

static void a_partner_without_a_key_is_told_nothing(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out message;
    send(t, "Video", 1);
    assert_int_equal(partner_revoke(t->kit.r, "Video", NULL), LK_OK);
    assert_false(next(t, &message));
    assert_int_equal(webhook_out_tick(t->kit.r, NULL), LK_OK);
    withdraw(t);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM webhook_message"), 1);
}

static void one_ping_at_a_time(void **state)
{
    struct hook_kit *t = *state;
    char ping[WEBHOOK_MESSAGE_CHARS + 1];
    assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_OK);
    assert_int_equal(webhook_test(t->kit.r, &t->kit.partner, t->hook.id, ping, NULL), LK_CONFLICT);
}

static void a_webhook_removed_while_a_message_is_under_way_is_no_fault(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out message;
    send(t, "Video", 1);
    assert_true(next(t, &message));
    assert_int_equal(webhook_remove(t->kit.r, &t->kit.partner, t->hook.id, NULL), LK_OK);
    assert_int_equal(end(t, &message, 200).state, 0);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM webhook_try"), 0);
}

static void the_log_tells_each_try_and_is_forgotten_after_a_month(void **state)
{
    struct hook_kit *t = *state;
    struct webhook_out message;
    struct webhook_try *tries;
    size_t n = 0;
    send(t, "Video", 1);
    assert_true(next(t, &message));
    (void)end(t, &message, 0);
    t->kit.now_ms += 5 * SECOND_MS;
    (void)end(t, &message, 204);
    assert_int_equal(
        webhook_log(t->kit.r, &t->kit.partner, t->hook.id, &t->arena, &tries, &n, NULL), LK_OK);
    assert_int_equal(n, 2);
    assert_string_equal(tries[0].message, message.id);
    assert_int_equal(tries[0].number, 2);
    assert_int_equal(tries[0].status, 204);
    assert_int_equal(tries[0].at_ms, t->kit.now_ms);
    assert_int_equal(tries[0].duration_ms, 7);
    assert_int_equal(tries[1].status, 0);
    assert_int_equal(tries[1].end, FETCH_TIMEOUT);
    assert_int_equal(webhook_log(t->kit.r, &t->other, t->hook.id, &t->arena, &tries, &n, NULL),
                     LK_NOT_FOUND);
    t->kit.now_ms += 29 * CLOCK_DAY_MS;
    assert_int_equal(webhook_out_forget(t->kit.r, NULL), LK_OK);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM webhook_try"), 2);
    t->kit.now_ms += 2 * CLOCK_DAY_MS;
    assert_int_equal(webhook_out_forget(t->kit.r, NULL), LK_OK);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM webhook_try"), 0);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM webhook_message"), 0);
}

static void a_letter_that_is_not_sent_tells_nothing(void **state)
{
    struct hook_kit *t = *state;
    struct lk_error err;
    send(t, "Video", 1);
    int64_t n = kit_sql(t->kit.store, "SELECT count(*) FROM webhook_message");
    assert_int_equal(letter_kit_send(t->kit.r, t->id, "Video", 1, NULL, &err), LK_CONFLICT);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM webhook_message"), n);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_the_standard),
        cmocka_unit_test(the_vector_of_the_specification_holds),
        cmocka_unit_test(a_message_about_nothing_has_no_id),
        cmocka_unit_test(every_type_but_ping_is_found_by_its_name),
        TEST(an_endpoint_is_https_and_public),
        TEST(a_partner_has_five_at_most_and_sees_its_own_alone),
        TEST(neither_address_nor_secret_is_in_the_store),
        TEST(a_new_secret_goes_first_and_the_old_one_ends_after_a_day),
        TEST(each_notice_is_told_by_the_id_that_its_partner_knows),
        TEST(the_clocks_alarms_are_told_once),
        TEST(what_the_partner_did_itself_is_not_told),
        TEST(a_withdrawn_case_is_told_without_the_time_of_the_visit),
        TEST(only_chosen_types_are_told_and_a_ping_always),
        TEST(changes_of_the_bank_are_told_together_and_once_a_minute),
        TEST(a_match_without_an_answer_is_told_when_its_time_is_nearly_over),
        TEST(an_answered_match_is_not_asked_for),
        TEST(a_message_is_tried_ten_times_over_three_days_under_one_id),
        TEST(what_was_not_settled_waits_under_the_same_id_after_a_restart),
        TEST(only_2xx_has_arrived),
        TEST(one_that_is_dead_does_not_hold_up_the_others),
        TEST(an_endpoint_that_answers_410_is_disabled),
        TEST(an_endpoint_at_which_nothing_arrives_for_five_days_is_disabled),
        TEST(one_arrival_begins_the_days_anew),
        TEST(a_partner_without_a_key_is_told_nothing),
        TEST(one_ping_at_a_time),
        TEST(a_webhook_removed_while_a_message_is_under_way_is_no_fault),
        TEST(the_log_tells_each_try_and_is_forgotten_after_a_month),
        TEST(a_letter_that_is_not_sent_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
