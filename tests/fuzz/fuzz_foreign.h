/* What is read of a list of others is within its limits, and reads the same once it was written. */
#ifndef TESTS_FUZZ_FOREIGN_H
#define TESTS_FUZZ_FOREIGN_H

#include "exchange/foreign.h"

#include <string.h>

typedef enum lk_status fuzz_read(const char *text, size_t n, struct arena *arena,
                                 struct foreign_page *out, struct lk_error *err);
typedef void fuzz_write(struct buf *out, const struct foreign_page *page);

static inline void fuzz_need(int good)
{
    if (!good)
        __builtin_trap();
}

static inline void fuzz_check(const struct foreign_page *page)
{
    for (size_t i = 0; i < page->n_records; i++) {
        const struct foreign_record *r = &page->records[i];
        fuzz_need(foreign_text_fits(r->id) && foreign_text_fits(r->owner));
        fuzz_need(r->n_prints <= FOREIGN_MAX_PRINTS && r->n_tags <= FOREIGN_MAX_TAGS);
        fuzz_need(r->n_prints > 0 || r->is_withdrawn);
        for (size_t k = 0; k < r->n_tags; k++)
            fuzz_need(foreign_text_fits(r->tags[k]));
    }
}

/* `is_whole`: what is written holds every record that was read. */
static inline int fuzz_page(const uint8_t *bytes, size_t n, fuzz_read *read, fuzz_write *write,
                            int is_whole)
{
    struct arena arena;
    struct buf text;
    struct foreign_page page, back;
    struct lk_error err;
    arena_init(&arena, lk_alloc_heap(), 1 << 24);
    buf_init(&text, lk_alloc_heap(), 1 << 24);
    if (read((const char *)bytes, n, &arena, &page, &err) == LK_OK) {
        fuzz_check(&page);
        write(&text, &page);
        fuzz_need(text.status == LK_OK);
        fuzz_need(read(text.p, text.n, &arena, &back, &err) == LK_OK);
        fuzz_check(&back);
        fuzz_need(back.n_dropped == 0 && back.n_records <= page.n_records);
        fuzz_need(!is_whole || back.n_records == page.n_records);
    }
    buf_fini(&text);
    arena_fini(&arena);
    return 0;
}

#endif
