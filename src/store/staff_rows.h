/* store/staff_rows.h - who works at the desk, their sessions, and the trail of what they did. */
#ifndef STORE_STAFF_ROWS_H
#define STORE_STAFF_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"
#include "sys/totp.h"

#include <stdbool.h>

#define STAFF_NAME_BYTES        101
#define STAFF_SEALED_TOTP_BYTES (TOTP_SECRET_BYTES + SEAL_OVERHEAD_BYTES)
#define STAFF_SEALED_DESK_BYTES (SEAL_BOX_KEY_BYTES + SEAL_OVERHEAD_BYTES)

#define STAFF_HANDED_BYTES (SEAL_BOX_KEY_BYTES + SEAL_BOX_OVERHEAD_BYTES)

enum { STAFF_ROW_NEW = 1, STAFF_ROW_IN_FORCE = 2, STAFF_ROW_ENDED = 3 };

struct staff_row {
    int64_t row;
    uint8_t public_id[STORE_ID_BYTES];
    char name[STAFF_NAME_BYTES];
    unsigned role, state;
    bool has_password; /* salt, verifier and totp count only then */
    uint8_t salt[SEAL_SALT_BYTES];
    uint8_t verifier[SEAL_HASH_BYTES];
    uint8_t totp[STAFF_SEALED_TOTP_BYTES];
    int64_t totp_step;
    bool has_desk;
    uint8_t desk[STAFF_SEALED_DESK_BYTES];
    bool has_box; /* the member's own public key is known */
    uint8_t box[SEAL_BOX_KEY_BYTES];
    bool has_handed; /* the desk's key waits in a sealed box to it */
    uint8_t handed[STAFF_HANDED_BYTES];
    unsigned n_failed;
    int64_t locked_until_ms, added_ms, ended_ms;
};

/* Inserts; staff->row receives its number. Errors: LK_CONFLICT (the name exists). */
enum lk_status staff_row_add(struct store_tx *tx, struct staff_row *staff,
                             struct lk_error *err) LK_MUST_CHECK;

/* Writes all but row, public_id, name and added_ms. */
enum lk_status staff_row_change(struct store_tx *tx, const struct staff_row *staff,
                                struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND. */
enum lk_status staff_row_named(struct store_tx *tx, const char *name, struct staff_row *out,
                               struct lk_error *err) LK_MUST_CHECK;
enum lk_status staff_row_get(struct store_tx *tx, int64_t row, struct staff_row *out,
                             struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status staff_row_show(void *ctx, const struct staff_row *staff,
                                      struct lk_error *err);
enum lk_status staff_rows(struct store_tx *tx, staff_row_show *show, void *ctx,
                          struct lk_error *err) LK_MUST_CHECK;

struct session_row {
    uint8_t token_hash[SEAL_HASH_BYTES];
    int64_t staff;
    bool has_desk;
    uint8_t desk[STAFF_SEALED_DESK_BYTES];
    int64_t started_ms, seen_ms;
};
enum lk_status session_row_add(struct store_tx *tx, const struct session_row *session,
                               struct lk_error *err) LK_MUST_CHECK;
/* Errors: LK_NOT_FOUND. */
enum lk_status session_row_get(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                               struct session_row *out, struct lk_error *err) LK_MUST_CHECK;
enum lk_status session_row_seen(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                int64_t now_ms, struct lk_error *err) LK_MUST_CHECK;
enum lk_status session_row_delete(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                  struct lk_error *err) LK_MUST_CHECK;
/* All of one member of staff, but for one (NULL: all). */
enum lk_status session_rows_end(struct store_tx *tx, int64_t staff, const uint8_t *but,
                                struct lk_error *err) LK_MUST_CHECK;
/* Those that began before started_ms or were last seen before seen_ms. */
enum lk_status session_rows_expire(struct store_tx *tx, int64_t started_ms, int64_t seen_ms,
                                   struct lk_error *err) LK_MUST_CHECK;

struct act_row {
    int64_t row, staff, case_row, subject, at_ms; /* staff, case_row 0: none */
    unsigned act;
    const char *staff_name; /* read only; NULL: none */
    size_t n_staff_name;
    uint8_t case_id[STORE_ID_BYTES]; /* read only; zeros: none */
};
enum lk_status act_row_add(struct store_tx *tx, const struct act_row *act,
                           struct lk_error *err) LK_MUST_CHECK;
typedef enum lk_status act_row_show(void *ctx, const struct act_row *act, struct lk_error *err);
/* The newest first, below row `before` (0: from the end); staff or case 0: anybody's, any. */
enum lk_status act_rows(struct store_tx *tx, int64_t staff, int64_t case_row, int64_t before,
                        size_t limit, act_row_show *show, void *ctx,
                        struct lk_error *err) LK_MUST_CHECK;
/* How often one member of staff did something, by day, since a time. */
struct act_day {
    int64_t day_ms;
    size_t n;
};
typedef enum lk_status act_day_show(void *ctx, const struct act_day *day, struct lk_error *err);
enum lk_status act_days(struct store_tx *tx, int64_t staff, unsigned act, int64_t since_ms,
                        act_day_show *show, void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Views of the queue that a member kept. */
typedef enum lk_status filter_row_show(void *ctx, const char *name, size_t n_name,
                                       const char *query, size_t n_query, struct lk_error *err);
enum lk_status filter_rows(struct store_tx *tx, int64_t staff, filter_row_show *show, void *ctx,
                           struct lk_error *err) LK_MUST_CHECK;
/* How many there are beside the one named so. */
enum lk_status filter_rows_count(struct store_tx *tx, int64_t staff, const char *but, size_t *n,
                                 struct lk_error *err) LK_MUST_CHECK;
enum lk_status filter_row_put(struct store_tx *tx, int64_t staff, const char *name,
                              const char *query, struct lk_error *err) LK_MUST_CHECK;
enum lk_status filter_row_delete(struct store_tx *tx, int64_t staff, const char *name,
                                 struct lk_error *err) LK_MUST_CHECK;

#endif
