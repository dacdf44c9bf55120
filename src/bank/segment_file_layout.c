/* A file is chunks of 64 KiB; numbers are little-endian:
 *
 *   chunk 0            header
 *   chunks 1..T        table of checks: an entry for each data chunk, zeros behind the last
 *   chunks T+1..T+D    data: section after section, each beginning with a chunk of its own
 *
 *   header  0 "LKSEGM\r\n"   8 version u32    12 byte order u32   16 segment id[16]
 *          32 sealed u32    36 n_sections    40 T u32            44 D u32
 *          48 hash seed u64 56 n_entries u32 60 n_digests u32    64 n_records u64
 *          72 times overwritten u64
 *          80 for each kind 1..4:  0 bit order u8  1 key bits u8  2 0 u16
 *                                  4 n_rows u32    8 n_overflow u64
 *         144 wrapped key[72]      216 0[40]
 *         256 for each section:    0 section u16  2 kind u16  4 0 u32
 *                                  8 offset u64  16 n_bytes u64  24 check[16]
 *       65516 CRC-32C of all before         65520 tag[16] of all before, when sealed
 */
#include "segment_file_layout.h"

#include "base/err.h"
#include "base/le.h"
#include "core/index/config.h"
#include "core/kernels/cpu.h"
#include "core/kernels/crc32c.h"

#include <string.h>

static const char magic[8] = {'L', 'K', 'S', 'E', 'G', 'M', '\r', '\n'};
static const uint32_t byte_order = 0x01020304;

enum {
    AT_VERSION = 8,
    AT_BYTE_ORDER = 12,
    AT_ID = 16,
    AT_SEALED = 32,
    AT_N_SECTIONS = 36,
    AT_N_TABLE = 40,
    AT_N_DATA = 44,
    AT_HASH_SEED = 48,
    AT_N_ENTRIES = 56,
    AT_N_DIGESTS = 60,
    AT_N_RECORDS = 64,
    AT_N_OVERWRITTEN = 72,
    AT_INDEX = 80,
    INDEX_BYTES = 16,
    AT_WRAPPED = 144,
    AT_SECTIONS = 256,
    SECTION_BYTES = 40,
    SECTION_CHECK = 24,
    AT_CRC = LAYOUT_CHUNK - 20,
    AT_TAG = LAYOUT_CHUNK - 16,
};
_Static_assert(AT_SECTIONS + LAYOUT_MAX_SECTIONS * SECTION_BYTES <= AT_CRC, "the header fits");
_Static_assert(AT_INDEX + LK_KIND_MAX * INDEX_BYTES == AT_WRAPPED, "every kind has its place");

const char *segment_section_name(unsigned section)
{
    static const char *const names[SEGMENT_N_SECTIONS] = {
        NULL,    "entries",  "records", "digests", "by_id", "by_digest",
        "lines", "overflow", "ids",     "rows",    "labels"};
    return section >= 1 && section < SEGMENT_N_SECTIONS ? names[section] : "unknown";
}

uint64_t segment_slots(uint32_t n)
{
    uint64_t slots = n == 0 ? 0 : 4;
    while (slots / 4 * 3 < n)
        slots *= 2;
    return slots;
}

static uint64_t section_bytes(const struct layout *l, unsigned section, unsigned kind)
{
    const struct layout_index *index = &l->index[kind];
    switch (section) {
    case SEGMENT_ENTRIES:
        return l->n_entries * (uint64_t)sizeof(struct segment_entry);
    case SEGMENT_RECORDS:
        return l->n_records * sizeof(struct segment_record);
    case SEGMENT_DIGESTS:
        return l->n_digests * (uint64_t)sizeof(struct segment_digest);
    case SEGMENT_BY_ID:
        return segment_slots(l->n_entries) * sizeof(uint32_t);
    case SEGMENT_BY_DIGEST:
        return segment_slots(l->n_digests) * sizeof(uint32_t);
    case SEGMENT_LINES:
        return index->key_bits == 0
                   ? 0
                   : (PROBE_PARTS * (uint64_t)sizeof(struct probe_line)) << index->key_bits;
    case SEGMENT_OVERFLOW:
        return index->n_overflow * sizeof(uint16_t);
    case SEGMENT_IDS:
        return index->key_bits == 0 ? 0 : PROBE_PARTS * sizeof(uint32_t) * (uint64_t)index->n_rows;
    case SEGMENT_ROWS:
        return index->n_rows * (uint64_t)sizeof(struct lk_print);
    default: /* SEGMENT_LABELS */
        return index->n_rows * (uint64_t)sizeof(uint64_t);
    }
}

