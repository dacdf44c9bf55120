/* service/pages/inbox/inbox.h - the inbox of a platform as pages, for sites without a program.
 *
 * Signed in by key; without scripts. What may be read and said here is what /v1/notices and
 * /v1/matches let the same key read and say. */
#ifndef SERVICE_PAGES_INBOX_INBOX_H
#define SERVICE_PAGES_INBOX_INBOX_H

#include "service/route.h"

handler inbox_sign_in, inbox_signed_in, inbox_sign_out;
handler inbox_letters_page, inbox_notice_page, inbox_notice_reply, inbox_notices_csv;
handler inbox_matches_page, inbox_match_page, inbox_match_reply, inbox_matches_csv;

#endif
