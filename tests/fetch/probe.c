/* One fetch, and what came of it as lines.
 * usage: fetch_probe URL [head] [post=TEXT] [keyed] [https] [may] [allow=ADDRESS:PORT] [port=N]
 * [proxy=URL] [ms=N] [max=N] [stop] may: says whether it may be asked, and asks nothing. */
#include "sys/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ALLOWED = 8 };

struct probe {
    struct fetch_config config;
    struct fetch_request request;
    struct fetch_post post;
    bool may;
    const char *allow[MAX_ALLOWED];
    uint16_t port;
    atomic_bool stop;
};

static void read_word(struct probe *p, const char *word)
{
    const char *value = strchr(word, '=');
    value = value == NULL ? "" : value + 1;
    if (strcmp(word, "head") == 0)
        p->request.head = true;
    else if (strcmp(word, "https") == 0)
        p->request.only_https = true;
    else if (strcmp(word, "may") == 0)
        p->may = true;
    else if (strncmp(word, "post=", 5) == 0)
        p->post.bytes = value, p->post.n = strlen(value), p->request.post = &p->post;
    else if (strcmp(word, "keyed") == 0)
        p->request.headers = p->post.headers, p->request.n_headers = p->post.n_headers;
    else if (strcmp(word, "stop") == 0)
        atomic_store(&p->stop, true);
    else if (strncmp(word, "allow=", 6) == 0 && p->config.n_allow < MAX_ALLOWED)
        p->allow[p->config.n_allow++] = value;
    else if (strncmp(word, "port=", 5) == 0)
        p->port = (uint16_t)atoi(value), p->config.n_ports = 1;
    else if (strncmp(word, "proxy=", 6) == 0)
        p->config.proxy = value;
    else if (strncmp(word, "ms=", 3) == 0)
        p->request.deadline_ms = (uint32_t)atoi(value);
    else if (strncmp(word, "max=", 4) == 0)
        p->request.max_bytes = (size_t)atoi(value);
}

int main(int argc, char **argv)
{
    static const char *const headers[] = {"Content-Type: application/json", "X-Test: a b"};
    struct probe p = {.request = {.deadline_ms = 10000, .max_bytes = 100000},
                      .post = {.headers = headers, .n_headers = 2}};
    struct fetch_result result;
    struct lk_error err;
    struct buf body;
    buf_init(&body, lk_alloc_heap(), 1000000);
    p.config.allow = p.allow;
    p.config.ports = &p.port;
    p.config.stop = &p.stop;
    p.request.body = &body;
    p.request.url = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc; i++)
        read_word(&p, argv[i]);
    if (p.may) {
        printf("may %d\n", fetch_may_ask(&p.config, p.request.url, p.request.only_https));
        buf_fini(&body);
        return 0;
    }
    if (fetch(&p.config, &p.request, &result, &err) != LK_OK) {
        printf("error %s\n", err.text);
        return 1;
    }
    printf("end %s\nstatus %u\nbytes %llu\n", fetch_end_name(result.end), result.status,
           (unsigned long long)result.n_bytes);
    printf("host_changed %d\npath_changed %d\n", result.host_changed, result.path_changed);
    printf("type %s\nurl %s\nbody %.200s\n", result.content_type, result.url, buf_text(&body));
    buf_fini(&body);
    return 0;
}
