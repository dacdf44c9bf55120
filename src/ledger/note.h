/* ledger/note.h - signed notes (c2sp.org/signed-note) and witnesses' cosignatures of them
 * (c2sp.org/tlog-cosignature, version 1): a text, an empty line, and a line for each signature.
 *
 *     example.org/ledger
 *     3
 *     mJtR...=
 *
 *     — example.org/ledger x08go/ZJ...=
 *     — witness.example   jNqd1uvm...=
 *
 * Notes come from strangers: everything is bounded and nothing is copied. Signatures of unknown
 * keys are kept and mean nothing. Threads: any, after seal_init(). */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "base/buf.h"

#define NOTE_MAX_BYTES      16384 /* of a note with its signatures */
#define NOTE_MAX_SIGNATURES 32
#define NOTE_MAX_NAME_BYTES 200
#define NOTE_KEY_ID_BYTES   4

enum note_algorithm {
    NOTE_ED25519 = 1,    /* over the text */
    NOTE_COSIGNATURE = 4 /* Ed25519 over "cosignature/v1", a time and the text */
};

/* A key whose signatures are believed. As text, the "vkey": NAME+ID+BASE64. */
struct note_key {
    char name[NOTE_MAX_NAME_BYTES + 1];
    uint8_t id[NOTE_KEY_ID_BYTES];
    uint8_t algorithm; /* enum note_algorithm */
    uint8_t key[32];
};

/* Names the key and makes its id. Errors: LK_INVALID (no such name: empty, too long, a space or
 * '+'). */
enum lk_status note_key_init(struct note_key *key, const char *name, enum note_algorithm algorithm,
                             const uint8_t public_key[32], struct lk_error *err) LK_MUST_CHECK;

/* Reads a vkey. Errors: LK_INVALID, LK_UNSUPPORTED (another algorithm). */
enum lk_status note_key_read(struct note_key *key, const char *text, size_t n,
                             struct lk_error *err) LK_MUST_CHECK;
void note_key_put(const struct note_key *key, struct buf *out);

/* Borrowed from what was read. */
struct note_signature {
    const char *name;
    size_t n_name;
    const char *base64; /* of the key's id and the signature */
    size_t n_base64;
};

struct note {
    const char *text; /* ends with a new line */
    size_t n_text;
    size_t n;
    struct note_signature signatures[NOTE_MAX_SIGNATURES];
};

/* Errors: LK_INVALID (not a note), LK_LIMIT. */
enum lk_status note_read(struct note *note, const char *bytes, size_t n,
                         struct lk_error *err) LK_MUST_CHECK;

/* Is there a signature of this key, and are all that bear its name and id good? *time_s (may be
 * NULL) receives the time of a cosignature, 0 of others. */
bool note_check(const struct note *note, const struct note_key *key, int64_t *time_s) LK_MUST_CHECK;

/* Writes the line of a signature over text. time_s: of a cosignature; else ignored. */
void note_sign(const struct note_key *key, const uint8_t seed[32], const char *text, size_t n_text,
               int64_t time_s, struct buf *out);

#endif
