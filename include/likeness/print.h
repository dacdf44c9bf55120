/* likeness/print.h - prints, records, sequences: what every medium becomes.
 *
 * A print is 256 bits. A record is a print with what is needed to judge it: kind, front end,
 * quality, time and frame. A sequence is the records of one item or one query, in time order; an
 * image is a sequence too. docs/formats/print.md specifies the bytes independently of this code. */
#ifndef LIKENESS_PRINT_H
#define LIKENESS_PRINT_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LK_PRINT_BITS      256
#define LK_PRINT_BYTES     32
#define LK_PRINT_HEX_CHARS 64 /* without the NUL */

/* Bit k (0..255) is bit k % 64 of w[k / 64]. For a PDQ print k = 16 * i + j, with i the vertical
 * and j the horizontal frequency. */
struct lk_print {
    uint64_t w[4];
};

enum lk_medium { LK_IMAGE = 1, LK_VIDEO = 2, LK_AUDIO = 3 };

/* What a print is of. Each kind has its own index: prints of different kinds never meet. */
enum lk_kind { LK_WHOLE = 1, LK_ANCHOR = 2, LK_FRAME = 3, LK_SOUND = 4 };
#define LK_KIND_MAX 4

/* How pixels were brought to the 64x64 that a PDQ print is made from; docs/formats/print.md. The
 * first three are of pictures, the last of frames of a video. */
enum lk_front_end { LK_FULLRES = 1, LK_REF512 = 2, LK_SCALED = 3, LK_TRIMMED = 4 };
#define LK_FRONT_END_MAX 4

/* Where in the picture a print was taken, in 1/256 of the picture's long side. */
struct lk_frame {
    uint8_t x, y; /* anchor: its centre. whole: half the width, half the height of the part that the
                     print was made of, which lies in the middle; 128, 128 for a square */
    uint8_t size; /* anchor: 0..254, sigma is 2^(size / 40 - 10) of the long side. whole: 255 */
    uint8_t turn; /* the form: how the picture was changed before the print was made of it. Bits
                     0..2: enum lk_turn; bits 3..4: enum lk_small_turn; bit 5: dark and light
                     exchanged */
};

/* The small turns under which an anchor is registered besides. */
enum lk_small_turn { LK_SMALL_TURN_NONE = 0, LK_SMALL_TURN_LEFT = 1, LK_SMALL_TURN_RIGHT = 2 };
#define LK_SMALL_TURN_SHIFT   3
#define LK_SMALL_TURN_DEGREES 10
#define LK_INVERTED           32

struct lk_record {
    struct lk_print print;
    uint32_t time_ms; /* from the beginning of the item; 0 for an image */
    struct lk_frame frame;
    uint8_t kind;      /* enum lk_kind */
    uint8_t front_end; /* enum lk_front_end; 0 for kinds that have only one */
    uint8_t quality;   /* 0..100 */
};

enum lk_digest_type { LK_DIGEST_KEYED_SHA256 = 1, LK_DIGEST_MD5 = 2, LK_DIGEST_SHA1 = 3 };
#define LK_DIGEST_BYTES 32 /* MD5 fills the first 16, SHA-1 the first 20, the rest are zero */
#define LK_MAX_DIGESTS  4

/* An exact keyed hash of the file, which may stand beside the prints. */
struct lk_digest {
    uint8_t type; /* enum lk_digest_type */
    uint8_t bytes[LK_DIGEST_BYTES];
};

#define LK_MAX_RECORDS 65535 /* in one sequence */

/* Borrows its records: they belong to whoever made them. */
struct lk_sequence {
    uint8_t medium; /* enum lk_medium */
    uint8_t n_digests;
    uint32_t duration_ms; /* 0 for an image */
    const struct lk_record *records;
    size_t n_records;
    struct lk_digest digests[LK_MAX_DIGESTS];
};

/* Number of differing bits, 0..256. */
unsigned lk_print_distance(const struct lk_print *a, const struct lk_print *b);

/* Number of one bits, 0..256. 128 for a healthy PDQ print; far from it, the picture was flat. */
unsigned lk_print_popcount(const struct lk_print *p);

/* How many of the 225 squares of two by two neighbouring bits have an odd number set; turns,
 * mirrors and inversion change whole rows and columns and leave it. Of a picture that is one thing
 * across times one thing down - an edge, a bar, a window, a grid, an even run of tones - each
 * frequency of a PDQ print is a product, so that none is odd: such prints are few, and meet within
 * some bits whatever the pictures show. Photographs have 107 (half of 336), none of them under 69.
 */
unsigned lk_print_odd_squares(const struct lk_print *p);

/* The 32 bytes of the exchange form: the hexadecimal text below, as bytes. */
void lk_print_to_bytes(const struct lk_print *p, uint8_t bytes[LK_PRINT_BYTES]);
void lk_print_from_bytes(struct lk_print *p, const uint8_t bytes[LK_PRINT_BYTES]);

