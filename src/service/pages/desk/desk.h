/* service/pages/desk/desk.h - the pages of the desk: where staff work. Behind a sign-in, denser
 * than the pages for people, and with the same frame, languages and rules. */
#ifndef SERVICE_PAGES_DESK_DESK_H
#define SERVICE_PAGES_DESK_DESK_H

#include "service/route.h"

handler desk_sign_in, desk_signed_in, desk_sign_out, desk_password, desk_choose;
handler desk_queue_page, desk_filters, desk_plan_many;
handler desk_case_page, desk_take, desk_facts, desk_links, desk_proposal, desk_note, desk_message,
    desk_open_link, desk_mark, desk_wait, desk_brake;
handler desk_plan, desk_send, desk_compose;
handler desk_letter_page, desk_settle, desk_post_page;
handler desk_requests_page, desk_ask, desk_decide;
handler desk_pack_ask_for, desk_packs_page, desk_pack_download;
handler desk_watches_page, desk_watches_change;
handler desk_me, desk_audit, desk_staff_page, desk_staff_change;

#endif
