/* The bank that is kept beside the store, so that a start need not play the whole change log:
 *
 *   bank's cursor        number of a change: everything up to it is in the bank
 *   store's meta "bank"  id of the bank that was filled from this store
 *
 * The store is the truth. A bank that is not of this store, is ahead of it (the store was restored
 * from a copy), is damaged, or does not open with this master key is made anew from the store. One
 * that another process has open is left to it, and this process keeps its own in memory. */
#include "cases/registry_inside.h"

#include "base/err.h"
#include "store/change_rows.h"
#include "store/meta_rows.h"

#include <string.h>

struct belonging {
    uint8_t bank_id[BANK_ID_BYTES]; /* of the bank that the store knows */
    bool is_known;
    uint64_t last; /* change of the store */
};

static enum lk_status read_belonging(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct belonging *b = ctx;
    TRY(meta_get(tx, "bank", b->bank_id, sizeof b->bank_id, &b->is_known, err));
    return change_last(tx, &b->last, err);
}

static enum lk_status write_bank_id(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return meta_put(tx, "bank", ctx, BANK_ID_BYTES, err);
}

/* NULL: it belongs to this store. */
static const char *why_not(struct bank *bank, const struct belonging *b)
{
    uint8_t id[BANK_ID_BYTES];
    bank_id(bank, id);
    if (!b->is_known || memcmp(id, b->bank_id, sizeof id) != 0)
        return "it is of another store";
    if (bank_cursor(bank) > b->last)
        return "it is ahead of the store";
    return bank_stats(bank).n_damaged > 0 ? "it is damaged" : NULL;
}

static void note(struct registry *r, enum registry_bank state, const char *why)
{
    r->bank_state = state;
    size_t n = strnlen(why, sizeof r->bank_why - 1);
    memcpy(r->bank_why, why, n);
    r->bank_why[n] = '\0';
}

static enum lk_status in_memory(struct registry *r, const char *why, struct lk_error *err)
{
    note(r, REGISTRY_BANK_IN_MEMORY, why);
    return bank_new(lk_alloc_heap(), &r->bank, err);
}

static enum lk_status make_anew(struct registry *r, const char *path,
                                const struct bank_config *config, const char *why,
                                struct lk_error *err)
{
    uint8_t id[BANK_ID_BYTES];
    note(r, REGISTRY_BANK_REBUILT, why);
    TRY(bank_destroy(path, err));
    TRY(bank_create_keyed(path, config->key, config->print_seed, err));
    TRY(bank_open(path, config, &r->bank, err));
    bank_id(r->bank, id);
    return store_write(r->store, write_bank_id, id, err);
}

enum lk_status registry_open_bank(struct registry *r, const char *path, struct lk_error *err)
{
    if (path == NULL)
        return in_memory(r, "none is to be kept", err);
    const struct bank_config config = {.mode = BANK_WRITE,
                                       .key = keys_get(r->keys, KEY_BANK),
                                       .print_seed = keys_get(r->keys, KEY_PRINTS)};
    struct belonging b = {.is_known = false};
    TRY(store_read(r->store, read_belonging, &b, err));
    struct lk_error why = {.text = ""};
    enum lk_status status = bank_open(path, &config, &r->bank, &why);
    if (status == LK_BUSY)
        return in_memory(r, why.text, err);
    if (status == LK_IO || status == LK_NOMEM)
        return FAIL(err, status, "%s", why.text);
    const char *text = status == LK_OK          ? why_not(r->bank, &b)
                       : status == LK_NOT_FOUND ? "there was none"
                                                : why.text;
    if (text == NULL) {
        note(r, REGISTRY_BANK_KEPT, "");
        atomic_store(&r->last_change, bank_cursor(r->bank));
        return LK_OK;
    }
    bank_close(r->bank);
    r->bank = NULL;
    return make_anew(r, path, &config, text, err);
}
