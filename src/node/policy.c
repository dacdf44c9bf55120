/* One effect is told: that the content is allowed, else shadow mode, else the quarantine. */
#include "node/policy.h"

#include "base/err.h"

static bool is_too_far(const struct policy *p, const struct bank_match *hit)
{
    const struct lk_verdict *v = &hit->verdict;
    return hit->medium == LK_IMAGE && v->grade <= LK_NEAR &&
           v->dist_bits > p->node->config->max_dist_bits[hit->tier];
}

/* Nothing but the same picture, or the same from beginning to end: a part of what is lawful may be
 * in what is not. */
static bool is_same(const struct policy *p, const struct bank_match *hit)
{
    const struct lk_verdict *v = &hit->verdict;
    return hit->medium == LK_IMAGE
               ? v->grade <= LK_NEAR && v->dist_bits <= p->node->config->allow_dist_bits
               : v->grade == LK_EXACT;
}

static enum lk_status look_up_allowed(struct policy *p, size_t query, struct lk_error *err)
{
    struct bank_matches hits;
    if (p->looked_up == query + 1)
        return LK_OK;
    p->looked_up = query + 1;
    p->is_allowed = false;
    if (shelf_count(p->node->allow) == 0)
        return LK_OK;
    TRY(bank_match(shelf_bank(p->node->allow), &p->sequences[query], 1, &p->arena->alloc, &hits,
                   err));
    for (size_t i = 0; i < hits.n && !p->is_allowed; i++)
        p->is_allowed = is_same(p, &hits.p[i]);
    return LK_OK;
}

static bool is_quarantined(const struct policy *p, const struct bank_match *hit)
{
    struct quarantine *q = p->node->quarantine;
    const struct node_line *line = p->lines == NULL ? NULL : &p->lines[p->places[hit->query]];
    struct lk_error why;
    bool held;
    if (line == NULL || line->poster == NULL || hit->verdict.grade == LK_REVIEW)
        return quarantine_holds(q, hit->id);
    if (quarantine_note(q, hit->id, hit->tier, line->poster, p->now_ms, &held, &why) != LK_OK)
        LOG(&p->node->config->log, LOG_LEVEL_ERROR, "quarantine", LOG_TEXT("problem", why.text));
    return held;
}

enum lk_status policy_judge(struct policy *p, const struct bank_match *hit, const struct mark *mark,
                            struct policy_verdict *out, struct lk_error *err)
{
    uint8_t action = mark->brake != 0 ? LK_ACT_QUEUE : hit->action;
    *out = (struct policy_verdict){.leave_out = is_too_far(p, hit)};
    if (out->leave_out)
        return LK_OK;
    TRY(look_up_allowed(p, hit->query, err));
    out->action = out->would = action;
    if (p->is_allowed) { /* and it is no flood either */
        out->effect = MATCH_ALLOWED;
        out->action = 0;
        return LK_OK;
    }
    if (is_quarantined(p, hit) && action > LK_ACT_QUEUE) {
        out->effect = MATCH_QUARANTINED;
        out->action = LK_ACT_QUEUE;
    }
    if (p->node->config->is_shadow) {
        out->would = out->action;
        out->effect = MATCH_SHADOW;
        out->action = LK_ACT_QUEUE;
    }
    return LK_OK;
}
