/* The facts of a case, which begin as what a person's browser sealed: any bytes. What is read is
 * written and read again the same, and fills letters and the host of a link without harm. */
#include "cases/facts.h"
#include "law/platforms.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void write_facts(const struct case_facts *facts, struct buf *out, struct arena *arena)
{
    buf_init(out, &arena->alloc, 1 << 20);
    case_facts_write(facts, out);
    if (out->status != LK_OK)
        abort();
}

static void fill_letter(const struct case_facts *facts, struct arena *arena)
{
    static const struct law_sender sender = {
        .organisation = "Org", .signer = "Signer", .contact = "a@b.example"};
    const char *url = facts->answers.shows == NULL ? "x" : facts->answers.shows;
    struct law_letter letter;
    struct lk_error err;
    const struct law_letter_order order = {
        .lang = "en",
        .target = LAW_TARGET_PLATFORM,
        .recipient = "Platform",
        .reference = "LK-1",
        .day = "2026-11-24",
        .urls = &url,
        .n_urls = 1,
        .answers = &facts->answers,
        .sender = &sender,
        .own_hours = 48,
    };
    if (law_letter_make(arena, &order, &letter, &err) == LK_OK && letter.n_missing == 0 &&
        letter.body == NULL)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct lk_error err;
    struct case_facts facts = {0}, again = {0};
    struct buf first, second;
    char host[256];
    arena_init(&arena, lk_alloc_heap(), 1 << 24);
    char *text = arena_copy(&arena, (const char *)bytes, n);
    /* texts of a case hold no NUL: boxes that do are shown as lost */
    if (text != NULL && memchr(bytes, 0, n) == NULL &&
        case_facts_read(&arena, text, n, &facts, &err) == LK_OK) {
        write_facts(&facts, &first, &arena);
        if (case_facts_read(&arena, buf_text(&first), first.n, &again, &err) != LK_OK)
            abort();
        write_facts(&again, &second, &arena);
        if (first.n != second.n || (first.n > 0 && memcmp(first.p, second.p, first.n) != 0))
            abort();
        fill_letter(&facts, &arena);
        (void)law_host_of_url(text, host, sizeof host);
    }
    arena_fini(&arena);
    return 0;
}
