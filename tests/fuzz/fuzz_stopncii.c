/* Pages, answers and hashes in the form of StopNCII. */
#include "exchange/stopncii.h"
#include "fuzz_foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct foreign_page page;
    struct foreign_feedback *list;
    size_t n_list, n_dropped;
    arena_init(&arena, lk_alloc_heap(), 1 << 24);
    if (stopncii_hashes_read((const char *)bytes, n, &arena, &page, NULL) == LK_OK)
        fuzz_check(&page);
    if (stopncii_feedback_read((const char *)bytes, n, &arena, &list, &n_list, &n_dropped, NULL) ==
        LK_OK)
        for (size_t i = 0; i < n_list; i++)
            fuzz_need(foreign_print_bytes(list[i].print.type) > 0);
    arena_fini(&arena);
    return fuzz_page(bytes, n, stopncii_page_read, stopncii_page_write, 1);
}
