/* Layout, numbers in big-endian:
 *
 *      0  1  version, 1          16  1  precision: 0 second, 1 day
 *      1  8  sequence            17  8  time of the event, s
 *      9  1  type                25  8  due, s; 0: none
 *     10  1  kind of clock       33 32  commitment
 *     11  1  outcome             65  1  p, bytes of the partner's name
 *     12  1  reason              66  p  partner
 *     13  1  tier              66+p  1  r, bytes of the law's id
 *     14  1  medium            67+p  r  law
 *     15  1  confidence, % */
#include "ledger/leaf.h"

#include "base/be.h"
#include "base/err.h"
#include "base/utf8.h"

#include <string.h>

enum { VERSION = 1, AT_PARTNER = 65 };

static size_t put_text(uint8_t *out, const char *text)
{
    size_t n = strlen(text);
    out[0] = (uint8_t)n;
    memcpy(out + 1, text, n);
    return n + 1;
}

size_t leaf_put(const struct leaf *leaf, uint8_t out[LEAF_MAX_BYTES])
{
    const uint8_t small[] = {leaf->type, leaf->clock_kind, leaf->outcome,    leaf->reason,
                             leaf->tier, leaf->medium,     leaf->confidence, leaf->day_only};
    out[0] = VERSION;
    be_put64(out + 1, leaf->sequence);
    memcpy(out + 9, small, sizeof small);
    be_put64(out + 17, (uint64_t)leaf->event_s);
    be_put64(out + 25, (uint64_t)leaf->due_s);
    memcpy(out + 33, leaf->commitment, sizeof leaf->commitment);
    size_t n = AT_PARTNER;
    n += put_text(out + n, leaf->partner);
    return n + put_text(out + n, leaf->regime);
}

static bool take_text(const uint8_t *bytes, size_t n, size_t *at, char *out, size_t max)
{
    if (*at >= n)
        return false;
    size_t length = bytes[(*at)++];
    if (length > max || length > n - *at || memchr(bytes + *at, 0, length) != NULL ||
        !utf8_valid((const char *)bytes + *at, length))
        return false;
    memcpy(out, bytes + *at, length);
    out[length] = '\0';
    *at += length;
    return true;
}

enum lk_status leaf_read(struct leaf *leaf, const uint8_t *bytes, size_t n, struct lk_error *err)
{
    if (n > 0 && bytes[0] != VERSION)
        return FAIL(err, LK_UNSUPPORTED, "a leaf of version %d: this program reads version %d",
                    bytes[0], VERSION);
    if (n < LEAF_MIN_BYTES || bytes[16] > 1)
        return FAIL(err, LK_INVALID, "not a leaf of the ledger: %zu bytes", n);
    *leaf = (struct leaf){
        .sequence = be_get64(bytes + 1),
        .type = bytes[9],
        .clock_kind = bytes[10],
        .outcome = bytes[11],
        .reason = bytes[12],
        .tier = bytes[13],
        .medium = bytes[14],
        .confidence = bytes[15],
        .day_only = bytes[16] == 1,
        .event_s = (int64_t)be_get64(bytes + 17),
        .due_s = (int64_t)be_get64(bytes + 25),
    };
    memcpy(leaf->commitment, bytes + 33, sizeof leaf->commitment);
    size_t at = AT_PARTNER;
    if (!take_text(bytes, n, &at, leaf->partner, LEAF_MAX_PARTNER_BYTES) ||
        !take_text(bytes, n, &at, leaf->regime, LEAF_MAX_REGIME_BYTES) || at != n)
        return FAIL(err, LK_INVALID, "a leaf of the ledger with damaged texts");
    return LK_OK;
}
