/* Entries, members and feedback in the form of NCMEC, and with them the reader of XML. */
#include "exchange/ncmec.h"
#include "fuzz_foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct foreign_feedback feedback;
    struct ncmec_name *members;
    size_t n_members;
    arena_init(&arena, lk_alloc_heap(), 1 << 24);
    if (ncmec_feedback_read((const char *)bytes, n, &arena, &feedback, NULL) == LK_OK)
        fuzz_need(feedback.n_tags <= FOREIGN_MAX_TAGS);
    if (ncmec_members_read((const char *)bytes, n, &arena, &members, &n_members, NULL) == LK_OK)
        for (size_t i = 0; i < n_members; i++)
            fuzz_need(members[i].id != NULL && members[i].name != NULL);
    arena_fini(&arena);
    return fuzz_page(bytes, n, ncmec_page_read, ncmec_page_write, 1);
}
