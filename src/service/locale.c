/* Lookup in the compiled catalogues, and the part of RFC 9110 12.5.4 that pages need: a list of
 * language ranges, each with an optional weight ";q=0.8". */
#include "service/locale.h"

#include "base/err.h"
#include "service/catalogues.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

const struct locale *locale_all(size_t *n)
{
    *n = n_catalogues;
    return catalogues;
}

static const struct locale *find_n(const char *code, size_t n)
{
    for (size_t i = 0; i < n_catalogues; i++) {
        if (strlen(catalogues[i].code) == n && strncasecmp(catalogues[i].code, code, n) == 0)
            return &catalogues[i];
    }
    return NULL;
}

const struct locale *locale_find(const char *code)
{
    return code == NULL ? NULL : find_n(code, strlen(code));
}

/* The weight behind a range, in thousandths: 1000 without one, 0 when it makes no sense. */
static unsigned weight(const char *p, const char *end)
{
    while (p < end && *p != 'q' && *p != 'Q')
        p++;
    if (p == end)
        return 1000;
    p++;
    while (p < end && (*p == ' ' || *p == '='))
        p++;
    if (p == end || (*p != '0' && *p != '1'))
        return 0;
    unsigned value = (unsigned)(*p++ - '0') * 1000;
    if (p < end && *p == '.') {
        unsigned unit = 100;
        for (p++; p < end && *p >= '0' && *p <= '9' && unit > 0; p++, unit /= 10)
            value += (unsigned)(*p - '0') * unit;
    }
    return value > 1000 ? 1000 : value;
}

const struct locale *locale_accept(const char *header, const char *codes)
{
    const struct locale *best = &catalogues[0];
    unsigned best_weight = 0;
    while (header != NULL && *header != '\0') {
        size_t n = strcspn(header, ",");
        const char *end = header + n;
        const char *p = header;
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        size_t tag = 0;
        while (p + tag < end && p[tag] != '-' && p[tag] != ';' && p[tag] != ' ')
            tag++;
        const struct locale *found = find_n(p, tag);
        unsigned w = weight(p + tag, end);
        if (found != NULL && w > best_weight && locale_is_offered(found, codes)) {
            best = found;
            best_weight = w;
        }
        header = *end == ',' ? end + 1 : end;
    }
    return best;
}

#define APART ", "

bool locale_is_offered(const struct locale *locale, const char *codes)
{
    if (codes == NULL || locale == &catalogues[0])
        return true;
    for (codes += strspn(codes, APART); *codes != '\0'; codes += strspn(codes, APART)) {
        size_t n = strcspn(codes, APART);
        if (find_n(codes, n) == locale)
            return true;
        codes += n;
    }
    return false;
}

enum lk_status locale_check_list(const char *codes, struct lk_error *err)
{
    if (codes == NULL)
        return LK_OK;
    for (codes += strspn(codes, APART); *codes != '\0'; codes += strspn(codes, APART)) {
        size_t n = strcspn(codes, APART);
        if (find_n(codes, n) == NULL)
            return FAIL(err, LK_INVALID, "languages: this build has no '%.*s'", (int)n, codes);
        codes += n;
    }
    return LK_OK;
}

const char *locale_text(const struct locale *locale, const char *id)
{
    size_t low = 0, high = locale->n_messages;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(id, locale->messages[mid].id);
        if (order == 0)
            return locale->messages[mid].text;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return id;
}
