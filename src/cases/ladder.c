/* The rungs that can take the content away are one line; the first of it that was not asked, or
 * that has to be asked again, is the next step, for the reason that the one below it gives. */
#include "cases/ladder.h"

#include <string.h>

/* in the catalogues */
static const char *const whys[LADDER_N_WHYS] = {
    [LADDER_FIRST] = "nobody was asked yet",
    [LADDER_OVERDUE] = "the time of the one asked before is over",
    [LADDER_REFUSED] = "the one asked before refused",
    [LADDER_LIMITED] = "the one asked before only reduced its reach",
    [LADDER_GIVEN_UP] = "the desk closed the way before",
    [LADDER_NO_CONTACT] = "no way is known to reach the one before",
    [LADDER_HOST_UNKNOWN] = "nobody knows yet who hosts it; the network may tell",
    [LADDER_NOT_ACTIONABLE] = "something was missing: ask again with it",
    [LADDER_BACK] = "it was removed and is back: ask again",
    [LADDER_PARALLEL] = "this need not wait for anyone",
    [LADDER_DIRECT] = "takes reports without asking the platform first",
    [LADDER_PERSONS_CHOICE] = "only if the person wants to",
    [LADDER_CHILD] = "under 18: only the hotline for children",
};

const char *ladder_why_text(unsigned why)
{
    return why >= LADDER_FIRST && why < LADDER_N_WHYS ? whys[why] : "";
}

static const enum law_target line[] = {LAW_TARGET_PLATFORM, LAW_TARGET_HOST, LAW_TARGET_NETWORK,
                                       LAW_TARGET_REGISTRAR};
enum { N_LINE = sizeof line / sizeof line[0] };

#define HOUR_MS INT64_C(3600000)

struct climbing {
    const struct ladder_question *q;
    struct ladder *out;
};

/* How things stand with one target. */
struct standing {
    const struct ladder_notice *notice; /* the newest; NULL: none */
    enum ladder_why stuck;              /* why another has to be asked; 0: it is not */
    enum ladder_why again;              /* why the same has to be asked again; 0: it has not */
    int64_t from_ms;                    /* of stuck: when */
    bool is_public;                     /* a clock that counts publicly ran out */
};

static const struct ladder_notice *newest(const struct ladder_question *q, enum law_target target)
{
    for (size_t i = q->n_notices; i > 0; i--)
        if (q->notices[i - 1].target == target)
            return &q->notices[i - 1];
    return NULL;
}

static struct standing standing_of(const struct ladder_question *q, enum law_target target)
{
    static const enum ladder_why after[NOTICE_N_STATES] = {
        [NOTICE_REFUSED] = LADDER_REFUSED,
        [NOTICE_LIMITED] = LADDER_LIMITED,
        [NOTICE_CLOSED] = LADDER_GIVEN_UP,
        [NOTICE_FAILED] = LADDER_NO_CONTACT,
    };
    struct standing s = {.notice = newest(q, target)};
    if (s.notice == NULL)
        return s;
    if (notice_is_waiting(s.notice->state) && s.notice->due_ms > 0) {
        s.stuck = LADDER_OVERDUE;
        s.from_ms = s.notice->due_ms;
        s.is_public = s.notice->is_public && s.from_ms <= q->now_ms;
    } else if (s.notice->state < NOTICE_N_STATES) {
        s.stuck = after[s.notice->state];
    }
    if (s.notice->state == NOTICE_BACK)
        s.again = LADDER_BACK;
    if (s.notice->state == NOTICE_NOT_ACTIONABLE)
        s.again = LADDER_NOT_ACTIONABLE;
    return s;
}

static void add(struct climbing *c, struct ladder_step step)
{
    if (c->out->n == LADDER_MAX_STEPS)
        return;
    step.is_waiting = (c->q->waiting & 1U << step.rung) != 0;
    step.is_due_now = step.why != LADDER_PERSONS_CHOICE && step.from_ms <= c->q->now_ms;
    c->out->steps[c->out->n++] = step;
}

/* Removed by whoever can, or left by the desk: then nobody has to be asked. */
static bool is_settled(const struct ladder_question *q)
{
    bool settled = false;
    for (size_t i = 0; i < N_LINE; i++) {
        const struct ladder_notice *notice = newest(q, line[i]);
        if (notice != NULL && notice->state == NOTICE_BACK)
            return false;
        settled |=
            notice != NULL && (notice->state == NOTICE_REMOVED || notice->state == NOTICE_ACCEPTED);
    }
    return settled;
}