static bool index_possible(const struct layout_index *index)
{
    if (index->n_rows == SEGMENT_NONE)
        return false;
    if (index->key_bits == 0)
        return index->n_overflow == 0;
    return index->key_bits >= 8 && index->key_bits <= 16 && index->n_rows > 0 &&
           index->n_overflow >= PROBE_SLACK &&
           index->n_overflow <= PROBE_PARTS * (uint64_t)index->n_rows + PROBE_SLACK;
}

/* Counts that some image has, and that overflow nothing in what follows. */
static bool counts_possible(const struct layout *l)
{
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        if (!index_possible(&l->index[kind]))
            return false;
    return l->n_entries <= SEGMENT_FILE_MAX_ENTRIES && l->n_digests < UINT32_MAX &&
           l->n_records <= l->n_entries * (uint64_t)LK_MAX_RECORDS;
}

static uint64_t chunks_for(uint64_t n_bytes)
{
    return (n_bytes + LAYOUT_CHUNK - 1) / LAYOUT_CHUNK;
}

static void add_section(struct layout *l, unsigned section, unsigned kind, uint64_t *n_data)
{
    uint64_t n_bytes = section_bytes(l, section, kind);
    if (n_bytes == 0)
        return;
    l->sections[l->n_sections++] = (struct layout_section){.section = (uint8_t)section,
                                                           .kind = (uint8_t)kind,
                                                           .offset = *n_data * LAYOUT_CHUNK,
                                                           .n_bytes = n_bytes};
    *n_data += chunks_for(n_bytes);
}

/* Places every section; false when the counts are of no segment. */
static bool plan(struct layout *l)
{
    l->n_sections = 0;
    if (!counts_possible(l))
        return false;
    uint64_t n_data = 0;
    for (unsigned section = 1; section < SEGMENT_LINES; section++)
        add_section(l, section, 0, &n_data);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        for (unsigned section = SEGMENT_LINES; section < SEGMENT_N_SECTIONS; section++)
            add_section(l, section, kind, &n_data);
    uint64_t n_table = chunks_for(n_data * layout_entry_bytes(l));
    if (1 + n_table + n_data > UINT32_MAX)
        return false;
    l->n_table = (uint32_t)n_table;
    l->n_data = (uint32_t)n_data;
    for (unsigned i = 0; i < l->n_sections; i++)
        l->sections[i].offset += (1 + n_table) * LAYOUT_CHUNK;
    return true;
}

enum lk_status layout_of_image(struct layout *l, const struct segment_image *image, bool is_sealed,
                               struct lk_error *err)
{
    *l = (struct layout){.is_sealed = is_sealed,
                         .hash_seed = image->hash_seed,
                         .n_records = image->n_records,
                         .n_entries = image->n_entries,
                         .n_digests = image->n_digests};
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        const struct segment *s = &image->index[kind];
        if (s->n_rows > 0)
            l->index[kind] = (struct layout_index){(uint8_t)s->key_bits, s->n_rows, s->n_overflow};
    }
    if (!plan(l))
        return FAIL(err, LK_INVALID, "no file can hold a segment of %u entries and these tables",
                    l->n_entries);
    return LK_OK;
}

static void put_counts(const struct layout *l, uint8_t *bytes)
{
    memcpy(bytes, magic, sizeof magic);
    le_put32(bytes + AT_VERSION, SEGMENT_FILE_VERSION);
    le_put32(bytes + AT_BYTE_ORDER, byte_order);
    memcpy(bytes + AT_ID, l->segment_id, sizeof l->segment_id);
    le_put32(bytes + AT_SEALED, l->is_sealed);
    le_put32(bytes + AT_N_SECTIONS, l->n_sections);
    le_put32(bytes + AT_N_TABLE, l->n_table);
    le_put32(bytes + AT_N_DATA, l->n_data);
    le_put64(bytes + AT_HASH_SEED, l->hash_seed);
    le_put32(bytes + AT_N_ENTRIES, l->n_entries);
    le_put32(bytes + AT_N_DIGESTS, l->n_digests);
    le_put64(bytes + AT_N_RECORDS, l->n_records);
    le_put64(bytes + AT_N_OVERWRITTEN, l->n_overwritten);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        uint8_t *p = bytes + AT_INDEX + (kind - 1) * INDEX_BYTES;
        p[0] = (uint8_t)index_config_of(kind)->order;
        p[1] = l->index[kind].key_bits;
        le_put32(p + 4, l->index[kind].n_rows);
        le_put64(p + 8, l->index[kind].n_overflow);
    }
    memcpy(bytes + AT_WRAPPED, l->wrapped_key, sizeof l->wrapped_key);
}

