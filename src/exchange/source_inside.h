/* exchange/source_inside.h - what the files source_*.c share. */
#ifndef EXCHANGE_SOURCE_INSIDE_H
#define EXCHANGE_SOURCE_INSIDE_H

#include "exchange/source.h"

enum { SOURCE_ROOM = SOURCE_MAX_PATH + 32 };

struct source {
    struct bank *bank;
    struct source_settings settings;
    struct source_state state;
    enum bank_mode mode;
    char name[SOURCE_MAX_NAME + 1];
    char dir[SOURCE_MAX_PATH + 1];
    uint8_t bank_key[BANK_KEY_BYTES], id_key[SEAL_KEY_BYTES]; /* wiped by source_close() */
};

/* "DIR/file". Errors: LK_LIMIT. */
enum lk_status source_path(const char *dir, const char *file, char out[SOURCE_ROOM],
                           struct lk_error *err) LK_MUST_CHECK;

enum lk_status source_write_settings(const char *dir, const struct source_settings *settings,
                                     struct lk_error *err) LK_MUST_CHECK;
enum lk_status source_write_state(const char *dir, const struct source_state *state,
                                  struct lk_error *err) LK_MUST_CHECK;

/* Empties the bank and the state, but for the counts. */
enum lk_status source_reset(struct source *source, struct lk_error *err) LK_MUST_CHECK;

/* What to ask for the next page, by the state; the texts live in the arena. `now_s` is where a new
 * reading of NCMEC ends. */
enum lk_status source_ask(struct source *source, const struct source_secrets *secrets,
                          int64_t now_s, struct arena *arena, struct source_request *out,
                          struct lk_error *err) LK_MUST_CHECK;

/* Reads the page in the source's form. */
enum lk_status source_read_page(const struct source *source, const struct buf *body,
                                struct arena *arena, struct foreign_page *out,
                                struct lk_error *err) LK_MUST_CHECK;

/* Moves the state on behind a page that was applied. Errors: LK_CORRUPT (it leads nowhere, or to
 * another server). */
enum lk_status source_advance(struct source *source, const struct foreign_page *page,
                              struct lk_error *err) LK_MUST_CHECK;

/* For so long a server remembers what was withdrawn; 0: for ever. */
int64_t source_memory_ms(unsigned kind);

#endif
