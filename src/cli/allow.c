#include "allow.h"

#include "base/err.h"
#include "sys/address.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ALLOWED = 16 };

/* "127.0.0.1:8080", "[::1]:8080": a name would be looked up, by whoever answers. */
static bool is_number_and_port(struct cli_call *call, const char *text)
{
    enum address_kind kind;
    char *end = NULL;
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text)
        return false;
    const char *host = arena_copy(&call->arena, text, (size_t)(colon - text));
    unsigned long port = strtoul(colon + 1, &end, 10);
    return host != NULL && address_parse(host, &kind) && end != colon + 1 && *end == '\0' &&
           port >= 1 && port <= 65535;
}

enum lk_status allow_read(struct cli_call *call, const char *text, struct fetch_config *out,
                          struct lk_error *err)
{
    if (text == NULL)
        return LK_OK;
    const char **list = arena_zalloc(&call->arena, MAX_ALLOWED, sizeof *list);
    if (list == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the settings");
    for (text += strspn(text, ", "); *text != '\0'; text += strspn(text, ", ")) {
        size_t n = strcspn(text, ", ");
        const char *one = arena_copy(&call->arena, text, n);
        if (one == NULL || out->n_allow == MAX_ALLOWED || !is_number_and_port(call, one))
            return FAIL(err, LK_INVALID,
                        "webhook-allow takes at most %d of NUMBER:PORT, as in 127.0.0.1:8080, "
                        "not '%.80s'",
                        MAX_ALLOWED, text);
        list[out->n_allow++] = one;
        text += n;
    }
    out->allow = list;
    return LK_OK;
}
