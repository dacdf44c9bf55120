/* Keyed prints (print.h): prints are keyed on their way in, and on their way to the search. Nothing
 * else of the bank knows of it, since distances stay what they were. */
#include "bank_inside.h"
#include "base/err.h"
#include "sys/seal.h"

#include <string.h>

enum lk_status bank_key_set(struct bank *bank, const uint8_t *seed, struct lk_error *err)
{
    if (seed == NULL)
        return LK_OK;
    TRY(seal_init(err));
    bank->print_key = seal_locked_new(sizeof *bank->print_key);
    if (bank->print_key == NULL)
        return FAIL(err, LK_NOMEM, "no locked memory for the print key of a bank");
    lk_print_key_init(bank->print_key, seed);
    return LK_OK;
}

void bank_key_forget(struct bank *bank)
{
    if (bank->print_key != NULL)
        seal_locked_free(bank->print_key);
}

struct lk_print bank_key_print(const struct bank *bank, const struct lk_print *print)
{
    return bank->print_key == NULL ? *print : lk_print_keyed(bank->print_key, print);
}

enum lk_status bank_key_entries(const struct bank *bank, const struct bank_entry *entries, size_t n,
                                struct bank_keyed *out, struct lk_error *err)
{
    *out = (struct bank_keyed){.entries = entries};
    if (bank->print_key == NULL || n == 0)
        return LK_OK;
    size_t n_records = 0;
    for (size_t i = 0; i < n; i++)
        n_records += entries[i].sequence.n_records;
    out->n_bytes = n * sizeof *entries + n_records * sizeof(struct lk_record);
    out->p = bank->alloc->alloc(bank->alloc->ctx, out->n_bytes);
    if (out->p == NULL)
        return FAIL(err, LK_NOMEM, "no memory to key the prints of %zu entries", n);
    struct bank_entry *keyed = out->p;
    struct lk_record *records = (void *)(keyed + n);
    memcpy(keyed, entries, n * sizeof *entries);
    for (size_t i = 0; i < n; i++) {
        const struct lk_sequence *from = &entries[i].sequence;
        for (size_t k = 0; k < from->n_records; k++) {
            records[k] = from->records[k];
            records[k].print = bank_key_print(bank, &from->records[k].print);
        }
        keyed[i].sequence.records = records;
        records += from->n_records;
    }
    out->entries = keyed;
    return LK_OK;
}

void bank_keyed_free(const struct bank *bank, struct bank_keyed *keyed)
{
    if (keyed->p != NULL)
        seal_wipe(keyed->p, keyed->n_bytes);
    bank->alloc->free(bank->alloc->ctx, keyed->p, keyed->n_bytes);
}
