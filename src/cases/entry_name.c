/* An entry's name at a partner is its id, renamed under a key of that partner: we can read it back,
 * two partners cannot join theirs. */
#include "cases/entry_name.h"

#include "base/err.h"
#include "base/le.h"
#include "sys/block.h"

_Static_assert(STORE_ID_BYTES == BLOCK_BYTES, "an id is a block");

static void name_key(const struct registry *r, int64_t partner_row, uint8_t key[BLOCK_KEY_BYTES])
{
    uint8_t number[8];
    le_put64(number, (uint64_t)partner_row);
    const struct seal_part part = {number, sizeof number};
    keys_hash(r->keys, KEY_ENTRY_ID, &part, 1, key, BLOCK_KEY_BYTES);
}

enum lk_status entry_name(const struct registry *r, int64_t partner_row,
                          const uint8_t entry_id[STORE_ID_BYTES], uint8_t name[STORE_ID_BYTES],
                          struct lk_error *err)
{
    uint8_t key[BLOCK_KEY_BYTES];
    name_key(r, partner_row, key);
    enum lk_status status = block_rename(key, entry_id, name, err);
    seal_wipe(key, sizeof key);
    return status;
}

enum lk_status entry_of_name(const struct registry *r, int64_t partner_row,
                             const uint8_t name[STORE_ID_BYTES], uint8_t entry_id[STORE_ID_BYTES],
                             struct lk_error *err)
{
    uint8_t key[BLOCK_KEY_BYTES];
    name_key(r, partner_row, key);
    enum lk_status status = block_unname(key, name, entry_id, err);
    seal_wipe(key, sizeof key);
    TRY(status);
    return bank_has(r->bank, entry_id) ? LK_OK
                                       : FAIL(err, LK_NOT_FOUND, "no entry in force has this id");
}
