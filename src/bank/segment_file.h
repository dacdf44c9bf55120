/* bank/segment_file.h - a segment of a bank in one file: entries, and the index of their prints.
 *
 * A segment is immutable, but for withdrawn prints, which are overwritten. It is written once from
 * memory (struct segment_image) and gives the same structure back when it is opened. Two modes:
 *
 *   plain   mapped: only the header is read, so opening takes no longer for ten million entries
 *           than for ten; the rest is checked by segment_file_verify(), in the background.
 *   sealed  encrypted under a key of its own, which the bank's master key wraps: opened into
 *           locked memory, every byte authenticated on the way.
 *
 * A file is chunks of 64 KiB; every chunk has a check, every check has one, and the header's own
 * check closes the chain: no byte can change unnoticed. docs/formats/segment.md specifies the
 * bytes.
 *
 * What a plain file says is not believed before it is verified. The header is checked when it is
 * opened; everything inside a section is bounded when it is used: here in the accessors below, in
 * core/index in the search. A damaged segment gives wrong answers at worst, and verification says
 * so, naming file and section.
 *
 * Overwriting: touch what will be wiped, wipe it in the image (memory), then
 * segment_file_overwrite() brings the touched chunks to the file. They are first written to
 * FILE.fix and made durable, so that a crash at any moment leaves the old content or the new one;
 * the next open applies or drops that file. */
#ifndef BANK_SEGMENT_FILE_H
#define BANK_SEGMENT_FILE_H

#include "core/index/segment.h"
#include "sys/locked.h"

#include <likeness/print.h>

#define SEGMENT_FILE_VERSION     2
#define SEGMENT_FILE_KEY_BYTES   32
#define SEGMENT_FILE_ID_BYTES    16
#define SEGMENT_FILE_CHUNK_BYTES 65536
#define SEGMENT_FILE_MAX_ENTRIES (UINT32_MAX - 1)

/* Of struct segment_image, in the order of the file. Those from SEGMENT_LINES on exist once for
 * each kind of print. */
enum segment_section {
    SEGMENT_ENTRIES = 1,
    SEGMENT_RECORDS,
    SEGMENT_DIGESTS,
    SEGMENT_BY_ID,
    SEGMENT_BY_DIGEST,
    SEGMENT_LINES,
    SEGMENT_OVERFLOW,
    SEGMENT_IDS,
    SEGMENT_ROWS,
    SEGMENT_LABELS,
    SEGMENT_N_SECTIONS
};

/* "entries", "ids", ...; "unknown" for what is none. */
const char *segment_section_name(unsigned section);

/* An entry; its number in the segment (ordinal) is its place in the array. The tier, and whether
 * it is in force, stand elsewhere: they change. */
struct segment_entry {
    uint8_t id[16];
    uint32_t scope;
    uint32_t duration_ms;
    uint64_t first_record;
    uint32_t first_digest;
    uint16_t n_records;
    uint8_t medium, n_digests;
};

/* A record without its print, which is row `row` of its kind. */
struct segment_record {
    uint32_t time_ms;
    struct lk_frame frame;
    uint8_t kind, front_end, quality, zero;
    uint32_t row;
};

struct segment_digest {
    uint32_t entry; /* ordinal */
    uint8_t type, zero[3];
    uint8_t bytes[LK_DIGEST_BYTES];
};

_Static_assert(sizeof(struct segment_entry) == 40, "as in the file");
_Static_assert(sizeof(struct segment_record) == 16, "as in the file");
_Static_assert(sizeof(struct segment_digest) == 40, "as in the file");

/* All of a segment. It owns nothing. Labels of the indexes are ordinal << 16 | number of the record
 * in its entry; rows are in the order of bits of their kind's index. */
struct segment_image {
    uint64_t hash_seed; /* random: of by_id and by_digest */
    uint64_t n_records;
    uint32_t n_entries, n_digests;
    struct segment_entry *entries;
    struct segment_record *records;
    struct segment_digest *digests;
    uint32_t *by_id;     /* [segment_slots(n_entries)]: ordinals, open addressing */
    uint32_t *by_digest; /* [segment_slots(n_digests)]: numbers of digests */
    struct segment index[LK_KIND_MAX + 1]; /* by enum lk_kind; n_rows 0: none of that kind */
};

#define SEGMENT_NO_ENTRY UINT32_MAX

/* Slots of a table for n things: 0, or the power of two that n fills to 75 % at most. */
uint64_t segment_slots(uint32_t n);

/* Fills by_id and by_digest, whose memory the caller gave, from entries and digests. Ids must
 * differ. About 50 ns an entry. */
void segment_image_fill_tables(struct segment_image *image);

/* The ordinal of the entry with this id, or SEGMENT_NO_ENTRY. Safe on unverified files. */
uint32_t segment_image_find(const struct segment_image *image, const uint8_t id[16]);

/* Walks the entries that have this digest: start with *at = UINT64_MAX; SEGMENT_NO_ENTRY at the
 * end. Every result is below n_entries. */
uint32_t segment_image_next_with(const struct segment_image *image, const struct lk_digest *digest,
                                 uint64_t *at);

/* The records and digests of an entry: NULL and 0 when there are none, or when a damaged file names
 * places outside its sections. `ordinal` must be below n_entries. */
const struct segment_record *segment_image_records(const struct segment_image *image,
                                                   uint32_t ordinal, size_t *n);
const struct segment_digest *segment_image_digests(const struct segment_image *image,
                                                   uint32_t ordinal, size_t *n);

