/* What a server can see of a print that was made elsewhere. The device has looked closer
 * (lk_image_refusal); this keeps out what no client of ours would send. */
#include "cases/registry_inside.h"

#include "base/err.h"
#include "base/utf8.h"

#include <likeness/image.h>

enum lk_status refusal_check_flat(const struct lk_sequence *sequence, struct lk_error *err)
{
    for (size_t i = 0; i < sequence->n_records; i++)
        if (sequence->records[i].kind == LK_WHOLE || sequence->records[i].kind == LK_FRAME)
            TRY(lk_print_refusal(&sequence->records[i].print, err));
    return LK_OK;
}

enum lk_status registry_refusal(const struct lk_sequence *sequence, struct lk_error *err)
{
    TRY(lk_sequence_check(sequence, err));
    if (sequence->n_records == 0)
        return FAIL(err, LK_INVALID, "there is no print in it");
    return refusal_check_flat(sequence, err);
}

/* U+0000..001F, U+007F and, in two bytes, U+0080..009F. The text is UTF-8. */
static bool is_control(const char *text, size_t n)
{
    unsigned char c = (unsigned char)text[0];
    if (c == 0xc2 && n > 1)
        return (unsigned char)text[1] < 0xa0;
    return (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
}

enum lk_status refusal_check_text(const char *text, size_t n, size_t max, const char *what,
                                  struct lk_error *err)
{
    if (n > max)
        return FAIL(err, LK_LIMIT, "%s is %zu bytes long, at most %zu are allowed", what, n, max);
    if (!utf8_valid(text, n))
        return FAIL(err, LK_INVALID, "%s is not valid UTF-8", what);
    for (size_t i = 0; i < n; i++)
        if (is_control(text + i, n - i))
            return FAIL(err, LK_INVALID, "%s holds a control character at byte %zu", what, i + 1);
    return LK_OK;
}

void registry_hash(const void *bytes, size_t n, uint8_t hash[32])
{
    const struct seal_part part = {bytes, n};
    seal_hash(NULL, &part, 1, hash, 32);
}
