/* What an evidence pack says in words: short, the same for police, regulator and person, and never
 * more than is known. */
#include "exchange/pack_inside.h"

#include "cases/case.h"
#include "cases/letter.h"
#include "cases/match_state.h"
#include "cases/notice.h"
#include "law/deadline.h"

#include <likeness/match.h>
#include <stdarg.h>
#include <string.h>

static const char *say_english(const void *ctx, const char *english)
{
    (void)ctx;
    return english;
}

struct pack_speech pack_english(void)
{
    return (struct pack_speech){.lang = "en", .say = say_english};
}

const char *pack_say(const struct pack_order *order, const char *english)
{
    return english[0] == '\0' ? "" : order->speech.say(order->speech.ctx, english);
}

static const char *value_of(va_list pairs, const char *name, size_t n)
{
    const char *key;
    while ((key = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (strlen(key) == n && memcmp(key, name, n) == 0)
            return value;
    }
    return "";
}

void pack_fill(const struct pack_order *order, struct buf *out, const char *english, ...)
{
    const char *text = pack_say(order, english);
    for (;;) {
        const char *open = strchr(text, '%');
        const char *shut = open != NULL ? strchr(open + 1, '%') : NULL;
        if (shut == NULL) {
            buf_str(out, text);
            return;
        }
        va_list pairs;
        buf_put(out, text, (size_t)(open - text));
        va_start(pairs, english);
        buf_str(out, value_of(pairs, open + 1, (size_t)(shut - open - 1)));
        va_end(pairs);
        text = shut + 1;
    }
}

static const char *word(const char *const *words, size_t n, unsigned i)
{
    return i < n && words[i] != NULL ? words[i] : "";
}
#define WORD(words, i) word(words, sizeof(words) / sizeof *(words), i)

const char *pack_notice_words(unsigned state)
{
    static const char *const words[NOTICE_N_STATES] = {
        [NOTICE_SENT] = N_("Notice sent"),
        [NOTICE_IN_REVIEW] = N_("Being looked at"),
        [NOTICE_REMOVED] = N_("Removed there"),
        [NOTICE_REFUSED] = N_("Not removed"),
        [NOTICE_NOT_ACTIONABLE] = N_("More information was asked for"),
        [NOTICE_ESCALATED] = N_("Taken further"),
        [NOTICE_BACK] = N_("It is back"),
        [NOTICE_READY] = N_("Written, not sent yet"),
        [NOTICE_DELIVERED] = N_("Notice delivered"),
        [NOTICE_LIMITED] = N_("Fewer people can see it"),
        [NOTICE_DISPUTED] = N_("Disputed"),
        [NOTICE_ACCEPTED] = N_("Refusal accepted"),
        [NOTICE_CLOSED] = N_("Closed by the helpline"),
        [NOTICE_FAILED] = N_("The notice did not arrive"),
    };
    return WORD(words, state);
}

const char *pack_copy_words(unsigned state)
{
    static const char *const words[MATCH_N_STATES] = {
        [MATCH_FOUND] = N_("Found, no answer yet"),
        [MATCH_ACKNOWLEDGED] = N_("Being looked at"),
        [MATCH_REMOVED] = N_("Removed there"),
        [MATCH_LIMITED] = N_("Fewer people can see it"),
        [MATCH_REFUSED] = N_("Not removed"),
        [MATCH_NOT_ACTIONABLE] = N_("The platform could not act"),
        [MATCH_DISPUTED] = N_("Someone objected"),
        [MATCH_RESTORED] = N_("Put back"),
    };
    return WORD(words, state);
}

const char *pack_reason_words(unsigned reason)
{
    static const char *const words[MATCH_N_REASONS] = {
        [REASON_NOT_THE_SAME] = N_("It is said to show something else."),
        [REASON_CONSENT_SHOWN] = N_("The person shown is said to have agreed."),
        [REASON_PUBLIC_INTEREST] = N_("It is said to be of public interest."),
        [REASON_SATIRE_OR_ART] = N_("It is said to be satire or art."),
        [REASON_NOT_INTIMATE] = N_("It is said to be outside the rules."),
        [REASON_LEGAL_HOLD] = N_("An authority asked the platform to keep it."),
        [REASON_CONTENT_NOT_FOUND] = N_("The platform no longer finds it."),
        [REASON_LOCATION_MISSING] = N_("The platform needs to know where exactly it is."),
        [REASON_IDENTITY_MISSING] = N_("The platform cannot tell who is shown."),
        [REASON_STATEMENT_MISSING] = N_("The platform needs a statement that the law asks for."),
        [REASON_NOT_OUR_SERVICE] = N_("It is on another company's computers."),
        [REASON_NO_ACCESS] = N_("It is encrypted, and the platform cannot see it."),
        [REASON_UPLOADER_CONSENT] = N_("Whoever posted it says that there was consent."),
        [REASON_UPLOADER_SELF] = N_("The person who posted it says to be the person shown."),
        [REASON_UPLOADER_LAWFUL] = N_("The person who posted it says that it is lawful."),
        [REASON_UPLOADER_MISTAKEN] =
            N_("The person who posted it says that it is another picture."),
        [REASON_AGE_RESTRICTED] = N_("Only adults can open it there."),
        [REASON_REACH_REDUCED] = N_("It is shown and found less there."),
    };
    return WORD(words, reason);
}

const char *pack_actor_words(unsigned actor)
{
    static const char *const words[] = {
        [NOTICE_BY_DESK] = N_("by the helpline"),
        [NOTICE_BY_PARTNER] = N_("by the recipient"),
        [NOTICE_BY_CLOCK] = N_("by the clock"),
        [NOTICE_BY_CHECK] = N_("by a look at the address"),
        [NOTICE_BY_MAIL] = N_("by the mail server"),
        [NOTICE_BY_RULE] = N_("by the clock, by the operator's rule"),
    };
    return WORD(words, actor);
}

const char *pack_alarm_words(unsigned alarm)
{
    static const char *const words[] = {
        [NOTICE_DUE_SOON] = N_("The time limit is near"),
        [NOTICE_OVERDUE] = N_("The time limit has passed"),
    };
    return WORD(words, alarm);
}

const char *pack_alarm_name(unsigned alarm)
{
    static const char *const names[] = {"calm", "due_soon", "overdue"};
    return WORD(names, alarm);
}

const char *pack_clock_words(unsigned kind)
{
    static const char *const words[] = {
        [LAW_CLOCK_NONE] = N_("No law sets a time limit."),
        [LAW_CLOCK_PLATFORM] = N_("A law sets this time limit for the platform."),
        [LAW_CLOCK_BY_REGULATOR] = N_("It follows a notice of the regulator."),
        [LAW_CLOCK_REGULATOR] = N_("This is the time limit of the regulator itself."),
        [LAW_CLOCK_COURT] = N_("It follows an order of a court."),
        [LAW_CLOCK_OWN] = N_("No law sets it: the helpline asks for an answer by then."),
    };
    return WORD(words, kind);
}

const char *pack_clock_name(unsigned kind)
{
    static const char *const names[] = {
        [LAW_CLOCK_NONE] = "none",
        [LAW_CLOCK_PLATFORM] = "platform",
        [LAW_CLOCK_BY_REGULATOR] = "platform_by_regulator",
        [LAW_CLOCK_REGULATOR] = "regulator",
        [LAW_CLOCK_COURT] = "court",
        [LAW_CLOCK_OWN] = "own",
    };
    return WORD(names, kind);
}

const char *pack_channel_words(unsigned channel)
{
    static const char *const words[] = {
        [LETTER_INBOX] = N_("to the inbox of the platform"),
        [LETTER_MAIL] = N_("by mail"),
        [LETTER_FORM] = N_("by a form of the recipient"),
        [LETTER_BY_HAND] = N_("in another way"),
    };
    return WORD(words, channel);
}

const char *pack_medium_words(unsigned medium)
{
    static const char *const words[] = {
        [LK_IMAGE] = N_("Picture"), [LK_VIDEO] = N_("Video"), [LK_AUDIO] = N_("Recording")};
    return WORD(words, medium);
}

const char *pack_grade_words(unsigned grade)
{
    static const char *const words[] = {
        [LK_REVIEW] = N_("It may share content."),
        [LK_PARTIAL] = N_("It shares a part of the content."),
        [LK_NEAR] = N_("It is the same, a little changed."),
        [LK_EXACT] = N_("It is the same."),
    };
    return WORD(words, grade);
}

const char *pack_tier_words(unsigned tier)
{
    static const char *const words[] = {
        [LK_TIER_SELF] = N_("nobody but the person has looked at it."),
        [LK_TIER_CHECKED] = N_("a helpline has looked into it."),
        [LK_TIER_CONFIRMED] = N_("a platform has looked at a copy and agreed."),
    };
    return WORD(words, tier);
}

const char *pack_case_words(unsigned state)
{
    static const char *const words[] = {
        [CASE_OPEN] = N_("Open"),
        [CASE_WITHDRAWN] = N_("Withdrawn by the person"),
        [CASE_EXPIRED] = N_("Ended after its time"),
    };
    return WORD(words, state);
}