/* The row of a record: its print, in the order of bits of the index; NULL when the record names a
 * row that is not there. */
const struct lk_print *segment_image_print(const struct segment_image *image,
                                           const struct segment_record *record);

/* Writes a new file (mode 0600), plain, or sealed when `key` (the master key) is not NULL, and
 * makes its content durable; its name is durable when the caller has synced the directory.
 * segment_id receives its random id. When it fails, nothing is left at `path`. gone bitmaps are not
 * written. Errors: LK_CONFLICT (something is there already), LK_IO, LK_DENIED, LK_NOMEM, LK_INVALID
 * (an image that no file can hold). Memory: 128 KiB and 24 bytes a chunk. Cost: the disk's, and 1 s
 * a GiB for sealing. */
enum lk_status segment_file_write(const char *path, const struct segment_image *image,
                                  const uint8_t *key, uint8_t segment_id[SEGMENT_FILE_ID_BYTES],
                                  struct lk_error *err) LK_MUST_CHECK;

struct segment_file; /* opaque */

struct segment_file_how {
    bool write; /* the one writer of the bank: may overwrite, and finishes an interrupted one */
    bool load;  /* plain: read and check everything into memory (huge pages) instead of mapping */
    enum locked_need lock; /* of loaded and sealed segments: LOCKED_REQUIRE or LOCKED_PREFER */
    unsigned n_threads;    /* that read and decrypt; 0: 2 */
};

/* Opens a segment. Errors: LK_NOT_FOUND; LK_DENIED (sealed and no key or another key, or missing
 * rights); LK_CORRUPT (naming the section); LK_UNSUPPORTED (a newer version, a machine of the other
 * byte order); LK_INVALID (a key for a plain segment); LK_LIMIT (LOCKED_REQUIRE and the system's
 * limit is too low); LK_IO; LK_NOMEM.
 * Cost: mapped some 100 us, whatever the size; loaded or sealed 1 s a GiB or better. */
enum lk_status segment_file_open(const char *path, const uint8_t *key,
                                 const struct segment_file_how *how, struct segment_file **out,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Nobody may be using the image. NULL is fine. Wipes what was sealed. */
void segment_file_close(struct segment_file *file);

/* The segment; borrowed until segment_file_close(). When it was opened to write, its memory may be
 * written: pages of a mapped file are copied then, and the file does not change. index[k].gone is
 * there for every kind that has rows, all clear: who was withdrawn earlier stands elsewhere. */
struct segment_image *segment_file_image(struct segment_file *file);

struct segment_file_info {
    uint8_t segment_id[SEGMENT_FILE_ID_BYTES];
    bool is_sealed;
    bool is_mapped;         /* else all of it is in memory of its own */
    bool is_locked;         /* that memory never reaches the swap file */
    uint64_t n_bytes;       /* of the file */
    uint64_t n_overwritten; /* how many times it was overwritten */
};
struct segment_file_info segment_file_info(struct segment_file *file);

/* A chunk of a file whose bytes are not what was written. */
struct segment_damage {
    uint8_t section; /* enum segment_section; 0: header or table of checks */
    uint8_t kind;    /* enum lk_kind for sections of an index, else 0 */
    uint64_t offset; /* of the chunk in the file */
};

/* All may be NULL. */
struct segment_watch {
    void *ctx;
    void (*on_damage)(void *ctx, const struct segment_damage *damage); /* for every chunk */
    bool (*go_on)(void *ctx, uint64_t done_bytes, uint64_t n_bytes);   /* false: stop */
};

/* Reads the whole file and checks every byte. Any thread, beside everything else but close; also
 * beside a writer in another process. Errors: LK_CORRUPT (with file and section of the first
 * damage; everything is read nevertheless), LK_BUSY (go_on said stop, or a writer elsewhere kept
 * changing the file), LK_IO, LK_NOMEM. Cost: the disk's; a second of CPU a GiB at most. */
enum lk_status segment_file_verify(struct segment_file *file, const struct segment_watch *watch,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Notes that bytes of a section were or will be changed in the image: segment_file_overwrite()
 * brings their chunks to the file. One thread. */
void segment_file_touch(struct segment_file *file, enum segment_section section, unsigned kind,
                        uint64_t offset, uint64_t n_bytes);

/* The same for all that withdrawing an entry wipes: its digests, and the rows of its records with
 * their filters and ids in every table. To be called BEFORE they are wiped: the rows say where the
 * filters are. */
void segment_file_touch_entry(struct segment_file *file, uint32_t ordinal);

/* Bytes of the chunks touched: what segment_file_overwrite() will write, twice. */
uint64_t segment_file_touched_bytes(const struct segment_file *file);

/* Writes the touched chunks as they now are in the image; durable when it returns. Needs free space
 * for them while it works. When it fails the file is as it was, or is finished by the next call or
 * the next open for writing. A chunk that was damaged is overwritten too, and
 * stays known as damaged. Errors: LK_DENIED (opened to read), LK_CORRUPT (the file became shorter),
 * LK_IO, LK_NOMEM. One thread. Cost: three syncs, and 3.3 MB twice for one print at ten
 * million entries: 20 ms. */
enum lk_status segment_file_overwrite(struct segment_file *file,
                                      struct lk_error *err) LK_MUST_CHECK;

/* Removes a segment's file and what belongs to it. A missing file is fine. Errors: LK_IO. */
enum lk_status segment_file_remove(const char *path, struct lk_error *err) LK_MUST_CHECK;

#endif
