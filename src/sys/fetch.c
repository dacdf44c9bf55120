#include "sys/fetch.h"

#include "base/err.h"
#include "sys/address.h"
#include "sys/clock.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { CONNECT_MS = 15000 };

struct fetching {
    const struct fetch_config *config;
    const struct fetch_request *request;
    struct fetch_result *result;
    CURL *curl;
    struct curl_slist *headers;
    int64_t end_ns;
    size_t n_head_bytes;
    bool is_refused, is_cut;
    char host[256]; /* of the first URL, and its path with the query */
    char path[FETCH_MAX_URL_BYTES + 1];
};

const char *fetch_end_name(enum fetch_end end)
{
    static const char *const names[] = {"done",   "refused",   "cut",     "timeout", "no_name",
                                        "no_tls", "redirects", "stopped", "failed"};
    return (size_t)end < sizeof names / sizeof names[0] ? names[end] : "failed";
}

static bool is_allowed_by_name(const struct fetch_config *config, const char *address)
{
    for (size_t i = 0; i < config->n_allow; i++)
        if (strcmp(config->allow[i], address) == 0)
            return true;
    return false;
}

static bool is_port_allowed(const struct fetch_config *config, unsigned port)
{
    for (size_t i = 0; i < config->n_ports; i++)
        if (config->ports[i] == port)
            return true;
    return port == 80 || port == 443 || config->is_chosen;
}

static bool may_connect(const struct fetch_config *config, const struct sockaddr *to)
{
    char text[INET6_ADDRSTRLEN + 16], number[INET6_ADDRSTRLEN];
    enum address_kind kind = ADDRESS_RESERVED;
    unsigned port = 0;
    if (to->sa_family == AF_UNIX)
        return config->socket != NULL;
    if (to->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, to, sizeof v4);
        port = ntohs(v4.sin_port);
        kind = address_kind_v4((const uint8_t *)&v4.sin_addr);
        inet_ntop(AF_INET, &v4.sin_addr, number, sizeof number);
        snprintf(text, sizeof text, "%s:%u", number, port);
    } else if (to->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, to, sizeof v6);
        port = ntohs(v6.sin6_port);
        kind = address_kind_v6((const uint8_t *)&v6.sin6_addr);
        inet_ntop(AF_INET6, &v6.sin6_addr, number, sizeof number);
        snprintf(text, sizeof text, "[%s]:%u", number, port);
    } else {
        return false;
    }
    return is_allowed_by_name(config, text) ||
           ((kind == ADDRESS_PUBLIC || config->is_chosen) && is_port_allowed(config, port));
}

/* The one place where a connection begins. Behind a proxy only the proxy itself is connected to. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct fetching *f = ctx;
    if (purpose != CURLSOCKTYPE_IPCXN ||
        (f->config->proxy == NULL && !may_connect(f->config, &to->addr))) {
        f->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take_head(char *bytes, size_t size, size_t count, void *ctx)
{
    struct fetching *f = ctx;
    (void)bytes;
    f->n_head_bytes += size * count;
    return f->n_head_bytes > FETCH_MAX_HEAD_BYTES ? 0 : size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct fetching *f = ctx;
    size_t n = size * count;
    uint64_t room = f->request->max_bytes - f->result->n_bytes;
    long status = 0;
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    size_t taken = n < room ? n : (size_t)room;
    f->result->n_bytes += taken;
    if (f->request->body != NULL && status / 100 != 3)
        buf_put(f->request->body, bytes, taken);
    f->is_cut = taken < n || (f->request->body != NULL && f->request->body->status != LK_OK);
    return f->is_cut ? CURL_WRITEFUNC_ERROR : n;
}

static int look_at_stop(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct fetching *f = ctx;
    (void)a, (void)b, (void)c, (void)d;
    return f->config->stop != NULL && atomic_load(f->config->stop);
}

/* A part of a URL, "" if it has none; false: it does not fit. */
static bool get_part(CURLU *url, CURLUPart part, unsigned flags, char *text, size_t room)
{
    char *found = NULL;
    text[0] = '\0';
    if (curl_url_get(url, part, &found, flags) != CURLUE_OK)
        return true;
    bool fits = strlen(found) < room;
    if (fits)
        memcpy(text, found, strlen(found) + 1);
    curl_free(found);
    return fits;
}

static bool get_path(CURLU *url, char *path, size_t room)
{
    if (!get_part(url, CURLUPART_PATH, 0, path, room))
        return false;
    size_t n = strlen(path);
    if (n + 1 >= room || !get_part(url, CURLUPART_QUERY, 0, path + n + 1, room - n - 1))
        return false;
    if (path[n + 1] != '\0')
        path[n] = '?';
    return true;
}

