/* bank/segment_file_layout.h - where things stand in a segment's file, and its header.
 *
 * The place of every section follows from the counts in the header; the header states it all the
 * same, for readers that are not ours, and a header that states anything else is refused. */
#ifndef BANK_SEGMENT_FILE_LAYOUT_H
#define BANK_SEGMENT_FILE_LAYOUT_H

#include "segment_file.h"
#include "sys/seal.h"

enum {
    LAYOUT_CHUNK = SEGMENT_FILE_CHUNK_BYTES,
    LAYOUT_MAX_SECTIONS = SEGMENT_LINES - 1 + (SEGMENT_N_SECTIONS - SEGMENT_LINES) * LK_KIND_MAX,
    LAYOUT_WRAPPED_BYTES = SEGMENT_FILE_KEY_BYTES + SEAL_OVERHEAD_BYTES,
    LAYOUT_CHECK_BYTES = 16, /* of a section's checks, and of a sealed header */
    LAYOUT_PLAIN_BYTES = 4,  /* of the check of a chunk: CRC-32C */
    LAYOUT_SEALED_BYTES = 8 + SEAL_BLOCK_TAG_BYTES, /* stamp and tag */
};

struct layout_section {
    uint8_t section, kind;
    uint64_t offset;                   /* in the file, of its first chunk */
    uint64_t n_bytes;                  /* without the zeros that fill its last chunk */
    uint8_t check[LAYOUT_CHECK_BYTES]; /* of its part of the table of checks */
};

struct layout_index {
    uint8_t key_bits;
    uint32_t n_rows;
    uint64_t n_overflow;
};

/* What the header says. */
struct layout {
    uint8_t segment_id[SEGMENT_FILE_ID_BYTES];
    bool is_sealed;
    uint8_t wrapped_key[LAYOUT_WRAPPED_BYTES]; /* zeros when plain */
    uint64_t n_overwritten;
    uint64_t hash_seed, n_records;
    uint32_t n_entries, n_digests;
    struct layout_index index[LK_KIND_MAX + 1];
    /* what follows from these: */
    unsigned n_sections;
    struct layout_section sections[LAYOUT_MAX_SECTIONS];
    uint32_t n_table; /* chunks of the table of checks, behind the header */
    uint32_t n_data;  /* chunks of the sections, behind the table */
};

/* The counts of an image, and what follows from them. Errors: LK_INVALID (no file can hold it). */
enum lk_status layout_of_image(struct layout *l, const struct segment_image *image, bool is_sealed,
                               struct lk_error *err) LK_MUST_CHECK;

/* The header's chunk. `key` is the segment's own, NULL when plain. */
void layout_put(const struct layout *l, const uint8_t *key, uint8_t bytes[LAYOUT_CHUNK]);

/* Reads a header. `name` of the file is for messages. Errors: LK_CORRUPT, LK_UNSUPPORTED. */
enum lk_status layout_take(struct layout *l, const uint8_t bytes[LAYOUT_CHUNK], const char *name,
                           struct lk_error *err) LK_MUST_CHECK;

/* Whether a sealed header was made by who has the segment's key. */
bool layout_authentic(const uint8_t bytes[LAYOUT_CHUNK], const uint8_t *key) LK_MUST_CHECK;

/* Points an image at sections that lie at the places of the file behind `data`, which is that of
 * the first data chunk. gone is left NULL. */
void layout_image(const struct layout *l, uint8_t *data, struct segment_image *image);

/* Points an image at one section that lies at p. */
void layout_point(struct segment_image *image, const struct layout_section *s, void *p);

/* The bytes of a section in an image; NULL when it has none. */
const uint8_t *layout_bytes(const struct segment_image *image, unsigned section, unsigned kind);

/* The section that a data chunk (0..n_data - 1) belongs to. */
const struct layout_section *layout_section_at(const struct layout *l, uint32_t chunk);

/* The section of this name; NULL when the file has none. */
const struct layout_section *layout_find(const struct layout *l, unsigned section, unsigned kind);

/* Of a section: its first data chunk, and how many there are. */
uint32_t layout_first_chunk(const struct layout *l, const struct layout_section *s);
uint32_t layout_n_chunks(const struct layout_section *s);

/* Copies what an image holds for a data chunk, zeros behind it. */
void layout_gather(const struct layout *l, const struct segment_image *image, uint32_t chunk,
                   uint8_t bytes[LAYOUT_CHUNK]);

static inline size_t layout_entry_bytes(const struct layout *l)
{
    return l->is_sealed ? LAYOUT_SEALED_BYTES : LAYOUT_PLAIN_BYTES;
}

/* The number of a data chunk among all chunks of the file. */
static inline uint32_t layout_number(const struct layout *l, uint32_t chunk)
{
    return 1 + l->n_table + chunk;
}

static inline uint64_t layout_file_bytes(const struct layout *l)
{
    return (1 + (uint64_t)l->n_table + l->n_data) * LAYOUT_CHUNK;
}

#endif
