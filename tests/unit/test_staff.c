/* Accounts of the desk: two factors, pauses, sessions, and what a stolen store gives. */
#include "../store/kit.h"
#include "cases/desk_act.h"
#include "cases/staff.h"
#include "sys/seal.h"
#include "sys/totp.h"

#include "../cmocka_all.h"

#include <stdio.h>

static const char chosen[] = "correct horse battery";

static int set_up(void **state)
{
    static struct kit kit;
    kit_init(&kit);
    *state = &kit;
    return 0;
}

static int tear_down(void **state)
{
    kit_fini(*state);
    return 0;
}

static void decode(const char *base32, uint8_t out[TOTP_SECRET_BYTES])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint64_t bits = 0;
    unsigned n_bits = 0, n = 0;
    for (; *base32 != '\0'; base32++) {
        bits = bits << 5 | (uint64_t)(strchr(letters, *base32) - letters);
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n++] = (uint8_t)(bits >> n_bits);
        }
    }
}

static void digits_now(const struct kit *kit, const struct staff_welcome *w,
                       char digits[TOTP_DIGITS + 1])
{
    uint8_t secret[TOTP_SECRET_BYTES];
    decode(w->totp, secret);
    assert_int_equal(totp_at(secret, kit->now_ms / TOTP_STEP_MS, digits, NULL), LK_OK);
}

static void add(struct kit *kit, const char *name, unsigned role, struct staff_welcome *w)
{
    struct staff_hand console;
    struct lk_error err = {0};
    staff_console(kit->r, &console);
    if (staff_add(kit->r, &console, name, role, false, w, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static enum lk_status sign_in(struct kit *kit, const char *name, const char *password,
                              const struct staff_welcome *w, char *token, struct lk_error *err)
{
    char digits[TOTP_DIGITS + 1];
    kit->now_ms += TOTP_STEP_MS;
    digits_now(kit, w, digits);
    return staff_sign_in(kit->r, name, password, digits, token, err);
}

/* A member who has chosen a password, signed in. */
static void begin(struct kit *kit, unsigned role, struct staff_welcome *w, char *token,
                  struct staff_hand *hand)
{
    add(kit, "sam", role, w);
    assert_int_equal(sign_in(kit, "sam", w->password, w, token, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, hand, NULL), LK_OK);
    assert_true(hand->must_choose);
    assert_int_equal(staff_choose(kit->r, hand, token, w->password, chosen, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, hand, NULL), LK_OK);
    assert_false(hand->must_choose);
}

static void the_digits_are_those_of_rfc_6238(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *digits; /* the last six of the eight that appendix B has for SHA-1 */
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    const uint8_t *secret = (const uint8_t *)"12345678901234567890";
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        char digits[TOTP_DIGITS + 1];
        assert_int_equal(totp_at(secret, vectors[i].seconds / 30, digits, NULL), LK_OK);
        assert_string_equal(digits, vectors[i].digits);
        int64_t now_ms = vectors[i].seconds * 1000, step = vectors[i].seconds / 30;
        assert_int_equal(totp_check(secret, digits, now_ms, 0), step);
        assert_int_equal(totp_check(secret, digits, now_ms + TOTP_STEP_MS, 0), step);
        assert_int_equal(totp_check(secret, digits, now_ms + 2 * TOTP_STEP_MS, 0), 0);
        assert_int_equal(totp_check(secret, digits, now_ms, step), 0); /* none works twice */
        assert_int_equal(totp_check(secret, "12 34", now_ms, 0), 0);
    }
}

static void a_member_signs_in_with_both_factors_and_has_the_desks_key(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand, console;
    char token[STAFF_TOKEN_CHARS + 1];
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    staff_console(kit->r, &console);
    assert_true(hand.has_secret);
    assert_memory_equal(hand.secret, console.secret, sizeof hand.secret);
    assert_string_equal(hand.name, "sam");
    assert_int_equal(sign_in(kit, "sam", w.password, &w, token, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_OK);
}

static void wrong_names_passwords_and_digits_get_one_answer(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    struct lk_error errs[3];
    char token[STAFF_TOKEN_CHARS + 1], digits[TOTP_DIGITS + 1];
    begin(kit, STAFF_LEAD, &w, token, &hand);
    kit->now_ms += TOTP_STEP_MS;
    digits_now(kit, &w, digits);
    assert_int_equal(staff_sign_in(kit->r, "nobody", chosen, digits, token, &errs[0]), LK_DENIED);
    assert_int_equal(staff_sign_in(kit->r, "sam", "wrong", digits, token, &errs[1]), LK_DENIED);
    digits[0] = digits[0] == '9' ? '0' : digits[0] + 1;
    assert_int_equal(staff_sign_in(kit->r, "sam", chosen, digits, token, &errs[2]), LK_DENIED);
    assert_string_equal(errs[0].text, errs[1].text);
    assert_string_equal(errs[0].text, errs[2].text);
}

static void digits_that_were_used_do_not_work_again(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    char token[STAFF_TOKEN_CHARS + 1], digits[TOTP_DIGITS + 1];
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    kit->now_ms += TOTP_STEP_MS;
    digits_now(kit, &w, digits);
    assert_int_equal(staff_sign_in(kit->r, "sam", chosen, digits, token, NULL), LK_OK);
    assert_int_equal(staff_sign_in(kit->r, "sam", chosen, digits, token, NULL), LK_DENIED);
}

static void five_failures_pause_the_account_and_each_further_one_for_longer(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    char token[STAFF_TOKEN_CHARS + 1];
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sign_in(kit, "sam", "wrong wrong wrong", &w, token, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_BUSY);
    kit->now_ms += 60 * 1000;
    assert_int_equal(sign_in(kit, "sam", "wrong wrong wrong", &w, token, NULL), LK_DENIED);
    kit->now_ms += 60 * 1000;
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_BUSY);
    kit->now_ms += 60 * 1000;
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_OK);
    assert_int_equal(sign_in(kit, "sam", "wrong wrong wrong", &w, token, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_OK);
}

static void a_session_ends_when_idle_when_old_and_when_signed_out(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    char token[STAFF_TOKEN_CHARS + 1];
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    kit->now_ms += STAFF_IDLE_MS;
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_OK);
    kit->now_ms += STAFF_IDLE_MS + 1;
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_OK);
    for (int64_t until = kit->now_ms + STAFF_SESSION_MS; kit->now_ms < until;) {
        assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_OK);
        kit->now_ms += STAFF_IDLE_MS / 2;
    }
    kit->now_ms += 1;
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_OK);
    assert_int_equal(staff_sign_out(kit->r, &hand, token, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_DENIED);
}