static void tag_of(const uint8_t *bytes, const uint8_t *key, uint8_t tag[LAYOUT_CHECK_BYTES])
{
    const struct seal_part parts[] = {SEAL_TEXT("segment.header"), {bytes, AT_TAG}};
    seal_hash(key, parts, 2, tag, LAYOUT_CHECK_BYTES);
}

void layout_put(const struct layout *l, const uint8_t *key, uint8_t bytes[LAYOUT_CHUNK])
{
    memset(bytes, 0, LAYOUT_CHUNK);
    put_counts(l, bytes);
    for (unsigned i = 0; i < l->n_sections; i++) {
        const struct layout_section *s = &l->sections[i];
        uint8_t *p = bytes + AT_SECTIONS + i * SECTION_BYTES;
        le_put16(p, s->section);
        le_put16(p + 2, s->kind);
        le_put64(p + 8, s->offset);
        le_put64(p + 16, s->n_bytes);
        memcpy(p + SECTION_CHECK, s->check, sizeof s->check);
    }
    le_put32(bytes + AT_CRC, crc32c_select(cpu_mask())(0, bytes, AT_CRC));
    if (key != NULL)
        tag_of(bytes, key, bytes + AT_TAG);
}

bool layout_authentic(const uint8_t bytes[LAYOUT_CHUNK], const uint8_t *key)
{
    uint8_t tag[LAYOUT_CHECK_BYTES];
    tag_of(bytes, key, tag);
    return seal_equal(tag, bytes + AT_TAG, sizeof tag);
}

static void take_counts(struct layout *l, const uint8_t *bytes)
{
    *l = (struct layout){.is_sealed = le_get32(bytes + AT_SEALED) != 0,
                         .n_overwritten = le_get64(bytes + AT_N_OVERWRITTEN),
                         .hash_seed = le_get64(bytes + AT_HASH_SEED),
                         .n_records = le_get64(bytes + AT_N_RECORDS),
                         .n_entries = le_get32(bytes + AT_N_ENTRIES),
                         .n_digests = le_get32(bytes + AT_N_DIGESTS)};
    memcpy(l->segment_id, bytes + AT_ID, sizeof l->segment_id);
    memcpy(l->wrapped_key, bytes + AT_WRAPPED, sizeof l->wrapped_key);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        const uint8_t *p = bytes + AT_INDEX + (kind - 1) * INDEX_BYTES;
        l->index[kind] = (struct layout_index){p[1], le_get32(p + 4), le_get64(p + 8)};
    }
}

/* What of an intact header this build cannot read. */
static enum lk_status readable(const uint8_t *bytes, const char *name, struct lk_error *err)
{
    const uint16_t probe = 1;
    if (*(const uint8_t *)&probe != 1)
        return FAIL(err, LK_UNSUPPORTED,
                    "segments are little-endian, and this machine is not: '%s' cannot be opened",
                    name);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        unsigned order = bytes[AT_INDEX + (kind - 1) * INDEX_BYTES];
        if (order != (unsigned)index_config_of(kind)->order)
            return FAIL(err, LK_UNSUPPORTED,
                        "'%s' has its %s prints in order %u of bits; this version reads %u", name,
                        lk_kind_name(kind), order, (unsigned)index_config_of(kind)->order);
    }
    return LK_OK;
}

enum lk_status layout_take(struct layout *l, const uint8_t bytes[LAYOUT_CHUNK], const char *name,
                           struct lk_error *err)
{
    if (memcmp(bytes, magic, sizeof magic) != 0)
        return FAIL(err, LK_CORRUPT, "'%s' is damaged or not a segment: it begins otherwise", name);
    if (le_get32(bytes + AT_VERSION) != SEGMENT_FILE_VERSION)
        return FAIL(err, LK_UNSUPPORTED, "'%s' has version %u or is damaged; this program reads %d",
                    name, le_get32(bytes + AT_VERSION), SEGMENT_FILE_VERSION);
    if (crc32c_select(cpu_mask())(0, bytes, AT_CRC) != le_get32(bytes + AT_CRC))
        return FAIL(err, LK_CORRUPT, "'%s' is damaged: section 'header'", name);
    TRY(readable(bytes, name, err));
    take_counts(l, bytes);
    bool possible = plan(l);
    for (unsigned i = 0; possible && i < l->n_sections; i++)
        memcpy(l->sections[i].check, bytes + AT_SECTIONS + i * SECTION_BYTES + SECTION_CHECK,
               sizeof l->sections[i].check);
    uint8_t again[LAYOUT_CHUNK];
    if (possible)
        layout_put(l, NULL, again);
    static const uint8_t no_tag[LAYOUT_CHECK_BYTES];
    if (!possible || memcmp(again, bytes, AT_TAG) != 0 ||
        (!l->is_sealed && memcmp(bytes + AT_TAG, no_tag, sizeof no_tag) != 0))
        return FAIL(err, LK_CORRUPT, "'%s' is damaged: its header says what no segment is", name);
    return LK_OK;
}

