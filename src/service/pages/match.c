/* One match, for a moderator at the platform who opens the link that came with it: why it was made,
 * what may follow, and a drawing of what agrees. The link is the right to look; the page says
 * nothing about the person, and nothing that the answer to the query did not say. */
#include "cases/match.h"

#include "base/err.h"
#include "exchange/drawing.h"
#include "exchange/evidence_json.h"
#include "service/context.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"
#include "service/pages/words.h"

#include <math.h>
#include <string.h>

enum { DRAWING_MAX_BYTES = 16384 };
enum { UNKNOWN_HALF = 128 }; /* a picture whose shape is not known is taken as a square */

static uint64_t percent(double part, double whole)
{
    double p = whole > 0 ? 100 * part / whole : 0;
    return p < 0 ? 0 : p > 100 ? 100 : (uint64_t)(p + 0.5);
}

/* From where to where the anchors that agree lie in one of the two pictures. */
static void add_span(const struct page *page, const char *name, const struct lk_verdict *v,
                     const struct lk_frame *whole, bool of_query)
{
    double left = 255, right = 0, top = 255, bottom = 0;
    for (size_t i = 0; i < v->n_shown; i++) {
        const struct lk_frame *f = of_query ? &v->shown[i].query : &v->shown[i].entry;
        left = fmin(left, f->x);
        right = fmax(right, f->x);
        top = fmin(top, f->y);
        bottom = fmax(bottom, f->y);
    }
    double width = 2.0 * (whole->x != 0 ? whole->x : UNKNOWN_HALF);
    double height = 2.0 * (whole->y != 0 ? whole->y : UNKNOWN_HALF);
    struct view *row = view_add(page->view, "spans");
    view_text(row, "picture", page_text(page, name));
    view_u64(row, "left", percent(left, width));
    view_u64(row, "right", percent(right, width));
    view_u64(row, "top", percent(top, height));
    view_u64(row, "bottom", percent(bottom, height));
}

static void add_place(const struct page *page, const struct lk_place *place)
{
    double degrees = evidence_degrees(place);
    view_flag(page->view, "has_place", evidence_has_place(place));
    view_u64(page->view, "scale", (uint64_t)(100 * evidence_scale(place) + 0.5));
    view_u64(page->view, "degrees", (uint64_t)(fabs(degrees) + 0.5));
    view_flag(page->view, "is_left", degrees <= -0.5);
    view_flag(page->view, "is_right", degrees >= 0.5);
    view_flag(page->view, "is_mirrored", place->mirrored);
}

static enum lk_status add_drawing(const struct page *page, const struct match_evidence *e,
                                  struct lk_error *err)
{
    const struct drawing_words times = {
        .title = page_text(page, N_("What agrees")),
        .description = page_text(page, N_("The upload and what was registered as two bars of time. "
                                          "The text beside them gives the figures.")),
        .entry = page_text(page, N_("registered")),
        .query = page_text(page, N_("upload")),
    };
    const struct drawing_words words = {
        .title = page_text(page, N_("What agrees")),
        .description = page_text(page, N_("The outlines of the registered picture and of the "
                                          "upload. The text beside them gives the figures.")),
        .entry = page_text(page, N_("registered picture")),
        .query = page_text(page, N_("upload")),
        .laid = page_text(page, N_("dashed: where the registered picture lies")),
    };
    struct buf svg;
    view_flag(page->view, "has_drawing", e != NULL);
    if (e == NULL)
        return LK_OK;
    buf_init(&svg, &page->req->arena->alloc, DRAWING_MAX_BYTES);
    if (evidence_lasts(&e->verdict))
        drawing_time_svg(&svg, &e->verdict, &times);
    else
        drawing_svg(&svg, &e->verdict, &e->query_whole, &e->entry_whole, &words);
    view_markup(page->view, "drawing", buf_text(&svg));
    return buf_status(&svg, "the drawing", err);
}

/* "0:03.5" */
static const char *time_text(const struct page *page, uint32_t ms)
{
    struct buf text;
    buf_init(&text, &page->req->arena->alloc, 32);
    buf_fmt(&text, "%u:%02u.%u", ms / 60000, ms / 1000 % 60, ms % 1000 / 100);
    return buf_text(&text);
}

