#include "service/pages/case_form.h"

#include "base/err.h"
#include "base/hex.h"
#include "service/api/case_texts.h"
#include "service/context.h"

#include <string.h>

enum lk_status case_form_login(struct service *service, const struct request *req,
                               struct case_access *access, struct lk_error *err)
{
    const char *token = form_get(&req->form, "token");
    if (token == NULL)
        return FAIL(err, LK_DENIED, "the form has no token: enter the code again");
    return case_token_login(service_registry(service), token, strlen(token), access, err);
}

static const struct {
    const char *field;
    unsigned kind;
} fields[] = {
    {"links", CASE_LOCATION},      {"note", CASE_NOTE},       {"contact", CASE_CONTACT},
    {"situation", CASE_SITUATION}, {"message", CASE_MESSAGE},
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

static const char *trim(const char *text, size_t *n)
{
    while (*n > 0 && strchr(" \t\r\n", text[*n - 1]) != NULL)
        --*n;
    while (*n > 0 && strchr(" \t\r\n", *text) != NULL)
        text++, --*n;
    return text;
}

static enum lk_status add(struct case_typed *texts, size_t *n_texts, unsigned kind,
                          const char *text, size_t n, struct lk_error *err)
{
    text = trim(text, &n);
    if (n == 0)
        return LK_OK;
    if (*n_texts == CASE_MAX_TEXTS)
        return FAIL(err, LK_LIMIT, "more than %d texts", CASE_MAX_TEXTS);
    texts[(*n_texts)++] = (struct case_typed){.kind = kind, .text = text, .n = n};
    return LK_OK;
}

static enum lk_status add_lines(struct case_typed *texts, size_t *n_texts, unsigned kind,
                                const char *text, struct lk_error *err)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        TRY(add(texts, n_texts, kind, text, n, err));
        text += n + (text[n] == '\n');
    }
    return LK_OK;
}

enum lk_status case_form_texts(const struct request *req, struct case_request *out,
                               struct lk_error *err)
{
    const char *sealed = form_get(&req->form, "sealed");
    if (sealed != NULL)
        return case_texts_parse(sealed, strlen(sealed), req->arena, out, err);
    struct case_typed *texts = arena_zalloc(req->arena, CASE_MAX_TEXTS, sizeof *texts);
    if (texts == NULL)
        return request_no_memory(err);
    size_t n = 0;
    for (size_t i = 0; i < N_FIELDS; i++) {
        const char *text = form_get(&req->form, fields[i].field);
        if (text == NULL)
            continue;
        if (fields[i].kind == CASE_LOCATION)
            TRY(add_lines(texts, &n, CASE_LOCATION, text, err));
        else
            TRY(add(texts, &n, fields[i].kind, text, strlen(text), err));
    }
    out->texts = texts;
    out->n_texts = n;
    return LK_OK;
}

void case_form_keep(const struct page *page)
{
    const struct form *form = &page->req->form;
    view_text(page->view, "typed_links", form_get(form, "links"));
    view_text(page->view, "typed_note", form_get(form, "note"));
    view_text(page->view, "typed_contact", form_get(form, "contact"));
    view_text(page->view, "typed_situation", form_get(form, "situation"));
    view_text(page->view, "typed_message", form_get(form, "message"));
}

void case_form_keys(const struct page *page, const struct case_access *access)
{
    uint8_t key[CASE_OWN_KEY_BYTES];
    char text[2 * CASE_OWN_KEY_BYTES + 1];
    registry_desk_key(service_registry(page->service), key);
    hex_encode(key, sizeof key, text);
    view_text(page->view, "desk_key", arena_copy(page->req->arena, text, sizeof text - 1));
    view_text(page->view, "own_key", "");
    if (access == NULL || !case_own_key(access, key))
        return;
    hex_encode(key, sizeof key, text);
    view_text(page->view, "own_key", arena_copy(page->req->arena, text, sizeof text - 1));
}
