/* The keys to a list, and the way to it. */
#include "exchange/source.h"

#include "base/err.h"
#include "sys/fetch.h"
#include "sys/file.h"
#include "sys/seal.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_SECRETS = 8192, PAGE_DEADLINE_MS = 120000 };

static const char agent[] = "Likeness (hash list client)";

struct secret_name {
    const char *name;
    size_t offset, room;
    uint8_t kind; /* which needs it */
};

#define SECRET(text, member, kind)                                                                 \
    {                                                                                              \
        text, offsetof(struct source_secrets, member), sizeof((struct source_secrets *)0)->member, \
            kind                                                                                   \
    }

static const struct secret_name names[] = {
    SECRET("function-key", function_key, SOURCE_STOPNCII),
    SECRET("subscription-key", subscription_key, SOURCE_STOPNCII),
    SECRET("user", user, SOURCE_NCMEC),
    SECRET("password", password, SOURCE_NCMEC),
    SECRET("token", token, SOURCE_THREATEXCHANGE),
};
enum { N_NAMES = sizeof names / sizeof names[0] };

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r", text[n - 1]) != NULL)
        n--;
    text[n] = '\0';
    return text;
}

/* A value goes into a header: no control characters. */
static bool is_clean(const char *value)
{
    for (; *value != '\0'; value++)
        if ((unsigned char)*value < ' ' || *value == 127)
            return false;
    return true;
}

static enum lk_status read_line(char *line, struct source_secrets *out, struct lk_error *err)
{
    char *equals = strchr(line, '=');
    if (trim(line)[0] == '\0' || line[0] == '#')
        return LK_OK;
    if (equals == NULL)
        return FAIL(err, LK_INVALID, "a line of the credentials is not NAME = VALUE");
    *equals = '\0';
    const char *name = trim(line), *value = trim(equals + 1);
    for (size_t i = 0; i < N_NAMES; i++) {
        if (strcmp(name, names[i].name) != 0)
            continue;
        if (strlen(value) >= names[i].room || !is_clean(value))
            return FAIL(err, LK_INVALID,
                        "the value of '%s' in the credentials is too long or no "
                        "plain text",
                        names[i].name);
        strcpy((char *)out + names[i].offset, value);
        return LK_OK;
    }
    return FAIL(err, LK_INVALID,
                "the credentials name '%.32s'; known are function-key, subscription-key, user, "
                "password and token",
                name);
}

static enum lk_status read_lines(char *text, unsigned kind, struct source_secrets *out,
                                 struct lk_error *err)
{
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
        TRY(read_line(line, out, err));
    for (size_t i = 0; i < N_NAMES; i++)
        if (names[i].kind == kind && ((const char *)out)[names[i].offset] == '\0')
            return FAIL(err, LK_INVALID, "the credentials lack '%s'", names[i].name);
    return LK_OK;
}

static enum lk_status load_file(const char *path, char text[MAX_SECRETS], struct lk_error *err)
{
    int fd;
    size_t n = 0;
    struct stat st;
    TRY(file_open(path, O_RDONLY, 0, &fd, err));
    enum lk_status status = LK_OK;
    if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0)
        status = FAIL(err, LK_DENIED, "'%s' may be read by others: chmod 600 it", path);
    if (status == LK_OK)
        status = file_read(fd, text, MAX_SECRETS - 1, &n, err);
    close(fd);
    text[n] = '\0';
    return status;
}

static enum lk_status load_variable(const char *name, char text[MAX_SECRETS], struct lk_error *err)
{
    char variable[32 + SOURCE_MAX_NAME] = "LIKENESS_CREDENTIALS_";
    size_t n = strlen(variable);
    for (const char *p = name; *p != '\0' && n < sizeof variable - 1; p++)
        variable[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p == '-' ? '_' : *p);
    const char *value = getenv(variable);
    if (value == NULL)
        return FAIL(err, LK_NOT_FOUND,
                    "no credentials: give a file (--credentials) or set %s to its lines", variable);
    if (strlen(value) >= MAX_SECRETS)
        return FAIL(err, LK_LIMIT, "%s has more than %d bytes", variable, MAX_SECRETS - 1);
    strcpy(text, value);
    return LK_OK;
}

enum lk_status source_read_secrets(const char *name, const struct source_settings *settings,
                                   struct source_secrets *out, struct lk_error *err)
{
    char text[MAX_SECRETS];
    *out = (struct source_secrets){0};
    enum lk_status status = settings->credentials[0] != '\0'
                                ? load_file(settings->credentials, text, err)
                                : load_variable(name, text, err);
    if (status == LK_OK)
        status = read_lines(text, settings->kind, out, err);
    seal_wipe(text, sizeof text);
    return status;
}

/* The port that the address itself names; 0: none. */
static uint16_t port_of(const char *url)
{
    const char *host = strstr(url, "://");
    host = host == NULL ? url : host + 3;
    const char *end = host + strcspn(host, "/"), *colon = end;
    while (colon > host && colon[-1] >= '0' && colon[-1] <= '9')
        colon--;
    long port = colon > host && colon[-1] == ':' ? strtol(colon, NULL, 10) : 0;
    return port > 0 && port <= UINT16_MAX ? (uint16_t)port : 0;
}

static enum lk_status judge(const struct fetch_result *result, struct lk_error *err)
{
    switch (result->end) {
    case FETCH_DONE:
        return LK_OK;
    case FETCH_CUT:
        return FAIL(err, LK_LIMIT, "a page of more than %u bytes", SOURCE_MAX_BODY);
    case FETCH_REFUSED:
        return FAIL(err, LK_DENIED,
                    "its address is none of the public internet; --allow opens one inside");
    case FETCH_NO_TLS:
        return FAIL(err, LK_DENIED, "its certificate cannot be trusted");
    default:
        return FAIL(err, LK_BUSY, "no whole answer from the server (%s)",
                    fetch_end_name(result->end));
    }
}

enum lk_status source_fetch(void *ctx, const struct source_request *request, struct buf *body,
                            unsigned *http, struct lk_error *err)
{
    const struct source_settings *settings = ctx;
    const uint16_t port = port_of(settings->url);
    const char *const allow[] = {settings->allow};
    const struct fetch_config config = {.user_agent = agent,
                                        .ports = &port,
                                        .n_ports = port != 0,
                                        .allow = allow,
                                        .n_allow = settings->allow[0] != '\0'};
    const struct fetch_request what = {.url = request->url,
                                       .headers = request->headers,
                                       .n_headers = request->n_headers,
                                       .only_https = true,
                                       .deadline_ms = PAGE_DEADLINE_MS,
                                       .max_bytes = SOURCE_MAX_BODY,
                                       .body = body};
    struct fetch_result result;
    TRY(fetch(&config, &what, &result, err));
    *http = result.status;
    return judge(&result, err);
}
