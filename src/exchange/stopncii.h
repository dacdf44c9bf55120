/* exchange/stopncii.h - the JSON of the StopNCII interface, both ways. Pure; threads: any.
 *
 * Numbers must be numbers; the token of the next page may be null or missing; a record that has a
 * type or a status that is not known is dropped and counted, never the page. Signal types are read
 * with the prefix "StopNCIISignalType." that a common client sends. */
#ifndef EXCHANGE_STOPNCII_H
#define EXCHANGE_STOPNCII_H

#include "exchange/foreign.h"

#define STOPNCII_MAX_RECORDS 1000 /* of a page that we write, and of what is handed in */
#define STOPNCII_PAGE        800  /* what clients ask for */
#define STOPNCII_FIRST_S     10   /* the first startTimestamp of all */

/* The answer to FetchHashes. Of a page: `next` is the token, `until_s` nextSetTimestamp; of records
 * is_video, modified_s, is_withdrawn and the one print (PDQ of a picture, MD5 of a video).
 * Errors: LK_INVALID, naming the member; LK_NOMEM. */
enum lk_status stopncii_page_read(const char *text, size_t n, struct arena *arena,
                                  struct foreign_page *out, struct lk_error *err) LK_MUST_CHECK;
void stopncii_page_write(struct buf *out, const struct foreign_page *page);

/* The bodies of SubmitHashes: as above, with the opinion and the tags of who hands it in.
 * Errors: as above, LK_LIMIT (STOPNCII_MAX_RECORDS). */
enum lk_status stopncii_hashes_read(const char *text, size_t n, struct arena *arena,
                                    struct foreign_page *out, struct lk_error *err) LK_MUST_CHECK;
void stopncii_hashes_write(struct buf *out, const struct foreign_record *records, size_t n);

/* The bodies of SubmitFeedback. What is no fingerprint or no known opinion is dropped: *n_dropped.
 */
enum lk_status stopncii_feedback_read(const char *text, size_t n, struct arena *arena,
                                      struct foreign_feedback **out, size_t *n_out,
                                      size_t *n_dropped, struct lk_error *err) LK_MUST_CHECK;
void stopncii_feedback_write(struct buf *out, const struct foreign_feedback *list, size_t n);

#endif
