/* exchange/ncmec.h - the XML of the hash sharing interface of NCMEC, version 2, both ways. Pure;
 * threads: any.
 *
 * Names count, namespaces do not. An item is known by its owner's id, by being a picture or a video
 * and by its id; what is deleted comes with these alone. Of fingerprints MD5, SHA-1 and PDQ are
 * read, others are passed over; an item that has only others is dropped and counted. */
#ifndef EXCHANGE_NCMEC_H
#define EXCHANGE_NCMEC_H

#include "exchange/foreign.h"

#define NCMEC_NAMESPACE "https://hashsharing.ncmec.org/hashsharing/v2"

/* The answer to entries: `next` is what is appended to the base address for the next page, until_s
 * the later maxTimestamp. The classification is the record's tag.
 * Errors: as xml_parse(); LK_INVALID, naming what is missing. */
enum lk_status ncmec_page_read(const char *text, size_t n, struct arena *arena,
                               struct foreign_page *out, struct lk_error *err) LK_MUST_CHECK;
void ncmec_page_write(struct buf *out, const struct foreign_page *page);

/* A member, or a reason for saying no. */
struct ncmec_name {
    const char *id, *name;
};

/* The answers to status and members. `user` is who asks. */
void ncmec_status_write(struct buf *out, const char *user, const struct ncmec_name *member);
void ncmec_members_write(struct buf *out, const struct ncmec_name *members, size_t n);
enum lk_status ncmec_members_read(const char *text, size_t n, struct arena *arena,
                                  struct ncmec_name **out, size_t *n_out,
                                  struct lk_error *err) LK_MUST_CHECK;

/* The answer to feedback/TYPE/reasons. */
void ncmec_reasons_write(struct buf *out, const struct ncmec_name *reasons, size_t n);

/* The body of a feedback: the opinion and, of a negative one, the ids of reasons as tags. The print
 * is none: the address says which. Errors: LK_INVALID (neither, or both), as xml_parse(). */
enum lk_status ncmec_feedback_read(const char *text, size_t n, struct arena *arena,
                                   struct foreign_feedback *out,
                                   struct lk_error *err) LK_MUST_CHECK;
void ncmec_feedback_write(struct buf *out, const struct foreign_feedback *feedback);

#endif