static void ask_again(struct climbing *c)
{
    for (size_t i = 0; i < N_LINE; i++) {
        struct standing s = standing_of(c->q, line[i]);
        if (s.again != 0)
            add(c, (struct ladder_step){.rung = line[i], .why = s.again});
    }
}

/* The first rung that nobody asked yet, once those below are stuck, or from when they will be. */
static void climb_line(struct climbing *c)
{
    enum ladder_why why = LADDER_FIRST;
    struct standing s = {0}, below = {0};
    for (size_t i = 0; i < N_LINE && why != 0; i++, below = s) {
        s = standing_of(c->q, line[i]);
        if (s.notice != NULL) {
            why = s.stuck;
        } else if (line[i] == LAW_TARGET_PLATFORM && !c->q->platform_has_contact) {
            why = LADDER_NO_CONTACT;
        } else if (line[i] == LAW_TARGET_HOST && !c->q->host_is_known) {
            why = LADDER_HOST_UNKNOWN;
            s = below; /* the platform still has the time it was given */
        } else {
            add(c, (struct ladder_step){.rung = line[i],
                                        .why = why,
                                        .from_ms = below.from_ms,
                                        .after_public = below.is_public});
            return;
        }
    }
}

static void go_beside(struct climbing *c, enum law_target target, enum ladder_why why,
                      bool after_public)
{
    struct standing s = standing_of(c->q, target);
    if (s.notice == NULL)
        add(c, (struct ladder_step){.rung = target, .why = why, .after_public = after_public});
    else if (s.again != 0)
        add(c, (struct ladder_step){.rung = target, .why = s.again});
}

/* What need not wait for the line, once somebody on it was asked. */
static void climb_beside(struct climbing *c)
{
    bool is_public = false;
    for (size_t i = 0; i < N_LINE; i++)
        is_public |= standing_of(c->q, line[i]).is_public;
    struct standing platform = standing_of(c->q, LAW_TARGET_PLATFORM);
    struct standing host = standing_of(c->q, LAW_TARGET_HOST);
    if (platform.notice != NULL || host.notice != NULL)
        go_beside(c, LAW_TARGET_SEARCH, LADDER_PARALLEL, is_public);
    if (c->q->is_tool)
        go_beside(c, LAW_TARGET_APP_STORE, LADDER_PARALLEL, is_public);
    if (host.stuck != 0 && host.from_ms <= c->q->now_ms)
        go_beside(c, LAW_TARGET_ADVERTISING, host.stuck, host.is_public);
}

/* ---- authorities ---- */

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool authority_was_asked(const struct ladder_question *q, const char *regime)
{
    for (size_t i = 0; i < q->n_notices; i++)
        if (q->notices[i].target == LAW_TARGET_REGULATOR && is_same(q->notices[i].regime, regime))
            return true;
    return false;
}

/* The newest notice to whoever has the content, under that regime. */
static struct standing standing_under(const struct ladder_question *q, const char *regime)
{
    for (size_t i = 0; i < N_LINE; i++) {
        struct standing s = standing_of(q, line[i]);
        if (s.notice != NULL && is_same(s.notice->regime, regime))
            return s;
    }
    return (struct standing){0};
}

/* The authorities that the regime's file lists for later; else its regulator. Those that it lists
 * from the start are help and police beside the way, not a step of it. */
static void add_authorities(struct climbing *c, const struct law_rule *rule, struct standing s)
{
    size_t n = 0;
    for (size_t i = 0; i < rule->n_escalations; i++) {
        const struct law_escalation *e = &rule->escalations[i];
        int64_t after_ms = s.notice->sent_ms + (int64_t)e->after_hours * HOUR_MS;
        if (e->has_hours && e->after_hours == 0)
            continue;
        /* a refusal ends the wait; silence has to last as long as both say */
        int64_t from_ms = s.from_ms > 0 && after_ms > s.from_ms ? after_ms : s.from_ms;
        add(c, (struct ladder_step){.rung = LAW_TARGET_REGULATOR,
                                    .why = s.stuck,
                                    .regime = rule->id,
                                    .recipient = e->to,
                                    .how = e->how,
                                    .from_ms = from_ms,
                                    .after_public = s.is_public});
        n++;
    }
    if (n == 0 && rule->regulator != NULL)
        add(c, (struct ladder_step){.rung = LAW_TARGET_REGULATOR,
                                    .why = s.stuck,
                                    .regime = rule->id,
                                    .recipient = rule->regulator,
                                    .from_ms = s.from_ms,
                                    .after_public = s.is_public});
}