static void add_times(const struct page *page, const struct match *match,
                      const struct lk_verdict *v)
{
    view_flag(page->view, "lasts", evidence_lasts(v));
    view_flag(page->view, "by_picture", v->by_picture);
    view_flag(page->view, "by_sound", v->by_sound);
    view_flag(page->view, "upload_lasts", v->query_lasts_ms > 0);
    view_flag(page->view, "entry_lasts", v->lasts_ms > 0);
    view_flag(page->view, "other_speed", evidence_lasts(v) && v->speed_percent != 100);
    view_u64(page->view, "speed", v->speed_percent);
    view_text(page->view, "upload_from", time_text(page, v->query_from_ms));
    view_text(page->view, "upload_to", time_text(page, v->query_to_ms));
    view_text(page->view, "entry_from", time_text(page, match->from_ms));
    view_text(page->view, "entry_to", time_text(page, match->to_ms));
}

static void add_evidence(const struct page *page, const struct match *match)
{
    static const struct match_evidence none;
    const struct match_evidence *e = match->evidence != NULL ? match->evidence : &none;
    add_times(page, match, &e->verdict);
    view_flag(page->view, "upload_known", e->verdict.query_percent > 0);
    view_u64(page->view, "upload_percent", e->verdict.query_percent);
    add_place(page, &e->verdict.place);
    view_list(page->view, "spans");
    view_flag(page->view, "has_spans", e->verdict.n_shown > 0);
    if (e->verdict.n_shown == 0)
        return;
    add_span(page, N_("The upload"), &e->verdict, &e->query_whole, true);
    add_span(page, N_("The registered picture"), &e->verdict, &e->entry_whole, false);
}

static void add_grades(const struct page *page, unsigned found, unsigned medium)
{
    for (unsigned grade = LK_EXACT; grade <= LK_REVIEW; grade++) {
        struct view *row = view_add(page->view, "grades");
        view_text(row, "grade", lk_grade_name(grade));
        view_text(row, "says", page_text(page, grade_says(grade, medium)));
        view_text(row, "use", page_text(page, grade_use(grade)));
        view_flag(row, "is_found", grade == found);
    }
}

static void add_match(const struct page *page, const struct match *match)
{
    view_flag(page->view, "is_withdrawn", match->withdrawn);
    view_text(page->view, "found_grade", lk_grade_name(match->grade));
    view_text(page->view, "found_says", page_text(page, grade_says(match->grade, match->medium)));
    view_flag(page->view, "shares", match->grade == LK_PARTIAL || match->grade == LK_REVIEW);
    view_flag(page->view, "is_picture", match->medium == LK_IMAGE);
    view_flag(page->view, "is_video", match->medium == LK_VIDEO);
    view_flag(page->view, "is_recording", match->medium == LK_AUDIO);
    view_text(page->view, "tier", page_text(page, tier_words(match->tier)));
    view_flag(page->view, "is_braked", match->brake != 0);
    view_text(page->view, "brake_reason", page_text(page, reason_words(match->brake)));
    view_text(page->view, "action", page_text(page, action_words(match->action)));
    view_text(page->view, "found", page_day(page, match->found_ms));
    view_u64(page->view, "votes", match->n_votes);
    view_u64(page->view, "distance", match->dist_bits);
    view_u64(page->view, "coverage", match->coverage_percent);
    add_evidence(page, match);
    add_grades(page, match->grade, match->medium);
}

enum lk_status page_match(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    struct page page;
    struct match match;
    struct match_evidence evidence;
    TRY(match_view(service_registry(service), req->params[0], strlen(req->params[0]), &match,
                   &evidence, err));
    response_header(res, "X-Robots-Tag", "noindex, nofollow, noarchive");
    page_begin(&page, service, req, res, req->path, N_("Match"));
    add_match(&page, &match);
    TRY(add_drawing(&page, match.evidence, err));
    return page_send(&page, "match", err);
}
