#include "service/pages/desk/later.h"

#include "base/err.h"
#include "service/pages/desk/words.h"

#include <stdio.h>
#include <string.h>

enum { FIELD_BYTES = 32 };

static const char *field_at(const struct form *form, const char *name, size_t i, size_t k)
{
    char key[FIELD_BYTES];
    snprintf(key, sizeof key, "%s%zu", name, i * LATER_MAX + k);
    return form_get(form, key);
}

static const char *set_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Complete: a name, and an inbox or a mail address. */
static bool is_complete(const struct desk_order *o)
{
    return o->recipient != NULL && (o->partner != NULL || o->address != NULL);
}

enum lk_status later_offer(struct registry *r, const struct desk_view *view, struct arena *arena,
                           struct later *out, struct lk_error *err)
{
    struct desk_proposal *proposals;
    size_t n = 0;
    TRY(desk_plan_later(r, view, arena, &proposals, &n, err));
    out->n = 0;
    for (size_t i = 0; i < n && out->n < LATER_MAX; i++) {
        struct later_step *step = &out->steps[out->n++];
        *step = (struct later_step){
            .order =
                {
                    .target = proposals[i].target,
                    .platform = proposals[i].platform,
                    .recipient = set_or_null(proposals[i].recipient),
                    .partner = proposals[i].partner,
                    .address = proposals[i].address,
                },
        };
        step->is_wanted = is_complete(&step->order);
    }
    return LK_OK;
}

void later_read(const struct form *form, size_t i, struct later *out)
{
    out->n = 0;
    while (out->n < LATER_MAX && field_at(form, "later_target", i, out->n) != NULL) {
        size_t k = out->n++;
        out->steps[k] = (struct later_step){
            .order =
                {
                    .target = law_target_of(field_at(form, "later_target", i, k)),
                    .platform = set_or_null(field_at(form, "later_platform", i, k)),
                    .recipient = set_or_null(field_at(form, "later_recipient", i, k)),
                    .partner = set_or_null(field_at(form, "later_partner", i, k)),
                    .address = set_or_null(field_at(form, "later_address", i, k)),
                },
            .is_wanted = field_at(form, "later_use", i, k) != NULL,
        };
    }
}

void later_prepare(struct registry *r, const struct request *req, const struct desk_order *sent,
                   int64_t letter, struct later *later)
{
    for (size_t i = 0; i < later->n; i++) {
        struct later_step *step = &later->steps[i];
        struct desk_order *o = &step->order;
        if (!step->is_wanted)
            continue;
        o->case_id = sent->case_id;
        o->numbers = sent->numbers;
        o->n_numbers = sent->n_numbers;
        o->lang = sent->lang;
        o->channel = o->partner != NULL ? LETTER_INBOX : LETTER_MAIL;
        o->wants_preserved = sent->wants_preserved;
        step->is_ready =
            desk_letter_prepare(r, req->hand, o, letter, req->arena, &step->problem) == LK_OK;
        if (step->is_ready)
            step->problem.status = LK_OK;
    }
}

size_t later_n_left(const struct later *later)
{
    size_t n = 0;
    for (size_t i = 0; i < later->n; i++)
        n += later->steps[i].is_wanted && !later->steps[i].is_ready;
    return n;
}

void later_show(const struct page *page, struct view *row, size_t i, const struct later *later)
{
    view_list(row, "later");
    view_flag(row, "has_later", later->n > 0);
    for (size_t k = 0; k < later->n; k++) {
        const struct later_step *step = &later->steps[k];
        struct view *v = view_add(row, "later");
        struct arena *arena = page->req->arena;
        view_u64(v, "k", i * LATER_MAX + k);
        view_text(v, "later_target", law_target_name(step->order.target));
        view_text(v, "later_name", page_text(page, desk_target_words(step->order.target)));
        view_text(v, "later_platform", step->order.platform);
        view_text(v, "later_partner", step->order.partner);
        view_flag(v, "has_inbox", step->order.partner != NULL);
        view_text(v, "later_recipient", step->order.recipient);
        view_text(v, "later_address", step->order.address);
        view_flag(v, "is_later_wanted", step->is_wanted);
        view_flag(v, "is_prepared", step->is_ready);
        view_text(v, "later_problem",
                  step->problem.status == LK_OK
                      ? ""
                      : arena_copy(arena, step->problem.text, strlen(step->problem.text)));
    }
}
