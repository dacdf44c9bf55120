/* node/look.h - searches the platform's own contents, and notes what is found. */
#ifndef NODE_LOOK_H
#define NODE_LOOK_H

#include "cases/match.h"
#include "node/lines.h"
#include "node/node_inside.h"

/* Searches the archive for n entries that are about to come into force; a content counts where
 * asking for it would be answered with the entry. Everything found is durable when it returns: call
 * it before the entries are in the bank, so that a crash in between only finds it again. Errors:
 * those of bank_match() and findings_add(). The follower's thread alone. */
enum lk_status look_for_entries(struct node *node, const struct bank_entry *entries, size_t n,
                                struct lk_error *err) LK_MUST_CHECK;

/* Notes the matches of contents that have a name. *n_new: how many findings are new. Errors: those
 * of findings_add(). Threads: any. */
enum lk_status look_note(struct node *node, enum found_by by, const struct match_result *results,
                         const struct node_line *lines, size_t n, struct arena *arena,
                         size_t *n_new, struct lk_error *err) LK_MUST_CHECK;

/* In shadow mode the matches of uploads that have a name are noted too. Errors: as look_note(). */
enum lk_status look_note_uploads(struct node *node, const struct match_result *results,
                                 const struct node_line *lines, size_t n, struct arena *arena,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Searches contents of the archive, `limit` from the number *after on, which then is that of the
 * last; *n: how many there were. Errors: those of node_match() and look_note(). Threads: any. */
enum lk_status look_through_archive(struct node *node, uint64_t *after, size_t limit,
                                    struct arena *arena, size_t *n, size_t *n_new,
                                    struct lk_error *err) LK_MUST_CHECK;

/* Drops the findings of entries that the bank does not have, and what is known of their posters. */
enum lk_status look_drop_gone(struct node *node, struct lk_error *err) LK_MUST_CHECK;

#endif