static bool person_may_send(const struct law_rule *rule)
{
    for (size_t i = 0; i < rule->n_senders; i++)
        if (strcmp(rule->senders[i], "depicted_person") == 0 ||
            strcmp(rule->senders[i], "any_person") == 0)
            return true;
    return false;
}

/* Authorities that take a report from the person: at once, or, where the platform has to have had
 * its time first, after that. */
static void add_direct(struct climbing *c, const struct law_rule *rule)
{
    struct ladder_step step = {.rung = LAW_TARGET_REGULATOR,
                               .why = LADDER_DIRECT,
                               .regime = rule->id,
                               .recipient = rule->regulator};
    if (rule->regulator == NULL || !person_may_send(rule))
        return;
    if (rule->starts_at == LAW_NOTICE_RECEIVED) {
        struct standing s = standing_of(c->q, LAW_TARGET_PLATFORM);
        if (s.notice == NULL || s.notice->sent_ms == 0)
            return;
        step.why = LADDER_OVERDUE;
        step.from_ms = s.notice->sent_ms + (int64_t)rule->deadline_hours * HOUR_MS;
    }
    add(c, step);
}

static void climb_to_authorities(struct climbing *c)
{
    const struct law_facts *facts = c->q->facts;
    for (size_t i = 0; facts != NULL && i < facts->n_rules; i++) {
        const struct law_rule *rule = &facts->rules[i];
        if (rule->miss != LAW_FITS || rule->status != LAW_IN_FORCE ||
            authority_was_asked(c->q, rule->id))
            continue;
        struct standing s = standing_under(c->q, rule->id);
        if (rule->recipient == LAW_TO_REGULATOR || rule->recipient == LAW_TO_COURT)
            add_direct(c, rule);
        else if (s.stuck != 0)
            add_authorities(c, rule, s);
    }
}

static void add_police(struct climbing *c)
{
    const struct law_facts *facts = c->q->facts;
    add(c, (struct ladder_step){
               .rung = LAW_TARGET_POLICE,
               .why = LADDER_PERSONS_CHOICE,
               .how = facts == NULL ? NULL : facts->police.text,
               .warning = facts == NULL ? NULL : facts->police.risk,
           });
}

static void sort(struct ladder *ladder)
{
    for (size_t i = 1; i < ladder->n; i++) {
        struct ladder_step moved = ladder->steps[i];
        size_t k = i;
        for (; k > 0 && ladder->steps[k - 1].rung > moved.rung; k--)
            ladder->steps[k] = ladder->steps[k - 1];
        ladder->steps[k] = moved;
    }
}

void ladder_suggest(const struct ladder_question *q, struct ladder *out)
{
    struct climbing c = {.q = q, .out = out};
    out->n = 0;
    if (q->is_child) {
        add(&c, (struct ladder_step){.rung = LAW_TARGET_HOTLINE, .why = LADDER_CHILD});
        return;
    }
    if (!is_settled(q)) {
        ask_again(&c);
        climb_line(&c);
        climb_beside(&c);
        climb_to_authorities(&c);
    }
    add_police(&c);
    sort(out);
}

bool ladder_may_go_alone(enum ladder_auto rule, const struct ladder_step *step)
{
    bool is_later = step->why == LADDER_OVERDUE || step->why == LADDER_PARALLEL;
    if (!step->is_due_now || !step->after_public || !is_later)
        return false;
    if (rule == LADDER_AUTO_SEARCH)
        return step->rung == LAW_TARGET_SEARCH;
    return rule == LADDER_AUTO_UP_TO_REGISTRAR && step->rung > LAW_TARGET_PLATFORM &&
           step->rung <= LAW_TARGET_REGISTRAR;
}

static const char *const autos[] = {
    [LADDER_SUGGEST] = "suggest",
    [LADDER_AUTO_SEARCH] = "search",
    [LADDER_AUTO_UP_TO_REGISTRAR] = "registrar",
};

bool ladder_auto_of(const char *name, enum ladder_auto *out)
{
    for (unsigned i = 0; i < sizeof autos / sizeof *autos; i++)
        if (strcmp(autos[i], name) == 0) {
            *out = (enum ladder_auto)i;
            return true;
        }
    return false;
}
