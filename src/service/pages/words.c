/* The rules for these words: who did what, never more than is known, nothing that promises. */
#include "service/pages/words.h"

#include "cases/match_state.h"
#include "cases/notice.h"
#include "service/pages/page.h"

#include <likeness/match.h>

const struct copy_words *copy_words(unsigned state)
{
    static const struct copy_words words[] = {
        [0] = {"calm", "", ""},
        [MATCH_FOUND] = {"open", N_("Found, no answer yet"),
                         N_("The platform knows of it. It has not said yet what it will do.")},
        [MATCH_ACKNOWLEDGED] = {"open", N_("Being looked at"),
                                N_("The platform says that it is looking at it.")},
        [MATCH_REMOVED] = {"done", N_("Removed there"),
                           N_("The platform says that it removed this copy. Copies in other places "
                              "are not touched by that.")},
        [MATCH_LIMITED] =
            {"calm", N_("Fewer people can see it"),
             N_("The platform says that it limited who can see this copy. It is still "
                "there.")},
        [MATCH_REFUSED] =
            {"open", N_("Not removed"),
             N_("The platform looked at this copy and decided to leave it. A helpline "
                "can tell you what else is possible.")},
        [MATCH_NOT_ACTIONABLE] =
            {"open", N_("The platform could not act"),
             N_("The reason is below. A helpline can help you with the next step.")},
        [MATCH_DISPUTED] = {"open", N_("Someone objected"),
                            N_("The person who posted it says that it may stay. The platform has "
                               "to decide.")},
        [MATCH_RESTORED] = {"open", N_("Put back"),
                            N_("The platform had removed this copy and put it back. A helpline can "
                               "tell you what else is possible.")},
    };
    return &words[state < sizeof words / sizeof words[0] ? state : 0];
}

const struct copy_words *notice_words(unsigned state)
{
    static const struct copy_words words[NOTICE_N_STATES] = {
        [0] = {"calm", "", ""},
        [NOTICE_SENT] = {"open", N_("Notice sent"), N_("The helpline told %to% on %sent%.")},
        [NOTICE_IN_REVIEW] = {"open", N_("Being looked at"),
                              N_("%to% says that it is looking at it.")},
        [NOTICE_REMOVED] =
            {"done", N_("Removed there"),
             N_("%to% says that it is removed. Copies in other places are not touched "
                "by that.")},
        [NOTICE_REFUSED] = {"open", N_("Not removed"),
                            N_("%to% decided to leave it. The helpline can tell you what else is "
                               "possible.")},
        [NOTICE_NOT_ACTIONABLE] =
            {"open", N_("The platform could not act"),
             N_("%to% needs something more. The helpline writes to you about it.")},
        [NOTICE_ESCALATED] = {"open", N_("Taken further"),
                              N_("The helpline has brought it before an authority or a court.")},
        [NOTICE_BACK] =
            {"open", N_("It is back"),
             N_("It was removed at %to% and is there again. The time limit began anew.")},
        [NOTICE_READY] = {"open", N_("Being sent"), N_("The helpline has written to %to%.")},
        [NOTICE_DELIVERED] = {"open", N_("Notice sent"), N_("The notice reached %to% on %sent%.")},
        [NOTICE_LIMITED] = {"calm", N_("Fewer people can see it"),
                            N_("%to% says that fewer people can see it. It is still there.")},
        [NOTICE_DISPUTED] = {"open", N_("Someone objected"),
                             N_("It is not decided yet. The helpline goes on with it.")},
        [NOTICE_ACCEPTED] = {"calm", N_("It stays"),
                             N_("%to% left it, and the helpline accepted the reason. You can ask "
                                "the helpline why.")},
        [NOTICE_CLOSED] = {"calm", N_("Another way"),
                           N_("The helpline ended this notice and goes on in another way.")},
        [NOTICE_FAILED] = {"open", N_("It did not arrive"),
                           N_("The notice did not reach %to%. The helpline tries another way.")},
    };
    return &words[state < NOTICE_N_STATES ? state : 0];
}

