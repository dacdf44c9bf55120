#include "exchange/foreign.h"

#include "base/civil.h"
#include "base/hex.h"

#include <string.h>

size_t foreign_print_bytes(unsigned type)
{
    static const uint8_t bytes[] = {
        [FOREIGN_PDQ] = LK_PRINT_BYTES, [FOREIGN_MD5] = 16, [FOREIGN_SHA1] = 20};
    return type < sizeof bytes ? bytes[type] : 0;
}

bool foreign_print_read(unsigned type, const char *hex, struct foreign_print *out)
{
    size_t n = foreign_print_bytes(type);
    *out = (struct foreign_print){.type = (uint8_t)type};
    return n > 0 && strlen(hex) == 2 * n && hex_decode(hex, out->bytes, n);
}

bool foreign_print_guess(const char *hex, struct foreign_print *out)
{
    size_t n = strlen(hex);
    for (unsigned type = FOREIGN_PDQ; type <= FOREIGN_SHA1; type++)
        if (n == 2 * foreign_print_bytes(type))
            return foreign_print_read(type, hex, out);
    return false;
}

const struct foreign_print *foreign_print_of(const struct foreign_record *r, unsigned type)
{
    for (size_t i = 0; i < r->n_prints; i++)
        if (r->prints[i].type == type)
            return &r->prints[i];
    return NULL;
}

bool foreign_text_fits(const char *text)
{
    return text != NULL && strnlen(text, FOREIGN_MAX_TEXT + 1) <= FOREIGN_MAX_TEXT;
}

/* Two digits, of at most `high`. */
static bool two_digits(const char *p, int high, int *out)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *out = (p[0] - '0') * 10 + (p[1] - '0');
    return *out <= high;
}

/* "Z", "+02:00" or "-0500"; *offset in seconds. */
static bool read_offset(const char *p, int *offset)
{
    int hours, minutes;
    *offset = 0;
    if (strcmp(p, "Z") == 0)
        return true;
    if ((p[0] != '+' && p[0] != '-') || !two_digits(p + 1, 14, &hours))
        return false;
    const char *rest = p[3] == ':' ? p + 4 : p + 3;
    if (!two_digits(rest, 59, &minutes) || rest[2] != '\0')
        return false;
    *offset = (p[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

bool foreign_time_read(const char *text, int64_t *seconds)
{
    enum { DATE = 10, TIME = 19 };
    char date[DATE + 1];
    struct civil_time t;
    int offset;
    if (strnlen(text, TIME + 1) <= TIME)
        return false;
    memcpy(date, text, DATE);
    date[DATE] = '\0';
    if (!civil_parse_date(date, &t.date) || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        !two_digits(text + 11, 23, &t.hour) || !two_digits(text + 14, 59, &t.minute) ||
        !two_digits(text + 17, 59, &t.second))
        return false;
    const char *p = text + TIME;
    if (*p == '.')
        for (p++; *p >= '0' && *p <= '9';)
            p++;
    if (!read_offset(p, &offset))
        return false;
    *seconds = civil_seconds(&t) - offset;
    return true;
}
