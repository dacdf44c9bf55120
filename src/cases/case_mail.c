#include "cases/case_mail.h"

#include "base/err.h"
#include "cases/case_keys.h"
#include "store/mail_rows.h"

#include <string.h>

#define LABEL_MAIL "case_mail.address"

/* What may stand in an envelope without being understood as anything else. */
static bool is_address(const char *text)
{
    const char *at = strchr(text, '@');
    size_t n = strlen(text);
    if (at == NULL || at == text || at[1] == '\0' || strchr(at + 1, '@') != NULL ||
        n >= CASE_MAIL_ADDRESS_BYTES)
        return false;
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~' || strchr("<>()[]\\,;:\"", *text) != NULL)
            return false;
    return true;
}

struct setting {
    const struct case_access *access;
    const char *address, *lang;
};

static struct seal_part case_id(const uint8_t *public_id)
{
    return (struct seal_part){public_id, STORE_ID_BYTES};
}

static enum lk_status put(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct setting *s = ctx;
    struct case_row row;
    uint8_t sealed[CASE_MAIL_ADDRESS_BYTES + SEAL_OVERHEAD_BYTES];
    size_t n = strlen(s->address);
    TRY(case_row_get(tx, s->access->case_id, &row, err));
    if (!row.has_keys || !s->access->has_key)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    seal_put(s->access->key, LABEL_MAIL, case_id(row.public_id), s->address, n, sealed);
    return mail_row_put(tx, row.row, sealed, n + SEAL_OVERHEAD_BYTES, s->lang, err);
}

enum lk_status case_mail_set(struct registry *r, const struct case_access *access,
                             const char *address, const char *lang, struct lk_error *err)
{
    struct setting s = {access, address, lang};
    if (!is_address(address))
        return FAIL(err, LK_INVALID, "this is no mail address");
    return store_write(r->store, put, &s, err);
}

static enum lk_status delete_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct case_access *access = ctx;
    return mail_row_delete(tx, access->case_id, err);
}

enum lk_status case_mail_stop(struct registry *r, const struct case_access *access,
                              struct lk_error *err)
{
    struct case_access copy = *access;
    enum lk_status status = store_write(r->store, delete_row, &copy, err);
    seal_wipe(&copy, sizeof copy);
    if (status == LK_OK)
        registry_scrub(r);
    return status;
}

struct reading {
    struct registry *r;
    int64_t case_row; /* of one case; 0: all that are due */
    struct case_mail *mails;
    size_t n;
};

static enum lk_status open_one(void *ctx, const struct mail_row *row, struct lk_error *err)
{
    struct reading *g = ctx;
    struct case_mail *mail = &g->mails[g->n];
    uint8_t key[SEAL_KEY_BYTES];
    *mail = (struct case_mail){.case_row = row->case_row};
    TRY(case_unwrap_by_master(g->r, row->public_id, row->key_by_master, sizeof row->key_by_master,
                              key, err));
    bool good = row->n_address < sizeof mail->address + SEAL_OVERHEAD_BYTES &&
                seal_take(key, LABEL_MAIL, case_id(row->public_id), row->address, row->n_address,
                          (uint8_t *)mail->address);
    seal_wipe(key, sizeof key);
    if (!good)
        return FAIL(err, LK_CORRUPT, "a mail address is damaged in the store");
    mail->address[row->n_address - SEAL_OVERHEAD_BYTES] = '\0';
    memcpy(mail->lang, row->lang, sizeof mail->lang);
    g->n++;
    return LK_OK;
}

static enum lk_status read_mails(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct reading *g = ctx;
    if (g->case_row != 0)
        return mail_row_of_case(tx, g->case_row, open_one, g, err);
    int64_t day_ms = clock_day_start_ms(clock_now_ms(&g->r->clock));
    return mail_rows_due(tx, day_ms, CASE_MAIL_MAX_DUE, open_one, g, err);
}

enum lk_status case_mail_get(struct registry *r, const struct case_access *access,
                             struct case_mail *out, struct lk_error *err)
{
    struct reading g = {.r = r, .case_row = access->case_id, .mails = out};
    *out = (struct case_mail){0};
    return store_read(r->store, read_mails, &g, err);
}

enum lk_status case_mail_due(struct registry *r, struct arena *arena, struct case_mail **out,
                             size_t *n, struct lk_error *err)
{
    struct reading g = {.r = r};
    g.mails = arena_zalloc(arena, CASE_MAIL_MAX_DUE, sizeof *g.mails);
    if (g.mails == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the mails that are due");
    TRY(store_read(r->store, read_mails, &g, err));
    *out = g.mails;
    *n = g.n;
    return LK_OK;
}

struct sending {
    int64_t case_row, day_ms;
};

static enum lk_status mark_sent(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct sending *s = ctx;
    return mail_row_sent(tx, s->case_row, s->day_ms, err);
}

enum lk_status case_mail_sent(struct registry *r, const struct case_mail *mail,
                              struct lk_error *err)
{
    struct sending s = {mail->case_row, clock_day_start_ms(clock_now_ms(&r->clock))};
    return store_write(r->store, mark_sent, &s, err);
}