const char *reason_words(unsigned reason)
{
    static const char *const words[MATCH_N_REASONS] = {
        [REASON_NOT_THE_SAME] = N_("The platform says that it shows something else."),
        [REASON_CONSENT_SHOWN] = N_("The platform says that the person shown agreed to this post."),
        [REASON_PUBLIC_INTEREST] = N_("The platform says that it is of public interest."),
        [REASON_SATIRE_OR_ART] = N_("The platform says that it is satire or art."),
        [REASON_NOT_INTIMATE] = N_("The platform says that its rules do not cover this picture."),
        [REASON_LEGAL_HOLD] = N_("An authority asked the platform to keep it."),
        [REASON_CONTENT_NOT_FOUND] = N_("The platform no longer finds it."),
        [REASON_LOCATION_MISSING] = N_("The platform needs to know where exactly it is."),
        [REASON_IDENTITY_MISSING] = N_("The platform cannot tell who is shown."),
        [REASON_STATEMENT_MISSING] = N_("The platform needs a statement that the law asks for."),
        [REASON_NOT_OUR_SERVICE] = N_("It is on another company's computers."),
        [REASON_NO_ACCESS] = N_("It is encrypted, and the platform cannot see it."),
        [REASON_UPLOADER_CONSENT] = N_("The person who posted it says that you agreed."),
        [REASON_UPLOADER_SELF] = N_("The person who posted it says to be the person shown."),
        [REASON_UPLOADER_LAWFUL] = N_("The person who posted it says that it is lawful."),
        [REASON_UPLOADER_MISTAKEN] =
            N_("The person who posted it says that it is another picture."),
        [REASON_AGE_RESTRICTED] = N_("Only adults can open it there."),
        [REASON_REACH_REDUCED] = N_("It is shown and found less there."),
    };
    return reason < MATCH_N_REASONS && words[reason] != NULL ? words[reason] : "";
}

const char *grade_words(unsigned grade)
{
    switch (grade) {
    case LK_EXACT:
        return N_("It is the same picture.");
    case LK_NEAR:
        return N_("It is the same picture, a little changed.");
    case LK_PARTIAL:
        return N_(
            "It shares content with your picture: perhaps a part of it. A person looks at it.");
    default:
        return N_("It may share content with your picture. A person looks at it.");
    }
}

static const char *says_of_video(unsigned grade)
{
    switch (grade) {
    case LK_EXACT:
        return N_("The upload is the same video as one that a person has registered.");
    case LK_NEAR:
        return N_("The upload is the same video as a registered one, a little changed.");
    case LK_PARTIAL:
        return N_("The upload shares content with a registered video.");
    default:
        return N_("The upload may share content with a registered video.");
    }
}

static const char *says_of_recording(unsigned grade)
{
    switch (grade) {
    case LK_EXACT:
        return N_("The upload is the same recording as one that a person has registered.");
    case LK_NEAR:
        return N_("The upload is the same recording as a registered one, a little changed.");
    case LK_PARTIAL:
        return N_("The upload shares sound with a registered recording.");
    default:
        return N_("The upload may share sound with a registered recording.");
    }
}

const char *grade_says(unsigned grade, unsigned medium)
{
    if (medium == LK_VIDEO)
        return says_of_video(grade);
    if (medium == LK_AUDIO)
        return says_of_recording(grade);
    switch (grade) {
    case LK_EXACT:
        return N_("The upload is the same picture as one that a person has registered.");
    case LK_NEAR:
        return N_("The upload is the same picture as a registered one, a little changed.");
    case LK_PARTIAL:
        return N_("The upload shares content with a registered picture.");
    default:
        return N_("The upload may share content with a registered picture.");
    }
}

const char *grade_use(unsigned grade)
{
    switch (grade) {
    case LK_EXACT:
        return N_("It may be blocked at once.");
    case LK_NEAR:
        return N_("It may be blocked; a part of the decisions is looked at afterwards.");
    case LK_PARTIAL:
        return N_("It may be held, or shown to fewer people, until a person has looked.");
    default:
        return N_(
            "It may be put in the queue of a person, without any effect on whoever posted it.");
    }
}

const char *action_words(unsigned action)
{
    switch (action) {
    case LK_ACT_BLOCK:
        return N_("it may be blocked.");
    case LK_ACT_HOLD:
        return N_("it may be held, or shown to fewer people.");
    default:
        return N_("nothing but a place in the queue.");
    }
}

const char *tier_words(unsigned tier)
{
    switch (tier) {
    case LK_TIER_CONFIRMED:
        return N_("a platform has looked at a copy and agreed.");
    case LK_TIER_CHECKED:
        return N_("a helpline has looked into it.");
    default:
        return N_("nobody but the person has looked at it.");
    }
}
