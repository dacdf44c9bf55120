#include "service/pages/desk/words.h"

#include "cases/ladder.h"
#include "cases/letter.h"
#include "cases/notice.h"
#include "cases/staff.h"
#include "law/deadline.h"
#include "law/target.h"
#include "service/pages/page.h"

#define LOOK_UP(words, i) ((i) < sizeof(words) / sizeof *(words) && (words)[i] ? (words)[i] : "")

const char *desk_role_words(unsigned role)
{
    static const char *const words[] = {
        [STAFF_CASEWORKER] = N_("caseworker"), [STAFF_LEAD] = N_("lead"),
        [STAFF_ADMIN] = N_("administrator"),   [STAFF_AUDITOR] = N_("auditor"),
        [STAFF_POLICE] = N_("police liaison"),
    };
    return LOOK_UP(words, role);
}

const char *desk_notice_words(unsigned state)
{
    static const char *const words[NOTICE_N_STATES] = {
        [NOTICE_SENT] = N_("sent"),
        [NOTICE_IN_REVIEW] = N_("acknowledged"),
        [NOTICE_REMOVED] = N_("removed"),
        [NOTICE_REFUSED] = N_("refused"),
        [NOTICE_NOT_ACTIONABLE] = N_("not actionable"),
        [NOTICE_ESCALATED] = N_("escalated"),
        [NOTICE_BACK] = N_("back again"),
        [NOTICE_READY] = N_("ready, not out yet"),
        [NOTICE_DELIVERED] = N_("delivered"),
        [NOTICE_LIMITED] = N_("limited"),
        [NOTICE_DISPUTED] = N_("disputed"),
        [NOTICE_ACCEPTED] = N_("refusal accepted"),
        [NOTICE_CLOSED] = N_("closed"),
        [NOTICE_FAILED] = N_("did not arrive"),
    };
    return LOOK_UP(words, state);
}

const char *desk_notice_tone(unsigned state, unsigned alarm)
{
    if (alarm == NOTICE_OVERDUE)
        return "late";
    if (alarm == NOTICE_DUE_SOON || state == NOTICE_BACK)
        return "soon";
    if (state == NOTICE_REMOVED)
        return "done";
    return notice_is_waiting(state) || state == NOTICE_READY ? "open" : "calm";
}

const char *desk_alarm_words(unsigned alarm)
{
    static const char *const words[] = {"", N_("due soon"), N_("overdue")};
    return LOOK_UP(words, alarm);
}

const char *desk_actor_words(unsigned actor)
{
    static const char *const words[] = {
        [NOTICE_BY_DESK] = N_("the desk"),
        [NOTICE_BY_PARTNER] = N_("the platform"),
        [NOTICE_BY_CLOCK] = N_("the clock"),
        [NOTICE_BY_CHECK] = N_("a look at the address"),
        [NOTICE_BY_MAIL] = N_("the mail server"),
        [NOTICE_BY_RULE] = N_("by the clock, by the operator's rule"),
    };
    return LOOK_UP(words, actor);
}

const char *desk_target_words(unsigned target)
{
    static const char *const words[LAW_N_TARGETS] = {
        [LAW_TARGET_PLATFORM] = N_("platform"),
        [LAW_TARGET_HOST] = N_("host"),
        [LAW_TARGET_NETWORK] = N_("network in front of the host"),
        [LAW_TARGET_SEARCH] = N_("search engine"),
        [LAW_TARGET_APP_STORE] = N_("app store"),
        [LAW_TARGET_ADVERTISING] = N_("advertising and payment"),
        [LAW_TARGET_REGISTRAR] = N_("registrar of the name"),
        [LAW_TARGET_REGULATOR] = N_("regulator"),
        [LAW_TARGET_POLICE] = N_("police"),
        [LAW_TARGET_HOTLINE] = N_("child hotline"),
    };
    return LOOK_UP(words, target);
}

const char *desk_channel_words(unsigned channel)
{
    static const char *const words[] = {
        [LETTER_INBOX] = N_("their inbox here"),
        [LETTER_MAIL] = N_("mail"),
        [LETTER_FORM] = N_("copy for their form"),
        [LETTER_BY_HAND] = N_("already told by hand"),
    };
    return LOOK_UP(words, channel);
}

const char *desk_letter_words(unsigned state)
{
    static const char *const words[LETTER_N_STATES] = {
        [LETTER_READY] = N_("waits"),
        [LETTER_HANDING_OVER] = N_("being handed over"),
        [LETTER_HANDED_OVER] = N_("taken by the mail server"),
        [LETTER_RETRY] = N_("will be tried again"),
        [LETTER_DEAD] = N_("not delivered"),
        [LETTER_UNCLEAR] = N_("unclear whether it went out"),
        [LETTER_BOUNCED] = N_("came back"),
        [LETTER_GIVEN] = N_("handed in"),
        [LETTER_WAITING] = N_("waits for a clock"),
        [LETTER_STOPPED] = N_("stopped"),
    };
    return LOOK_UP(words, state);
}

const char *desk_harm_words(unsigned harm)
{
    static const char *const words[] = {N_("not looked at yet"), N_("low"), N_("middle"),
                                        N_("high"), N_("now")};
    return LOOK_UP(words, harm);
}

const char *desk_clock_words(unsigned kind)
{
    static const char *const words[] = {
        [LAW_CLOCK_PLATFORM] = N_("the law's clock for the platform"),
        [LAW_CLOCK_BY_REGULATOR] = N_("the platform's clock after a regulator's notice"),
        [LAW_CLOCK_REGULATOR] = N_("the regulator's own clock"),
        [LAW_CLOCK_COURT] = N_("the clock of a court's order"),
        [LAW_CLOCK_OWN] = N_("our own reminder, no law's"),
    };
    return LOOK_UP(words, kind);
}

const char *desk_escalate_words(unsigned rule)
{
    static const char *const words[] = {
        [LADDER_SUGGEST] = N_("The operator's rule: every letter takes a person."),
        [LADDER_AUTO_SEARCH] = N_("The operator's rule: after a clock of a law, prepared letters "
                                  "to search engines go by themselves."),
        [LADDER_AUTO_UP_TO_REGISTRAR] =
            N_("The operator's rule: after a clock of a law, prepared letters go by themselves, to "
               "search engines and up to the registrar."),
    };
    return LOOK_UP(words, rule);
}
