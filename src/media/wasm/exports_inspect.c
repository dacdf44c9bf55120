/* What the page may call: inspect.wasm, which says how a file was made. It imports one function, by
 * which it reads pieces of the file that the person chose, and nothing else.
 *
 *   page.read(offset, p, n)     imported: copies n bytes of the file to p; 0: it could not
 *
 *   lk_inspect_file(size)       reads the file -> how many seals there are to check
 *   lk_inspect_seal(i)          the i-th: seven u32: algorithm as COSE numbers it (signed); where
 * the key (SubjectPublicKeyInfo) stands and its bytes; likewise message, and signature
 *   lk_inspect_checked(i, r)    what the page found: 1 it holds, 0 it does not, -1 the algorithm is
 *                               not known to this browser, -2 the key cannot be used
 *   lk_inspect_report(), _bytes()  the report as JSON (inspect/made_json.h), prompts in it; 0
 * bytes: no memory
 *
 * One module instance is one file: its state stands here. */
#include "base/json.h"
#include "inspect/inspect.h"
#include "inspect/made_json.h"
#include "media/wasm/heap.h"

#define EXPORT(name) __attribute__((export_name(name)))

enum { MEMORY_BYTES = 128 << 20, REPORT_BYTES = 16 << 20 };

/* A browser hashes this in some seconds. */
#define MAX_HASHED_BYTES (1ull << 30)

static struct arena arena;
static struct inspect_report report;
static struct buf text;
static uint32_t seal[7];

__attribute__((import_module("page"), import_name("read"))) int page_read(double offset,
                                                                          void *bytes, size_t n);

EXPORT("lk_inspect_file") unsigned wasm_inspect_file(double size);
EXPORT("lk_inspect_seal") const uint32_t *wasm_inspect_seal(unsigned i);
EXPORT("lk_inspect_checked") void wasm_inspect_checked(unsigned i, int result);
EXPORT("lk_inspect_report") const char *wasm_inspect_report(void);
EXPORT("lk_inspect_report_bytes") size_t wasm_inspect_report_bytes(void);

static bool read_piece(void *ctx, uint64_t offset, void *bytes, size_t n)
{
    (void)ctx;
    return page_read((double)offset, bytes, n) != 0;
}

/* The i-th credential with a seal that can be checked, or NULL. */
static struct inspect_credential *sealed(unsigned i)
{
    for (struct inspect_credential *c = report.credentials; c != NULL; c = c->next)
        if (c->seal.signature.n > 0 && i-- == 0)
            return c;
    return NULL;
}

unsigned wasm_inspect_file(double size)
{
    const struct inspect_source source = {read_piece, NULL, (uint64_t)size};
    const struct inspect_options options = {.max_hashed_bytes = MAX_HASHED_BYTES};
    arena_init(&arena, &wasm_heap, MEMORY_BYTES);
    inspect_read(&source, &options, &arena, &report);
    unsigned n = 0;
    while (sealed(n) != NULL)
        n++;
    return n;
}

const uint32_t *wasm_inspect_seal(unsigned i)
{
    const struct inspect_credential *c = sealed(i);
    if (c == NULL)
        return NULL;
    const struct span parts[] = {c->seal.key, c->seal.message, c->seal.signature};
    seal[0] = (uint32_t)c->seal.algorithm;
    for (unsigned k = 0; k < 3; k++) {
        seal[1 + 2 * k] = (uint32_t)(uintptr_t)parts[k].p;
        seal[2 + 2 * k] = (uint32_t)parts[k].n;
    }
    return seal;
}

void wasm_inspect_checked(unsigned i, int result)
{
    struct inspect_credential *c = sealed(i);
    if (c == NULL)
        return;
    if (result >= 0)
        c->signature = result > 0 ? INSPECT_HOLDS : INSPECT_FAILS;
    else
        c->signature_why = result == -1 ? INSPECT_ALGORITHM : INSPECT_NO_KEY;
}

const char *wasm_inspect_report(void)
{
    struct json j;
    buf_init(&text, &wasm_heap, REPORT_BYTES);
    json_init(&j, &text);
    json_object(&j);
    made_json(&j, &report, true);
    json_end_object(&j);
    return text.p;
}

size_t wasm_inspect_report_bytes(void)
{
    return text.status == LK_OK ? text.n : 0;
}
