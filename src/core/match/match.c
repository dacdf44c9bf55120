/* What may follow from a grade, and the names and words of what is judged. */
#include <likeness/match.h>
#include <string.h>

unsigned lk_match_radius(unsigned kind, bool *judged)
{
    static const uint8_t radii[LK_KIND_MAX + 1] = {[LK_WHOLE] = LK_NEAR_RADIUS,
                                                   [LK_ANCHOR] = LK_ANCHOR_RADIUS,
                                                   [LK_FRAME] = LK_FRAME_RADIUS,
                                                   [LK_SOUND] = LK_SOUND_RADIUS};
    *judged = kind >= LK_WHOLE && kind <= LK_KIND_MAX;
    return *judged ? radii[kind] : 0;
}

struct lk_verdict lk_match_same_file(void)
{
    return (struct lk_verdict){.grade = LK_EXACT, .n_votes = 1, .coverage_percent = 100};
}

enum lk_action lk_match_action(unsigned grade, unsigned tier, bool two_prints_agree)
{
    static const uint8_t table[LK_REVIEW + 1][LK_TIER_CONFIRMED + 1] = {
        [LK_EXACT] = {0, LK_ACT_HOLD, LK_ACT_BLOCK, LK_ACT_BLOCK},
        [LK_NEAR] = {0, LK_ACT_QUEUE, LK_ACT_HOLD, LK_ACT_BLOCK},
        [LK_PARTIAL] = {0, LK_ACT_QUEUE, LK_ACT_HOLD, LK_ACT_HOLD},
        [LK_REVIEW] = {0, LK_ACT_QUEUE, LK_ACT_QUEUE, LK_ACT_QUEUE},
    };
    if (grade < LK_EXACT || grade > LK_REVIEW || tier < LK_TIER_SELF || tier > LK_TIER_CONFIRMED)
        return LK_ACT_QUEUE;
    if (grade == LK_NEAR && tier == LK_TIER_CHECKED && two_prints_agree)
        return LK_ACT_BLOCK;
    return (enum lk_action)table[grade][tier];
}

static const char *const grades[] = {NULL, "exact", "near", "partial", "review"};
static const char *const tiers[] = {NULL, "self", "checked", "confirmed"};
static const char *const actions[] = {NULL, "queue", "hold", "block"};

static const char *const meanings[][LK_REVIEW + 1] = {
    [LK_IMAGE] = {NULL, "is the same picture",
                  "is the same picture, saved again or changed in tone",
                  "shares content with the picture", "may share content with the picture"},
    [LK_VIDEO] = {NULL, "is the same video", "is the same video, saved again or changed a little",
                  "shares content with the video", "may share content with the video"},
    [LK_AUDIO] = {NULL, "is the same recording",
                  "is the same recording, saved again or changed a little",
                  "shares sound with the recording", "may share sound with the recording"},
};
static const char *const uses[] = {
    NULL, "may block at once; appeal open", "may block; sampled review",
    "hold or limit spread; a person looks first", "queue only; no effect on the uploader"};

#define NAME_OF(table, value)                                                                      \
    ((value) > 0 && (value) < sizeof(table) / sizeof *(table) ? (table)[value] : "unknown")

const char *lk_grade_name(unsigned grade)
{
    return NAME_OF(grades, grade);
}

const char *lk_grade_meaning(unsigned grade, unsigned medium)
{
    return medium >= LK_IMAGE && medium <= LK_AUDIO ? NAME_OF(meanings[medium], grade) : "unknown";
}

const char *lk_grade_use(unsigned grade)
{
    return NAME_OF(uses, grade);
}

const char *lk_tier_name(unsigned tier)
{
    return NAME_OF(tiers, tier);
}

const char *lk_action_name(unsigned action)
{
    return NAME_OF(actions, action);
}

unsigned lk_tier_from_name(const char *name, size_t n)
{
    for (unsigned i = 1; i < sizeof tiers / sizeof *tiers; i++)
        if (strlen(tiers[i]) == n && memcmp(tiers[i], name, n) == 0)
            return i;
    return 0;
}
