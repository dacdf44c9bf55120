/* exchange/feed_files.h - snapshots of the feed as files: docs/formats/feed.md § 6. */
#ifndef EXCHANGE_FEED_FILES_H
#define EXCHANGE_FEED_FILES_H

#include "cases/feed_snapshot.h"

/* Writes a new snapshot for a partner below `directory` (made when missing), has newcomers told of
 * it, and removes the one before. *n_files, *n_bytes: of the new one. Interrupted at any place, the
 * one before or the new one is whole and told of; what was half written has a name that nobody is
 * told. Errors: LK_IO (disk), LK_NOMEM, and those of feed_read(). */
enum lk_status feed_files_write(struct registry *r, const struct partner *partner,
                                const char *directory, uint64_t *n_files, uint64_t *n_bytes,
                                struct lk_error *err) LK_MUST_CHECK;

#endif