static bool is_named_local(const char *host)
{
    static const char name[] = "localhost";
    size_t n = strlen(host);
    while (n > 0 && host[n - 1] == '.')
        n--;
    const size_t len = sizeof name - 1;
    return n >= len && strncasecmp(host + n - len, name, len) == 0 &&
           (n == len || host[n - len - 1] == '.');
}

/* Host and port, where nobody here will see the address behind the name. */
static bool may_ask_elsewhere(const struct fetch_config *config, const char *host, const char *port)
{
    enum address_kind kind = ADDRESS_PUBLIC;
    unsigned number = 0;
    return sscanf(port, "%5u", &number) == 1 && is_port_allowed(config, number) &&
           !is_named_local(host) && (!address_parse(host, &kind) || kind == ADDRESS_PUBLIC);
}

/* What the URL alone tells. Names are judged again as addresses when the socket is opened. */
static bool may_ask(const struct fetch_config *config, CURLU *url, bool only_https)
{
    char scheme[16], host[256], port[16], address[300];
    if (!get_part(url, CURLUPART_SCHEME, 0, scheme, sizeof scheme) ||
        !get_part(url, CURLUPART_HOST, 0, host, sizeof host) ||
        !get_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port))
        return false;
    bool is_https = strcmp(scheme, "https") == 0;
    if (strcmp(scheme, "http") != 0 && !is_https)
        return false;
    snprintf(address, sizeof address, "%s:%s", host, port);
    if (is_allowed_by_name(config, address))
        return true;
    if (only_https && !is_https)
        return false;
    if (config->proxy == NULL)
        return host[0] != '\0'; /* the socket decides */
    return may_ask_elsewhere(config, host, port);
}

/* Reads `text` into url without credentials and fragment, and notes what is asked now. */
static bool set_url(struct fetching *f, CURLU *url, const char *text, bool first)
{
    char host[sizeof f->host], path[sizeof f->path];
    struct fetch_result *r = f->result;
    if (strlen(text) > FETCH_MAX_URL_BYTES || curl_url_set(url, CURLUPART_URL, text, 0) != 0 ||
        curl_url_set(url, CURLUPART_USER, NULL, 0) != 0 ||
        curl_url_set(url, CURLUPART_PASSWORD, NULL, 0) != 0 ||
        curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) != 0 ||
        !get_part(url, CURLUPART_URL, 0, r->url, sizeof r->url) ||
        !get_part(url, CURLUPART_HOST, 0, host, sizeof host) || !get_path(url, path, sizeof path))
        return false;
    if (first) {
        memcpy(f->host, host, sizeof host);
        memcpy(f->path, path, sizeof path);
    }
    r->host_changed = strcasecmp(host, f->host) != 0;
    r->path_changed = strcmp(path, f->path) != 0;
    return may_ask(f->config, url, f->request->only_https);
}

/* Without "Expect", for which some servers let wait. */
static bool add_headers(struct fetching *f, const char *const *headers, size_t n)
{
    f->headers = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < n && f->headers != NULL; i++) {
        struct curl_slist *more = curl_slist_append(f->headers, headers[i]);
        if (more == NULL)
            return false;
        f->headers = more;
    }
    return f->headers != NULL;
}

static CURLcode set_sent(struct fetching *f)
{
    const struct fetch_request *request = f->request;
    const struct fetch_post *post = request->post;
    CURL *h = f->curl;
    CURLcode code = CURLE_OK;
    if (post == NULL && request->n_headers == 0)
        return CURLE_OK;
    if (!add_headers(f, post != NULL ? post->headers : request->headers,
                     post != NULL ? post->n_headers : request->n_headers))
        return CURLE_OUT_OF_MEMORY;
    if (post != NULL)
        code = curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->n);
    if (post != NULL && code == CURLE_OK)
        code = curl_easy_setopt(h, CURLOPT_POSTFIELDS, post->bytes);
    return code == CURLE_OK ? curl_easy_setopt(h, CURLOPT_HTTPHEADER, f->headers) : code;
}

static CURLcode set_options(struct fetching *f, CURLU *url)
{
    const struct fetch_config *c = f->config;
    CURL *h = f->curl;
    const char *agent = c->user_agent == NULL ? FETCH_USER_AGENT : c->user_agent;
    CURLcode code = curl_easy_setopt(h, CURLOPT_CURLU, url);
#define SET(option, value) code = code == CURLE_OK ? curl_easy_setopt(h, option, value) : code
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_PROXY, c->proxy == NULL ? "" : c->proxy);
    SET(CURLOPT_NOPROXY, "");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_NOBODY, f->request->head ? 1L : 0L);
    SET(CURLOPT_CUSTOMREQUEST, f->request->delete ? "DELETE" : NULL);
    SET(CURLOPT_UNIX_SOCKET_PATH, c->socket);
    SET(CURLOPT_USERAGENT, agent);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, f);
    SET(CURLOPT_HEADERFUNCTION, take_head);
    SET(CURLOPT_HEADERDATA, f);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, f);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, look_at_stop);
    SET(CURLOPT_XFERINFODATA, f);