static void an_ended_or_reset_account_loses_its_sessions(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w, again;
    struct staff_hand hand, console;
    char token[STAFF_TOKEN_CHARS + 1];
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    staff_console(kit->r, &console);
    assert_int_equal(staff_reset(kit->r, &console, "sam", &again, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", chosen, &w, token, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", again.password, &again, token, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_OK);
    assert_int_equal(staff_end(kit->r, &hand, "sam", NULL), LK_CONFLICT); /* not one's own */
    assert_int_equal(staff_end(kit->r, &console, "sam", NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_DENIED);
    assert_int_equal(sign_in(kit, "sam", again.password, &again, token, NULL), LK_DENIED);
    assert_int_equal(staff_add(kit->r, &console, "sam", STAFF_LEAD, false, &w, NULL), LK_CONFLICT);
}

static void auditors_and_police_never_hold_the_desks_key(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    char token[STAFF_TOKEN_CHARS + 1];
    begin(kit, STAFF_AUDITOR, &w, token, &hand);
    assert_false(hand.has_secret);
    assert_false(staff_may(STAFF_AUDITOR, STAFF_MAY_READ));
    assert_false(staff_may(STAFF_AUDITOR, STAFF_MAY_WRITE));
    assert_true(staff_may(STAFF_AUDITOR, STAFF_MAY_AUDIT));
    for (unsigned right = 0; right < STAFF_N_RIGHTS; right++)
        assert_int_equal(staff_may(STAFF_POLICE, (enum staff_right)right),
                         right == STAFF_MAY_SIGN_IN || right == STAFF_MAY_TAKE_PACKS);
    add(kit, "pat", STAFF_POLICE, &w);
    assert_int_equal(sign_in(kit, "pat", w.password, &w, token, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_OK);
    assert_false(hand.has_secret);
    assert_int_equal(staff_add(kit->r, &hand, "eve", STAFF_CASEWORKER, false, &w, NULL), LK_DENIED);
}

static void a_proxy_names_only_members_that_have_no_password_here(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand, console;
    add(kit, "sam", STAFF_ADMIN, &w);
    staff_console(kit->r, &console);
    assert_int_equal(
        staff_add(kit->r, &console, "kim@example.org", STAFF_CASEWORKER, true, &w, NULL), LK_OK);
    assert_string_equal(w.password, "");
    assert_int_equal(staff_by_proxy(kit->r, "kim@example.org", &hand, NULL), LK_OK);
    assert_true(hand.has_secret && !hand.must_choose);
    assert_memory_equal(hand.secret, console.secret, sizeof hand.secret);
    assert_int_equal(staff_by_proxy(kit->r, "sam", &hand, NULL), LK_DENIED);
    assert_int_equal(staff_by_proxy(kit->r, "nobody", &hand, NULL), LK_DENIED);
}

static void a_weak_password_is_refused(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    char token[STAFF_TOKEN_CHARS + 1];
    begin(kit, STAFF_LEAD, &w, token, &hand);
    assert_int_equal(staff_choose(kit->r, &hand, token, chosen, "elevenchars", NULL), LK_INVALID);
    assert_int_equal(staff_choose(kit->r, &hand, token, chosen, chosen, NULL), LK_INVALID);
    assert_int_equal(
        staff_choose(kit->r, &hand, token, "not the present", "another long one", NULL), LK_DENIED);
    assert_int_equal(staff_choose(kit->r, &hand, token, chosen, "another long one", NULL), LK_OK);
}

static void the_trail_cannot_be_changed(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    struct arena arena;
    struct desk_act_entry *acts;
    size_t n = 0;
    char token[STAFF_TOKEN_CHARS + 1];
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    assert_int_equal(desk_acts(kit->r, 0, 0, 50, &arena, &acts, &n, NULL), LK_OK);
    assert_int_equal(n, 3);
    assert_int_equal(acts[0].act, ACT_CHOSE_PASSWORD);
    assert_int_equal(acts[1].act, ACT_SIGNED_IN);
    assert_int_equal(acts[2].act, ACT_ADDED_STAFF);
    assert_string_equal(acts[0].staff, "sam");
    arena_fini(&arena);
    int64_t before = kit_sql(kit->store, "SELECT count(*) FROM desk_act");
    assert_int_equal(kit_try_sql(kit->store, "DELETE FROM desk_act"), 0);
    assert_int_equal(kit_try_sql(kit->store, "UPDATE desk_act SET act = 1"), 0);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM desk_act"), before);
}

/* ---- a key that is kept elsewhere ---- */

enum { KEY_SEED = 77 };

static void outside_key(uint8_t secret[STAFF_SECRET_BYTES], char hex[2 * SEAL_BOX_KEY_BYTES + 1])
{
    uint8_t public_key[SEAL_BOX_KEY_BYTES];
    memset(secret, KEY_SEED, STAFF_SECRET_BYTES);
    seal_box_public(secret, public_key);
    for (size_t i = 0; i < sizeof public_key; i++)
        snprintf(&hex[2 * i], 3, "%02x", public_key[i]);
}

/* The registry again, with that setting of the desk's key. */
static void reopen(struct kit *kit, const char *desk_key)
{
    struct registry_config config = kit_config(kit);
    registry_close(kit->r);
    config.desk_key = desk_key;
    assert_int_equal(registry_open(&config, &kit->r, NULL), LK_OK);
}

static enum lk_status hand_on(struct kit *kit, const char *name, const uint8_t *secret)
{
    struct staff_hand console;
    staff_console(kit->r, &console);
    return staff_hand_key(kit->r, &console, name, secret, NULL);
}

static void see(struct kit *kit, const char *password, const struct staff_welcome *w,
                struct staff_hand *hand, char *token)
{
    assert_int_equal(sign_in(kit, "sam", password, w, token, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, hand, NULL), LK_OK);
}

static void a_key_from_outside_is_a_members_own_from_the_next_sign_in_on(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    uint8_t secret[STAFF_SECRET_BYTES];
    char hex[2 * SEAL_BOX_KEY_BYTES + 1], token[STAFF_TOKEN_CHARS + 1];
    outside_key(secret, hex);
    reopen(kit, hex);
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    assert_false(hand.has_secret);
    assert_int_equal(hand_on(kit, "sam", secret), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_OK);
    assert_false(hand.has_secret); /* this session's token seals none */
    for (int i = 0; i < 2; i++) {
        see(kit, chosen, &w, &hand, token);
        assert_true(hand.has_secret);
        assert_memory_equal(hand.secret, secret, sizeof secret);
        assert_int_equal(kit_sql(kit->store, "SELECT count(handed) FROM staff"), 0);
    }
    assert_int_equal(staff_choose(kit->r, &hand, token, chosen, "another long one", NULL), LK_OK);
    see(kit, "another long one", &w, &hand, token);
    assert_memory_equal(hand.secret, secret, sizeof secret);
}

static void it_may_be_handed_on_before_the_first_sign_in(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w, other;
    struct staff_hand hand;
    uint8_t secret[STAFF_SECRET_BYTES];
    char hex[2 * SEAL_BOX_KEY_BYTES + 1], token[STAFF_TOKEN_CHARS + 1];
    outside_key(secret, hex);
    reopen(kit, hex);
    add(kit, "sam", STAFF_ADMIN, &w);
    assert_int_equal(hand_on(kit, "sam", secret), LK_OK);
    see(kit, w.password, &w, &hand, token);
    assert_memory_equal(hand.secret, secret, sizeof secret);
    assert_int_equal(staff_choose(kit->r, &hand, token, w.password, chosen, NULL), LK_OK);
    see(kit, chosen, &w, &hand, token);
    assert_memory_equal(hand.secret, secret, sizeof secret);
    assert_int_equal(staff_add(kit->r, &hand, "kim", STAFF_CASEWORKER, false, &other, NULL), LK_OK);
    assert_int_equal(sign_in(kit, "kim", other.password, &other, token, NULL), LK_OK);
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_OK);
    assert_memory_equal(hand.secret, secret, sizeof secret);
}

static void a_password_chosen_meanwhile_takes_what_was_handed_on_along(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    uint8_t secret[STAFF_SECRET_BYTES];
    char hex[2 * SEAL_BOX_KEY_BYTES + 1], token[STAFF_TOKEN_CHARS + 1];
    outside_key(secret, hex);
    reopen(kit, hex);
    begin(kit, STAFF_LEAD, &w, token, &hand);
    assert_int_equal(hand_on(kit, "sam", secret), LK_OK);
    assert_int_equal(staff_choose(kit->r, &hand, token, chosen, "another long one", NULL), LK_OK);
    see(kit, "another long one", &w, &hand, token);
    assert_memory_equal(hand.secret, secret, sizeof secret);
}

static void only_the_right_key_is_handed_on_and_only_to_who_reads(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand console;
    uint8_t secret[STAFF_SECRET_BYTES], wrong[STAFF_SECRET_BYTES] = {1};
    char hex[2 * SEAL_BOX_KEY_BYTES + 1];
    outside_key(secret, hex);
    reopen(kit, hex);
    add(kit, "sam", STAFF_CASEWORKER, &w);
    add(kit, "eve", STAFF_AUDITOR, &w);
    assert_int_equal(hand_on(kit, "sam", wrong), LK_INVALID);
    assert_int_equal(hand_on(kit, "eve", secret), LK_INVALID);
    assert_int_equal(hand_on(kit, "nobody", secret), LK_NOT_FOUND);
    kit_sql(kit->store, "UPDATE staff SET box_public = NULL"); /* an account from before */
    assert_int_equal(hand_on(kit, "sam", secret), LK_CONFLICT);
    staff_console(kit->r, &console);
    assert_int_equal(staff_end(kit->r, &console, "sam", NULL), LK_OK);
    assert_int_equal(hand_on(kit, "sam", secret), LK_CONFLICT);
}

static void an_account_from_before_can_be_handed_a_key_after_a_sign_in(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    uint8_t secret[STAFF_SECRET_BYTES];
    char hex[2 * SEAL_BOX_KEY_BYTES + 1], token[STAFF_TOKEN_CHARS + 1];
    outside_key(secret, hex);
    reopen(kit, hex);
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    kit_sql(kit->store, "UPDATE staff SET box_public = NULL");
    see(kit, chosen, &w, &hand, token);
    assert_int_equal(hand_on(kit, "sam", secret), LK_OK);
    see(kit, chosen, &w, &hand, token);
    assert_memory_equal(hand.secret, secret, sizeof secret);
}

static void the_store_remembers_that_the_key_is_kept_elsewhere(void **state)
{
    struct kit *kit = *state;
    struct staff_hand console;
    uint8_t secret[STAFF_SECRET_BYTES], own[REGISTRY_DESK_KEY_BYTES], key[REGISTRY_DESK_KEY_BYTES];
    char hex[2 * SEAL_BOX_KEY_BYTES + 1];
    outside_key(secret, hex);
    registry_desk_key(kit->r, own);
    reopen(kit, hex);
    reopen(kit, NULL);
    staff_console(kit->r, &console);
    assert_false(console.has_secret);
    registry_desk_key(kit->r, key);
    assert_memory_not_equal(key, own, sizeof own);
    reopen(kit, "master");
    reopen(kit, NULL);
    staff_console(kit->r, &console);
    assert_true(console.has_secret);
    registry_desk_key(kit->r, key);
    assert_memory_equal(key, own, sizeof own);
}

/* Whoever has the store, and even the token's hash, has neither the token nor the key. */
static void the_store_alone_opens_nothing(void **state)
{
    struct kit *kit = *state;
    struct staff_welcome w;
    struct staff_hand hand;
    char token[STAFF_TOKEN_CHARS + 1], sql[256];
    begin(kit, STAFF_CASEWORKER, &w, token, &hand);
    char hex[2 * sizeof hand.secret + 1];
    for (size_t i = 0; i < sizeof hand.secret; i++)
        snprintf(&hex[2 * i], 3, "%02X", hand.secret[i]);
    static const char *const columns[] = {"staff WHERE instr(hex(desk_secret)",
                                          "staff_session WHERE instr(hex(desk_secret)"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s, '%s') > 0", columns[i], hex);
        assert_int_equal(kit_sql(kit->store, sql), 0);
    }
    snprintf(sql, sizeof sql, "SELECT count(*) FROM staff_session WHERE instr(token_hash, '%s')",
             token);
    assert_int_equal(kit_sql(kit->store, sql), 0);
    kit_sql(kit->store, "UPDATE staff_session SET token_hash = zeroblob(32)");
    assert_int_equal(staff_session(kit->r, token, &hand, NULL), LK_DENIED);
}

int main(void)
{
#define STAFF(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_digits_are_those_of_rfc_6238),
        STAFF(a_member_signs_in_with_both_factors_and_has_the_desks_key),
        STAFF(wrong_names_passwords_and_digits_get_one_answer),
        STAFF(digits_that_were_used_do_not_work_again),
        STAFF(five_failures_pause_the_account_and_each_further_one_for_longer),
        STAFF(a_session_ends_when_idle_when_old_and_when_signed_out),
        STAFF(an_ended_or_reset_account_loses_its_sessions),
        STAFF(auditors_and_police_never_hold_the_desks_key),
        STAFF(a_proxy_names_only_members_that_have_no_password_here),
        STAFF(a_weak_password_is_refused),
        STAFF(the_trail_cannot_be_changed),
        STAFF(the_store_alone_opens_nothing),
        STAFF(a_key_from_outside_is_a_members_own_from_the_next_sign_in_on),
        STAFF(it_may_be_handed_on_before_the_first_sign_in),
        STAFF(a_password_chosen_meanwhile_takes_what_was_handed_on_along),
        STAFF(only_the_right_key_is_handed_on_and_only_to_who_reads),
        STAFF(an_account_from_before_can_be_handed_a_key_after_a_sign_in),
        STAFF(the_store_remembers_that_the_key_is_kept_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
