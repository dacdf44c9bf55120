/* Statements of a C2PA manifest that hashes and boxes hide from other fuzzing: the first byte
 * chooses the container and the label, the rest is the statement; around them a manifest whose
 * hashes fit. */
#include "base/buf.h"
#include "base/sha256.h"
#include "inspect/inspect.h"
#include "inspect/made_text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_FILE = 1 << 20, MAX_STATEMENT = 1 << 16 };

static void put_be32(struct buf *out, size_t v)
{
    for (unsigned i = 0; i < 4; i++)
        buf_char(out, (char)(v >> (24 - 8 * i)));
}

static void put_box(struct buf *out, const char *type, const void *bytes, size_t n)
{
    put_be32(out, 8 + n);
    buf_put(out, type, 4);
    buf_put(out, bytes, n);
}

/* The description and content of a superbox. */
static void put_inside(struct buf *out, const char *type, const char *label,
                       const struct buf *content)
{
    struct buf description;
    buf_init(&description, out->alloc, MAX_FILE);
    buf_put(&description, type, 4);
    buf_put(&description, "\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\3", 13);
    buf_put(&description, label, strlen(label) + 1);
    put_box(out, "jumd", description.p, description.n);
    buf_put(out, content->p, content->n);
}

/* `content` becomes a superbox around what it was. */
static void wrap(struct buf *content, const char *type, const char *label)
{
    struct buf inside, whole;
    buf_init(&inside, content->alloc, MAX_FILE);
    buf_init(&whole, content->alloc, MAX_FILE);
    put_inside(&inside, type, label, content);
    put_box(&whole, "jumb", inside.p, inside.n);
    *content = whole;
}

/* {"assertions": [{"url": label, "hash": digest}]} */
static void put_claim(struct buf *out, const char *label, const uint8_t digest[SHA256_BYTES])
{
    struct buf cbor;
    buf_init(&cbor, out->alloc, 1024);
    buf_str(&cbor, "\xa1\x6a"
                   "assertions\x81\xa2\x63"
                   "url\x78");
    buf_char(&cbor, (char)strlen(label));
    buf_str(&cbor, label);
    buf_str(&cbor, "\x64hash\x58\x20");
    buf_put(&cbor, digest, SHA256_BYTES);
    put_box(out, "cbor", cbor.p, cbor.n);
}

static void put_store(struct buf *out, const char *label, const uint8_t *data, size_t size)
{
    struct buf statement, claim;
    struct sha256 sha;
    uint8_t digest[SHA256_BYTES];
    buf_init(&statement, out->alloc, MAX_FILE);
    buf_init(&claim, out->alloc, MAX_FILE);
    put_box(&statement, "cbor", data, size);
    wrap(&statement, "cbor", label);
    sha256_init(&sha);
    sha256_add(&sha, statement.p + 8, statement.n - 8);
    sha256_end(&sha, digest);
    wrap(&statement, "c2as", "c2pa.assertions");
    put_claim(&claim, label, digest);
    wrap(&claim, "c2cl", "c2pa.claim");
    buf_put(out, statement.p, statement.n);
    buf_put(out, claim.p, claim.n);
    wrap(out, "c2ma", "m");
    wrap(out, "c2pa", "c2pa");
}

/* A video: ftyp, the manifest, free, mdat. */
static void put_video(struct buf *out, const struct buf *store)
{
    struct buf uuid;
    buf_init(&uuid, out->alloc, MAX_FILE);
    buf_put(&uuid,
            "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81\0\0\0\0manifest\0",
            29);
    buf_put(&uuid, "\0\0\0\0\0\0\0\0", 8);
    buf_put(&uuid, store->p, store->n);
    put_box(out, "ftyp", "isom\0\0\0\0", 8);
    put_box(out, "uuid", uuid.p, uuid.n);
    put_box(out, "free", "xxxx", 4);
    put_box(out, "mdat", "content", 7);
}

static void put_sound(struct buf *out, const struct buf *store)
{
    buf_put(out, "RIFF\0\0\0\0WAVEC2PA", 16);
    buf_u32le(out, (uint32_t)store->n);
    buf_put(out, store->p, store->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {"c2pa.actions.v2", "c2pa.hash.data", "c2pa.hash.bmff",
                                         "c2pa.hash.bmff.v3"};
    const struct inspect_options options = {0};
    struct inspect_report report;
    struct arena arena;
    struct buf store, file, text;
    if (size < 1 || size > MAX_STATEMENT)
        return 0;
    arena_init(&arena, lk_alloc_heap(), 64 << 20);
    buf_init(&store, &arena.alloc, MAX_FILE);
    buf_init(&file, &arena.alloc, MAX_FILE);
    buf_init(&text, &arena.alloc, MAX_FILE);
    put_store(&store, labels[data[0] & 3], data + 1, size - 1);
    if ((data[0] & 4) != 0)
        put_video(&file, &store);
    else
        put_sound(&file, &store);
    const struct span bytes = {(const uint8_t *)file.p, file.n};
    const struct inspect_source source = source_of_memory(&bytes);
    inspect_read(&source, &options, &arena, &report);
    /* the frame is right, whatever stands in it */
    if (report.credentials == NULL || report.credentials->assertions != INSPECT_HOLDS)
        __builtin_trap();
    made_text(&text, &report, true);
    arena_fini(&arena);
    return 0;
}
