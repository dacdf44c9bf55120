/* A PDQ print of a picture with content has 128 one bits, give or take ties around the median. Flat
 * ones have ties everywhere: the synthetic ones of the reference give 0, 60, 72 and 80. Their
 * prints would match every other flat picture in the world. */
#include "cases/registry_inside.h"

#include "base/err.h"
#include "base/utf8.h"

enum { LEAST_ONES = 96, MOST_ONES = 160 };

static enum lk_status check_whole(const struct lk_record *r, struct lk_error *err)
{
    unsigned ones = lk_print_popcount(&r->print);
    if (r->quality == 0)
        return FAIL(err, LK_INVALID,
                    "the picture is flat or too small to be recognised (quality 0)");
    if (ones < LEAST_ONES || ones > MOST_ONES)
        return FAIL(err, LK_INVALID,
                    "the picture has almost no structure: its print has %u one bits, %d to %d are "
                    "usual",
                    ones, LEAST_ONES, MOST_ONES);
    return LK_OK;
}

enum lk_status refusal_check_flat(const struct lk_sequence *sequence, struct lk_error *err)
{
    for (size_t i = 0; i < sequence->n_records; i++)
        if (sequence->records[i].kind == LK_WHOLE)
            TRY(check_whole(&sequence->records[i], err));
    return LK_OK;
}

enum lk_status registry_refusal(const struct lk_sequence *sequence, struct lk_error *err)
{
    TRY(lk_sequence_check(sequence, err));
    if (sequence->n_records == 0)
        return FAIL(err, LK_INVALID, "there is no print in it");
    return refusal_check_flat(sequence, err);
}

enum lk_status refusal_check_text(const char *text, size_t n, size_t max, const char *what,
                                  struct lk_error *err)
{
    if (n > max)
        return FAIL(err, LK_LIMIT, "%s is %zu bytes long, at most %zu are allowed", what, n, max);
    if (!utf8_valid(text, n))
        return FAIL(err, LK_INVALID, "%s is not valid UTF-8", what);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f)
            return FAIL(err, LK_INVALID, "%s holds a control character at byte %zu", what, i + 1);
    }
    return LK_OK;
}

void registry_hash(const void *bytes, size_t n, uint8_t hash[32])
{
    const struct seal_part part = {bytes, n};
    seal_hash(NULL, &part, 1, hash, 32);
}
