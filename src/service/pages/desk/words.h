/* service/pages/desk/words.h - the desk's own words for roles, states, targets and ways: short, in
 * English; look them up with page_text(). */
#ifndef SERVICE_PAGES_DESK_WORDS_H
#define SERVICE_PAGES_DESK_WORDS_H

const char *desk_role_words(unsigned role);    /* enum staff_role */
const char *desk_notice_words(unsigned state); /* enum notice_state */
const char *desk_notice_tone(unsigned state,
                             unsigned alarm);     /* a class: "late" "soon" "open" "done" "calm" */
const char *desk_alarm_words(unsigned alarm);     /* enum notice_alarm; "" for calm */
const char *desk_actor_words(unsigned actor);     /* enum notice_actor */
const char *desk_target_words(unsigned target);   /* enum law_target */
const char *desk_channel_words(unsigned channel); /* enum letter_channel */
const char *desk_letter_words(unsigned state);    /* enum letter_state */
const char *desk_harm_words(unsigned harm);       /* 0..4 */
const char *desk_clock_words(unsigned kind);      /* enum law_clock_kind */
const char *desk_escalate_words(unsigned rule);   /* enum ladder_auto */

#endif