#undef SET
    return code == CURLE_OK ? set_sent(f) : code;
}

static enum fetch_end end_of(const struct fetching *f, CURLcode code)
{
    if (code == CURLE_OK)
        return FETCH_DONE;
    if (f->is_cut)
        return FETCH_CUT;
    if (f->is_refused)
        return FETCH_REFUSED;
    switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
        return FETCH_STOPPED;
    case CURLE_OPERATION_TIMEDOUT:
        return FETCH_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_HOST:
        return FETCH_NO_NAME;
    case CURLE_URL_MALFORMAT:
        return FETCH_REFUSED;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        return FETCH_NO_TLS;
    default:
        return FETCH_FAILED;
    }
}

static void note_answer(struct fetching *f)
{
    const char *type = NULL;
    long status = 0;
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(f->curl, CURLINFO_CONTENT_TYPE, &type);
    f->result->status = (unsigned)status;
    snprintf(f->result->content_type, sizeof f->result->content_type, "%s",
             type == NULL ? "" : type);
}

/* Asks once; *next is the address of a redirect, borrowed, or NULL. */
static CURLcode ask(struct fetching *f, const char **next)
{
    int64_t left_ms = (f->end_ns - clock_monotonic_ns()) / 1000000;
    *next = NULL;
    if (left_ms <= 0)
        return CURLE_OPERATION_TIMEDOUT;
    curl_easy_setopt(f->curl, CURLOPT_TIMEOUT_MS, (long)left_ms);
    CURLcode code = curl_easy_perform(f->curl);
    note_answer(f);
    if (code == CURLE_OK)
        curl_easy_getinfo(f->curl, CURLINFO_REDIRECT_URL, next);
    return code;
}

static enum fetch_end walk(struct fetching *f, CURLU *url)
{
    const char *next = f->request->url;
    for (int n = 0; n <= FETCH_MAX_REDIRECTS; n++) {
        if (!set_url(f, url, next, n == 0))
            return FETCH_REFUSED;
        CURLcode code = ask(f, &next);
        if (code != CURLE_OK || next == NULL || f->headers != NULL)
            return end_of(f, code);
    }
    return FETCH_REDIRECTS;
}

enum lk_status fetch(const struct fetch_config *config, const struct fetch_request *request,
                     struct fetch_result *result, struct lk_error *err)
{
    struct fetching f = {.config = config, .request = request, .result = result};
    *result = (struct fetch_result){.end = FETCH_FAILED};
    if (request->deadline_ms == 0)
        return FAIL(err, LK_INVALID, "a fetch needs a deadline");
    f.end_ns = clock_monotonic_ns() + (int64_t)request->deadline_ms * 1000000;
    f.curl = curl_easy_init();
    CURLU *url = curl_url();
    enum lk_status status = LK_OK;
    if (f.curl == NULL || url == NULL || set_options(&f, url) != CURLE_OK)
        status = FAIL(err, LK_NOMEM, "no memory for a fetch");
    else
        result->end = walk(&f, url);
    curl_easy_cleanup(f.curl);
    curl_slist_free_all(f.headers);
    curl_url_cleanup(url);
    return status;
}

bool fetch_may_ask(const struct fetch_config *config, const char *url, bool only_https)
{
    char host[256], port[16];
    CURLU *parts = curl_url();
    bool good = parts != NULL && strlen(url) <= FETCH_MAX_URL_BYTES &&
                curl_url_set(parts, CURLUPART_URL, url, 0) == 0 &&
                may_ask(config, parts, only_https) &&
                get_part(parts, CURLUPART_HOST, 0, host, sizeof host) &&
                get_part(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port);
    curl_url_cleanup(parts);
    if (!good)
        return false;
    char address[300];
    snprintf(address, sizeof address, "%s:%s", host, port);
    return is_allowed_by_name(config, address) || may_ask_elsewhere(config, host, port);
}

bool fetch_resolve(const char *base, const char *address, char out[FETCH_MAX_URL_BYTES + 1])
{
    char scheme[16];
    CURLU *url = curl_url();
    bool good = url != NULL && strlen(address) <= FETCH_MAX_URL_BYTES &&
                curl_url_set(url, CURLUPART_URL, base, 0) == 0 &&
                curl_url_set(url, CURLUPART_URL, address, CURLU_URLENCODE) == 0 &&
                curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) == 0 &&
                get_part(url, CURLUPART_SCHEME, 0, scheme, sizeof scheme) &&
                (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
                get_part(url, CURLUPART_URL, 0, out, FETCH_MAX_URL_BYTES + 1);
    curl_url_cleanup(url);
    return good;
}
