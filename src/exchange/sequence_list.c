/* A record takes at least the bytes of its print, whatever the version of the form: that bounds the
 * room for all of them. */
#include "exchange/sequence_list.h"

#include "base/err.h"

enum lk_status sequence_list_read(const uint8_t *bytes, size_t n, size_t max, struct arena *arena,
                                  struct lk_sequence **out, size_t *n_sequences,
                                  struct lk_error *err)
{
    size_t room = n / LK_PRINT_BYTES, count = 0;
    struct lk_record *records = arena_zalloc(arena, room, sizeof *records);
    struct lk_sequence *sequences = arena_zalloc(arena, max, sizeof *sequences);
    if (records == NULL || sequences == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu records within the limit of a request", room);
    for (size_t used = 0; n > 0; bytes += used, n -= used, count++) {
        struct lk_error why = {0};
        if (count == max)
            return FAIL(err, LK_LIMIT, "more than %zu sequences", max);
        enum lk_status status =
            lk_sequence_decode(bytes, n, records, room, &sequences[count], &used, &why);
        if (status != LK_OK)
            return FAIL(err, status, "sequence %zu: %s", count, why.text);
        records += sequences[count].n_records;
        room -= sequences[count].n_records;
    }
    *out = sequences;
    *n_sequences = count;
    return LK_OK;
}