/* The hexadecimal text as the PDQ reference prints it: 64 lower-case digits, bit 255 first; hex
 * receives a NUL after them. */
void lk_print_to_hex(const struct lk_print *p, char hex[LK_PRINT_HEX_CHARS + 1]);

/* Reads exactly n = 64 digits of either case. Errors: LK_INVALID names the length or the place. */
enum lk_status lk_print_from_hex(struct lk_print *p, const char *hex, size_t n,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Keyed prints: the bits in an order of one's own, some of them turned over. Distances between
 * prints of one key stay what they were; between prints of two keys they say nothing. A hurdle for
 * whoever gets hold of a bank, no encryption: docs/formats/print.md says what it is worth. */
#define LK_PRINT_KEY_SEED_BYTES 32

struct lk_print_key {
    uint8_t place[LK_PRINT_BITS]; /* bit k of a keyed print is bit place[k] */
    struct lk_print mask;         /* turned over where this has a 1 */
};

/* Works out the key of a seed, of 32 random bytes that are kept secret; always the same of one
 * seed. About 2 microseconds. Wipe the key when it is done with: it is as secret as the seed. */
void lk_print_key_init(struct lk_print_key *key, const uint8_t seed[LK_PRINT_KEY_SEED_BYTES]);

struct lk_print lk_print_keyed(const struct lk_print_key *key, const struct lk_print *print);

/* Stable names: "whole", "anchor", "frame", "sound"; "fullres", "ref512", "scaled"; "image",
 * "video", "audio". Unknown values give "unknown"; unknown names give 0. */
const char *lk_kind_name(unsigned kind);
const char *lk_front_end_name(unsigned front_end);
const char *lk_medium_name(unsigned medium);
unsigned lk_kind_from_name(const char *name, size_t n);
unsigned lk_front_end_from_name(const char *name, size_t n);
unsigned lk_medium_from_name(const char *name, size_t n);

/* Says whether a sequence is one that may be stored or searched: known medium, kinds that fit the
 * medium, known front ends, quality 0..100, times in order, turns that anchors have, counts within
 * the limits.
 * Errors: LK_INVALID, naming the first record that is wrong. */
enum lk_status lk_sequence_check(const struct lk_sequence *seq, struct lk_error *err) LK_MUST_CHECK;

/* Size of the binary form, in bytes. Looks at every record. */
size_t lk_sequence_encoded_bytes(const struct lk_sequence *seq);

/* Writes the binary form, version 2; `out` has room for lk_sequence_encoded_bytes(). Returns that
 * number. A sequence that passes lk_sequence_check() has one such form, whose bytes may be compared
 * and hashed (times that fall do not survive it). */
size_t lk_sequence_encode(const struct lk_sequence *seq, uint8_t *out);

/* Reads one sequence, of version 1 or 2, from the front of bytes[0..n). *used receives how many
 * bytes it took. Records go to records[0..cap), which seq then borrows. The result has passed
 * lk_sequence_check(). Errors: LK_CORRUPT (not the format, not its one form, cut short), LK_LIMIT
 * (more than cap records), LK_UNSUPPORTED (a newer version), LK_INVALID (what lk_sequence_check
 * says). */
enum lk_status lk_sequence_decode(const uint8_t *bytes, size_t n, struct lk_record *records,
                                  size_t cap, struct lk_sequence *seq, size_t *used,
                                  struct lk_error *err) LK_MUST_CHECK;

/* The message form: many sequences in one body. Borrows the bytes it reads. */
#define LK_MESSAGE_HEADER_BYTES 12

/* Of one record in the binary form of any version: what bounds the records that bytes can hold, and
 * the bytes that records need. */
#define LK_RECORD_MIN_BYTES 33
#define LK_RECORD_MAX_BYTES 45

struct lk_message {
    const uint8_t *p; /* what is still to be read */
    size_t n_bytes;
    size_t n_sequences, n_read;
};

/* The header of a message; the sequences follow as lk_sequence_encode() writes them. */
void lk_message_header(size_t n_sequences, uint8_t out[LK_MESSAGE_HEADER_BYTES]);

/* Reads the header. Believe n_sequences only as far as the bytes go.
 * Errors: LK_CORRUPT, LK_UNSUPPORTED (a newer version). */
enum lk_status lk_message_begin(const uint8_t *bytes, size_t n, struct lk_message *m,
                                struct lk_error *err) LK_MUST_CHECK;

/* Reads the next sequence into records[0..cap). Errors: those of lk_sequence_decode(), naming the
 * sequence; LK_NOT_FOUND after the last; LK_CORRUPT when bytes stand behind the last. */
enum lk_status lk_message_next(struct lk_message *m, struct lk_record *records, size_t cap,
                               struct lk_sequence *seq, struct lk_error *err) LK_MUST_CHECK;

#endif
