#include "service/pages/page.h"

#include "service/assets.h"
#include "service/context.h"
#include "sys/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_MAX_BYTES (1 << 20)

static void add_languages(struct page *page)
{
    size_t n;
    const struct locale *all = locale_all(&n);
    for (size_t i = 0; i < n; i++) {
        if (!locale_is_offered(&all[i], page->service->config->languages))
            continue;
        struct view *v = view_add(page->view, "languages");
        view_text(v, "code", all[i].code);
        view_text(v, "name", all[i].name);
        view_flag(v, "is_current", &all[i] == page->locale);
    }
}

void page_begin(struct page *page, struct service *service, const struct request *req,
                struct response *res, const char *path, const char *title)
{
    const char *offered = service->config->languages;
    const struct locale *chosen = locale_find(form_get(&req->query, "lang"));
    if (chosen != NULL && !locale_is_offered(chosen, offered))
        chosen = NULL;
    *page = (struct page){
        .service = service,
        .req = req,
        .res = res,
        .view = view_new(req->arena),
        .locale =
            chosen != NULL ? chosen : locale_accept(req->headers[HEADER_ACCEPT_LANGUAGE], offered),
    };
    struct view *v = page->view;
    view_text(v, "lang", page->locale->code);
    view_text(v, "dir", page->locale->dir);
    view_text(v, "title", page_text(page, title));
    view_text(v, "site", service_site_name(service));
    view_text(v, "css", asset_url("style.css"));
    view_text(v, "icon", service->config->icon != NULL ? "/icon.svg" : asset_url("icon.svg"));
    view_text(v, "operator", service->config->operator_name);
    view_text(v, "operator_contact", service->config->operator_contact);
    view_flag(v, "is_unreviewed", !page->locale->is_reviewed);
    view_text(v, "leave_js", asset_url("leave.js"));
    view_text(v, "path", path);
    view_text(v, "q", chosen != NULL ? page_link(page, "") : "");
    view_list(v, "kept");
    view_list(v, "carried");
    view_flag(v, "is_kept", false);
    add_languages(page);
}

void page_carry(struct page *page, const char *field, const char *value)
{
    struct view *v = view_add(page->view, "kept");
    view_flag(page->view, "is_kept", true);
    view_text(v, "field", field);
    view_text(v, "value", value);
}

enum lk_status page_send(struct page *page, const char *template, struct lk_error *err)
{
    page->res->body.max = PAGE_MAX_BYTES;
    page->res->content_type = "text/html; charset=utf-8";
    return template_render(template_builtin(), template, page->view, page->locale, &page->res->body,
                           err);
}

const char *page_text(const struct page *page, const char *id)
{
    return locale_text(page->locale, id);
}

const char *page_fill(const struct page *page, const char *text, const char *place,
                      const char *value)
{
    struct buf out;
    buf_init(&out, &page->req->arena->alloc, 4096);
    for (const char *at; (at = strstr(text, place)) != NULL; text = at + strlen(place)) {
        buf_put(&out, text, (size_t)(at - text));
        buf_str(&out, value);
    }
    buf_str(&out, text);
    return buf_text(&out);
}

const char *page_link(const struct page *page, const char *path)
{
    if (locale_find(form_get(&page->req->query, "lang")) == NULL)
        return path;
    struct buf link;
    buf_init(&link, &page->req->arena->alloc, 256);
    buf_fmt(&link, "%s?lang=%s", path, page->locale->code);
    return buf_text(&link);
}

const char *page_day(const struct page *page, int64_t time_ms)
{
    /* #: the day, @: the year */
    static const char *const months[] = {
        N_("# January @"),   N_("# February @"), N_("# March @"),    N_("# April @"),
        N_("# May @"),       N_("# June @"),     N_("# July @"),     N_("# August @"),
        N_("# September @"), N_("# October @"),  N_("# November @"), N_("# December @"),
    };
    char iso[32]; /* 2026-11-22 */
    if (time_ms == 0)
        return "";
    clock_format_day(time_ms, iso);
    long month = strtol(iso + 5, NULL, 10);
    long day = strtol(iso + 8, NULL, 10);
    const char *form = page_text(page, months[month >= 1 && month <= 12 ? month - 1 : 0]);
    struct buf text;
    buf_init(&text, &page->req->arena->alloc, 128);
    for (; *form != '\0'; form++) {
        if (*form == '#')
            buf_fmt(&text, "%ld", day);
        else if (*form == '@')
            buf_put(&text, iso, 4);
        else
            buf_char(&text, *form);
    }
    return buf_text(&text);
}

const char *page_time(const struct page *page, int64_t time_ms)
{
    char iso[32], text[32]; /* 2026-11-24T15:00:30Z */
    if (time_ms == 0)
        return "";
    clock_format_time(time_ms, iso);
    snprintf(text, sizeof text, "%.10s %.5s UTC", iso, iso + 11);
    return arena_copy(page->req->arena, text, strlen(text));
}

const char *page_until(const struct page *page, int64_t time_ms)
{
    struct clock real = clock_real();
    int64_t minutes = (time_ms - clock_now_ms(&real)) / 60000;
    int64_t size = minutes < 0 ? -minutes : minutes;
    char text[40];
    if (size < 120)
        snprintf(text, sizeof text, "%lld min", (long long)minutes);
    else if (size < 72 * 60)
        snprintf(text, sizeof text, "%lld h", (long long)(minutes / 60));
    else
        snprintf(text, sizeof text, "%lld d", (long long)(minutes / (24 * 60)));
    return arena_copy(page->req->arena, text, strlen(text));
}
