#include "pack_sample.h"

#include "cases/case.h"
#include "cases/letter.h"
#include "cases/match_state.h"
#include "cases/notice.h"
#include "law/deadline.h"

#include <likeness/match.h>

#define HOUR   INT64_C(3600000)
#define DAY    (24 * HOUR)
#define OPENED INT64_C(1795046400000) /* 2026-11-19 */
#define SENT   (PACK_SAMPLE_MS - 3 * DAY)

const uint8_t pack_sample_seed[SEAL_KEY_BYTES] = {1, 2, 3, 4};

static const struct pack_step refused[] = {
    {.at_ms = SENT, .due_ms = SENT + 2 * DAY, .state = NOTICE_SENT, .actor = NOTICE_BY_DESK},
    {.at_ms = SENT + 5 * HOUR,
     .due_ms = SENT + 2 * DAY,
     .state = NOTICE_IN_REVIEW,
     .actor = NOTICE_BY_PARTNER,
     .note = "Ticket 4711. We are looking at it."},
    {.at_ms = SENT + DAY,
     .due_ms = SENT + 2 * DAY,
     .state = NOTICE_IN_REVIEW,
     .alarm = NOTICE_DUE_SOON,
     .actor = NOTICE_BY_CLOCK},
    {.at_ms = SENT + 2 * DAY,
     .due_ms = SENT + 2 * DAY,
     .state = NOTICE_IN_REVIEW,
     .alarm = NOTICE_OVERDUE,
     .actor = NOTICE_BY_CLOCK},
    {.at_ms = SENT + 2 * DAY + HOUR,
     .state = NOTICE_REFUSED,
     .actor = NOTICE_BY_PARTNER,
     .reason = REASON_SATIRE_OR_ART,
     .note = "Our team finds this to be satire."},
};
static const struct pack_step removed[] = {
    {.at_ms = SENT + DAY, .due_ms = SENT + 3 * DAY, .state = NOTICE_SENT, .actor = NOTICE_BY_DESK},
    {.at_ms = SENT + 2 * DAY, .state = NOTICE_REMOVED, .actor = NOTICE_BY_CHECK},
};
static const struct pack_notice to_platform[] = {
    {.recipient = "Example Platform",
     .regime = "us-tida",
     .regime_title = "TAKE IT DOWN Act",
     .regime_citation = "Pub. L. 119-12, section 3",
     .state = NOTICE_REFUSED,
     .reason = REASON_SATIRE_OR_ART,
     .clock_kind = LAW_CLOCK_PLATFORM,
     .sent_ms = SENT,
     .due_ms = SENT + 2 * DAY,
     .changed_ms = SENT + 2 * DAY + HOUR,
     .span_ms = 2 * DAY,
     .by_law = true,
     .is_overdue = true,
     .letter = 1,
     .steps = refused,
     .n_steps = sizeof refused / sizeof *refused},
    {.recipient = "Example Host",
     .state = NOTICE_REMOVED,
     .clock_kind = LAW_CLOCK_OWN,
     .sent_ms = SENT + DAY,
     .changed_ms = SENT + 2 * DAY,
     .span_ms = 2 * DAY,
     .letter = 2,
     .steps = removed,
     .n_steps = 2},
};
static const struct pack_place places[] = {
    {.number = 1,
     .text = "https://example.org/post/\xe2\x80\xae"
             "83921?ref=share&utm_source=a_long_one_that_goes_on_and_on_and_on_and_on",
     .day_ms = OPENED,
     .notices = to_platform,
     .n_notices = 2},
    {.number = 2, .text = "@somebody on Example Chat", .day_ms = OPENED + DAY},
};
static const struct pack_letter letters[] = {
    {.id = "7b0c54f01e6d4a1b8c9d0e1f2a3b4c5d",
     .recipient = "Example Platform",
     .address = "abuse@example.org",
     .subject = "Notice under the TAKE IT DOWN Act\nBcc: nobody@example.org",
     .body = "To whom it may concern,\n\nwe write as the authorised representative of the person "
             "shown in this content, who did not consent to its publication:\n\n"
             "    https://example.org/post/83921\n\n"
             "Please remove it, and every identical copy, within 48 hours.\n\n"
             "Signed electronically,\nExample Helpline",
     .lang = "en",
     .regime = "us-tida",
     .law_date = "2026-11-01",
     .channel = LETTER_MAIL,
     .state = LETTER_HANDED_OVER,
     .made_ms = SENT},
    {.id = "0123456789abcdef0123456789abcdef",
     .recipient = "Example Host",
     .subject = "طلب إزالة محتوى",
     .body = "السادة الكرام،\n\nنطلب منكم إزالة المحتوى المنشور دون موافقة:\n\n"
             "https://example.org/post/83921\n\nمع التقدير",
     .lang = "ar",
     .channel = LETTER_FORM,
     .state = LETTER_GIVEN,
     .made_ms = SENT + DAY},
};
static const struct pack_item items[] = {
    {1, LK_IMAGE, LK_TIER_SELF, true, 1},
    {2, LK_VIDEO, LK_TIER_CHECKED, false, 0},
};
static const struct pack_copy copies[] = {
    {.partner = "Another Platform",
     .note = "Removed by our automated system.",
     .item = 1,
     .grade = LK_EXACT,
     .state = MATCH_REMOVED,
     .found_ms = SENT + 2 * HOUR,
     .answered_ms = SENT + 3 * HOUR},
};
static const struct pack_brake brakes[] = {
    {.item = 2, .reason = REASON_SATIRE_OR_ART, .since_ms = SENT + DAY},
    {.item = 1,
     .reason = REASON_CONSENT_SHOWN,
     .partner = "Another Platform",
     .since_ms = SENT + DAY,
     .lifted_ms = SENT + 2 * DAY},
};
static const struct pack_made made[] = {
    {1, "The file says that it was made by a generator: c2pa.actions, created by an algorithm.\n"},
};

const struct pack_source pack_sample = {
    .state = CASE_OPEN,
    .opened_day_ms = OPENED,
    .operator_name = "Example Helpline",
    .operator_contact = "mailto:desk@example.org",
    .law_date = "2026-11-01",
    .items = items,
    .n_items = 2,
    .copies = copies,
    .n_copies = 1,
    .brakes = brakes,
    .n_brakes = 2,
    .places = places,
    .n_places = 2,
    .letters = letters,
    .n_letters = 2,
    .made = made,
    .n_made = 1,
};

struct pack_order pack_sample_order(const char *paper)
{
    return (struct pack_order){.id = "7d1f0c2a99b1e4f0",
                               .whom = PACK_POLICE,
                               .made_ms = PACK_SAMPLE_MS,
                               .tool_version = "0.1.0",
                               .speech = pack_english(),
                               .paper = paper};
}
