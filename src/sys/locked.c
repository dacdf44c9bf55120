/* One anonymous mapping a block. The kernel gives huge pages only where 2 MiB of address space
 * begin at a multiple of 2 MiB, so a large block is mapped with room to spare and trimmed:
 *
 *     mmap   |....|=================================|......|
 *                 ^ multiple of 2 MiB               ^ end of the last page in use
 */
#include "sys/locked.h"

#include "base/err.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static const size_t huge = (size_t)2 << 20;

static size_t whole_pages(size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (n + page - 1) / page * page;
}

static void *map_aligned(size_t n)
{
    if (n > SIZE_MAX / 2)
        return MAP_FAILED;
    size_t mapped = n < huge ? n : n + huge;
    char *p = mmap(NULL, mapped, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED || mapped == n)
        return p;
    size_t before = (huge - (uintptr_t)p % huge) % huge;
    if (before > 0)
        munmap(p, before);
    if (huge > before)
        munmap(p + before + n, huge - before);
    madvise(p + before, n, MADV_HUGEPAGE);
    return p + before;
}

static enum lk_status lock_limit(size_t n, struct lk_error *err)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0)
        limit.rlim_cur = 0;
    return FAIL(err, LK_LIMIT,
                "cannot lock %zu bytes of memory: a process may lock %llu here; raise it "
                "(ulimit -l, LimitMEMLOCK of systemd) or go without locking",
                n, (unsigned long long)limit.rlim_cur);
}

enum lk_status locked_take(size_t n_bytes, enum locked_need need, struct locked *out,
                           struct lk_error *err)
{
    *out = (struct locked){.n_bytes = n_bytes};
    if (n_bytes == 0)
        return LK_OK;
    void *p = map_aligned(whole_pages(n_bytes));
    if (p == MAP_FAILED) {
        out->n_bytes = 0;
        return FAIL(err, LK_NOMEM, "no memory: %zu bytes are needed", n_bytes);
    }
    out->bytes = p;
    madvise(p, whole_pages(n_bytes), MADV_DONTDUMP);
    if (need != LOCKED_NO) {
        madvise(p, whole_pages(n_bytes), MADV_DONTFORK); /* a child would not inherit the lock */
        out->is_locked = mlock2(p, whole_pages(n_bytes), MLOCK_ONFAULT) == 0;
    }
    if (need == LOCKED_REQUIRE && !out->is_locked) {
        locked_free(out);
        return lock_limit(n_bytes, err);
    }
    return LK_OK;
}

void locked_free(struct locked *block)
{
    if (block->bytes != NULL)
        munmap(block->bytes, whole_pages(block->n_bytes));
    *block = (struct locked){.bytes = NULL};
}
