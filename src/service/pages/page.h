/* service/pages/page.h - what all pages for people share.
 *
 * A page is a template of web/templates and its values. page_begin() sets the values that the frame
 * needs: language, title, addresses of the assets, the links to the other languages. A handler adds
 * its own and ends with page_send(). The language is that of ?lang=, which links and forms carry
 * on, else what the browser asks for. Nothing here is logged, and no page sets a cookie. */
#ifndef SERVICE_PAGES_PAGE_H
#define SERVICE_PAGES_PAGE_H

#include "service/route.h"
#include "service/template.h"

/* Marks a text for the catalogues of web/locale; page_text() looks it up. */
#define N_(text) text

struct page {
    struct service *service;
    const struct request *req;
    struct response *res;
    struct view *view;
    const struct locale *locale;
};

/* title: an N_() text, neutral, for it shows in the window's list of visits. path: where a link
 * to the same page in another language goes; not necessarily req->path, which may take POST alone.
 */
void page_begin(struct page *page, struct service *service, const struct request *req,
                struct response *res, const char *path, const char *title);

/* For a page that came by POST: a field with which it can be asked for again in another language.
 * The list "carried", if the page sets it, goes along. */
void page_carry(struct page *page, const char *field, const char *value);

/* Renders into the response. Errors: as template_render(). */
enum lk_status page_send(struct page *page, const char *template,
                         struct lk_error *err) LK_MUST_CHECK;

/* An N_() text in the page's language. */
const char *page_text(const struct page *page, const char *id);

/* The text with each `place` ("%due%") replaced; in the arena. */
const char *page_fill(const struct page *page, const char *text, const char *place,
                      const char *value);

/* "22 November 2026", in the page's language, in the arena. "" for 0. */
const char *page_day(const struct page *page, int64_t time_ms);

/* For staff: "2026-11-24 15:00 UTC" in the arena; "" for 0. */
const char *page_time(const struct page *page, int64_t time_ms);

/* A number of hours and minutes until a time, as "5 h" or "2 d"; with '-' when it is past. */
const char *page_until(const struct page *page, int64_t time_ms);

/* "path", with the language where the person chose one; in the arena. */
const char *page_link(const struct page *page, const char *path);

#endif