uint32_t layout_first_chunk(const struct layout *l, const struct layout_section *s)
{
    return (uint32_t)(s->offset / LAYOUT_CHUNK) - 1 - l->n_table;
}

uint32_t layout_n_chunks(const struct layout_section *s)
{
    return (uint32_t)chunks_for(s->n_bytes);
}

const struct layout_section *layout_section_at(const struct layout *l, uint32_t chunk)
{
    const struct layout_section *s = l->sections;
    while (chunk >= layout_first_chunk(l, s) + layout_n_chunks(s))
        s++;
    return s;
}

const struct layout_section *layout_find(const struct layout *l, unsigned section, unsigned kind)
{
    for (unsigned i = 0; i < l->n_sections; i++)
        if (l->sections[i].section == section && l->sections[i].kind == kind)
            return &l->sections[i];
    return NULL;
}

void layout_point(struct segment_image *image, const struct layout_section *s, void *p)
{
    struct segment *index = &image->index[s->kind];
    switch (s->section) {
    case SEGMENT_ENTRIES:
        image->entries = p;
        break;
    case SEGMENT_RECORDS:
        image->records = p;
        break;
    case SEGMENT_DIGESTS:
        image->digests = p;
        break;
    case SEGMENT_BY_ID:
        image->by_id = p;
        break;
    case SEGMENT_BY_DIGEST:
        image->by_digest = p;
        break;
    case SEGMENT_LINES:
        index->lines = p;
        break;
    case SEGMENT_OVERFLOW:
        index->overflow = p;
        break;
    case SEGMENT_IDS:
        index->ids = p;
        break;
    case SEGMENT_ROWS:
        index->rows = p;
        break;
    default:
        index->labels = p;
        break;
    }
}

void layout_image(const struct layout *l, uint8_t *data, struct segment_image *image)
{
    *image = (struct segment_image){.hash_seed = l->hash_seed,
                                    .n_records = l->n_records,
                                    .n_entries = l->n_entries,
                                    .n_digests = l->n_digests};
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        image->index[kind].n_rows = l->index[kind].n_rows;
        image->index[kind].key_bits = l->index[kind].key_bits;
        image->index[kind].n_overflow = l->index[kind].n_overflow;
    }
    for (unsigned i = 0; i < l->n_sections; i++) {
        const struct layout_section *s = &l->sections[i];
        layout_point(image, s, data + (uint64_t)layout_first_chunk(l, s) * LAYOUT_CHUNK);
    }
}

const uint8_t *layout_bytes(const struct segment_image *image, unsigned section, unsigned kind)
{
    const struct segment *index = &image->index[kind];
    switch (section) {
    case SEGMENT_ENTRIES:
        return (const uint8_t *)image->entries;
    case SEGMENT_RECORDS:
        return (const uint8_t *)image->records;
    case SEGMENT_DIGESTS:
        return (const uint8_t *)image->digests;
    case SEGMENT_BY_ID:
        return (const uint8_t *)image->by_id;
    case SEGMENT_BY_DIGEST:
        return (const uint8_t *)image->by_digest;
    case SEGMENT_LINES:
        return (const uint8_t *)index->lines;
    case SEGMENT_OVERFLOW:
        return (const uint8_t *)index->overflow;
    case SEGMENT_IDS:
        return (const uint8_t *)index->ids;
    case SEGMENT_ROWS:
        return (const uint8_t *)index->rows;
    default:
        return (const uint8_t *)index->labels;
    }
}

void layout_gather(const struct layout *l, const struct segment_image *image, uint32_t chunk,
                   uint8_t bytes[LAYOUT_CHUNK])
{
    const struct layout_section *s = layout_section_at(l, chunk);
    uint64_t from = (uint64_t)(chunk - layout_first_chunk(l, s)) * LAYOUT_CHUNK;
    size_t n = s->n_bytes - from < LAYOUT_CHUNK ? (size_t)(s->n_bytes - from) : LAYOUT_CHUNK;
    memcpy(bytes, layout_bytes(image, s->section, s->kind) + from, n);
    memset(bytes + n, 0, LAYOUT_CHUNK - n);
}
