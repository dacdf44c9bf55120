/* The rules for these words: what to do first, no blame, nothing that promises, nothing that asks a
 * person to look at it again or to copy it. */
#include "service/pages/steps.h"

#include "service/pages/page.h"

static const char *const for_minors[] = {
    N_("Do not save it, copy it or send it to anyone, not even to show it."),
    N_("Write down only the web address where you saw it, and the name of the account."),
    N_("Talk to an adult you trust, or to one of the people below."),
    NULL,
};

static const char *const steps[LAW_N_KINDS][MAX_STEPS + 1] = {
    [LAW_KIND_UNSAID] =
        {
            N_("Write down where it is: web addresses, names of accounts, the day."),
            N_("Report it to the platform. The ways are below."),
            N_("Talk to one of the people below. You need not know what it is called."),
        },
    [LAW_INTIMATE] =
        {
            N_("Write down where it is: web addresses, names of accounts, the day."),
            N_("If you have the file, register its fingerprint here. Platforms that work with us "
               "can "
               "then find copies."),
            N_("Report it to the platform. The ways are below."),
            N_("Keep messages in which someone threatens you or admits it."),
        },
    [LAW_EXTORTION] =
        {
            N_("Do not pay, and send nothing more. Who pays is often asked again."),
            N_("Stop answering, but keep the messages and the names of the accounts."),
            N_("Make your accounts safe: new passwords, and hide your list of friends."),
            N_("Report the account to the platform."),
            N_("If you have the file, register its fingerprint here, also before it is shared."),
        },
    [LAW_DECEPTION] =
        {
            N_("If money has gone, call your bank now. The first hours count."),
            N_("Call the real person on a number that you know."),
            N_("Keep the recording, the number and the messages."),
            N_("Report the call, the advert or the account to the platform."),
            N_("Agree on a word with your family that only you know."),
        },
    [LAW_FALSE] =
        {
            N_("Write down where it is: web addresses, names of accounts, the day."),
            N_("Report it to the platform as false or manipulated."),
            N_("Tell people who matter to you that it is false."),
        },
    [LAW_HATE] =
        {
            N_("Do not pass it on, not even to speak against it."),
            N_("Report it to the platform as illegal."),
            N_("If it calls for violence, tell the police."),
        },
    [LAW_TERROR] =
        {
            N_("Do not pass it on, and do not keep a copy."),
            N_("Tell the police where you saw it."),
            N_("Report it to the platform as illegal."),
        },
    [LAW_HARASSMENT] =
        {
            N_("Keep a list: what happened, when, and who saw it."),
            N_("Block the account and report it, after you have written it down."),
            N_("If it is a partner or someone who was one, a service for domestic abuse can make a "
               "plan with you. Sudden changes may be noticed."),
            N_("If you are afraid, tell the police."),
        },
    [LAW_FAKE_ACCOUNT] =
        {
            N_("Write down the address and the name of the account."),
            N_("Report it to the platform as an account that pretends to be you."),
            N_("Tell people who matter to you that it is not you."),
        },
    [LAW_TOOL] =
        {
            N_("Write down the name and the web address of the app or site. Do not try it out."),
            N_("Report it to the app store, or to the company that hosts it."),
            N_("If there is already a picture of you, choose that instead. You can go back."),
        },
};

const char *const *steps_of(const struct law_situation *s)
{
    return s->ages == LAW_UNDER_18 ? for_minors : steps[s->kind];
}

const char *limits_of(const struct law_situation *s)
{
    switch (s->kind) {
    case LAW_DECEPTION:
    case LAW_FALSE:
    case LAW_FAKE_ACCOUNT:
        return N_("Many laws leave out satire, and what anyone can see is fake. Some protect you "
                  "even then. If you are not sure, ask a helpline.");
    case LAW_INTIMATE:
    case LAW_EXTORTION:
        return N_("That it is fake, or that people can see it is fake, does not mean that you have "
                  "no rights.");
    case LAW_HATE:
    case LAW_TERROR:
        return N_("Reports of news, research and art are often left out.");
    default:
        return "";
    }
}

const char *kind_words(enum law_kind kind)
{
    static const char *const words[LAW_N_KINDS] = {
        [LAW_KIND_UNSAID] = "",
        [LAW_INTIMATE] = N_("Private pictures, videos or recordings"),
        [LAW_EXTORTION] = N_("Blackmail"),
        [LAW_DECEPTION] = N_("A face or voice used to cheat"),
        [LAW_FALSE] = N_("A false message meant to hurt"),
        [LAW_HATE] = N_("Hatred or violence"),
        [LAW_TERROR] = N_("Terrorism"),
        [LAW_HARASSMENT] = N_("Someone does not leave you alone"),
        [LAW_FAKE_ACCOUNT] = N_("A fake account"),
        [LAW_TOOL] = N_("Apps that make such pictures"),
    };
    return words[kind];
}
