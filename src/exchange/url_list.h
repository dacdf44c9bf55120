/* exchange/url_list.h - addresses that another tool found, as a table with a line of headings.
 *
 * Columns are known by their headings, in any order and in any case: the address (url, link or
 * address) and the case (32 hexadecimal digits) are needed; platform, note and found (a day, as
 * 2026-11-24) are read where they are. Any other column is told and passed over. */
#ifndef EXCHANGE_URL_LIST_H
#define EXCHANGE_URL_LIST_H

#include "exchange/csv.h"

enum url_column {
    URL_COLUMN_ADDRESS,
    URL_COLUMN_CASE,
    URL_COLUMN_PLATFORM,
    URL_COLUMN_NOTE,
    URL_COLUMN_FOUND,
    URL_N_COLUMNS
};

/* Texts are trimmed, "" where the row has none; borrowed during the call. */
struct url_line {
    uint64_t line;
    const char *url, *case_id, *platform, *note, *found;
};

struct url_list {
    enum lk_status (*take)(void *ctx, const struct url_line *line, struct lk_error *err);
    void (*unknown)(void *ctx, const char *heading); /* may be NULL */
    void *ctx;
    int columns[URL_N_COLUMNS]; /* the field of each, from 1; 0: none */
    bool has_headings;
    struct csv csv;
};

/* Set take, unknown and ctx first. Then url_list_feed() and url_list_end(), as csv_feed() and
 * csv_end() with their errors, and LK_INVALID when a needed heading is missing or one is there
 * twice. */
void url_list_init(struct url_list *list);
void url_list_fini(struct url_list *list);
enum lk_status url_list_feed(struct url_list *list, const void *bytes, size_t n,
                             struct lk_error *err) LK_MUST_CHECK;
enum lk_status url_list_end(struct url_list *list, struct lk_error *err) LK_MUST_CHECK;

#endif
