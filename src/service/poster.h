/* service/poster.h - hands the desk's letters to the mail server, on a thread of its own: however
 * slow that server is, nothing else waits for it. */
#ifndef SERVICE_POSTER_H
#define SERVICE_POSTER_H

#include <likeness/status.h>

struct poster;
struct service;

/* Starts the thread, which looks for letters at once and then every mail_every_s. Without a mail
 * server there is none: *out is NULL. What was being handed over when the service last stopped is
 * marked as unclear first. Logs counts alone. Errors: LK_IO, LK_NOMEM, LK_INTERNAL (no thread). */
enum lk_status poster_start(struct service *service, struct poster **out,
                            struct lk_error *err) LK_MUST_CHECK;

/* Ends the thread: a letter that the server has not got whole is broken off, and tried again after
 * the next start; for an answer about one that it has got there are five seconds. NULL is fine. */
void poster_stop(struct poster *poster);

#endif
