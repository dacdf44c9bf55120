/* cases/case_keys.h - from a code to the key of its case.
 *
 *     first 8 digits  --keyed hash-->               lookup_hash (finds the row)
 *     all 20 digits   --keyed hash with pepper-->   Argon2id(salt)  -->  verifier | kek
 *     case key = unseal(kek, key_by_code) = unseal(master, key_by_master) */
#ifndef CASES_CASE_KEYS_H
#define CASES_CASE_KEYS_H

#include "cases/code.h"
#include "cases/registry_inside.h"

struct case_secret {
    uint8_t verifier[SEAL_HASH_BYTES];
    uint8_t kek[SEAL_KEY_BYTES];
};

void case_lookup(const struct registry *r, const struct code *code,
                 uint8_t lookup_hash[SEAL_HASH_BYTES]);

/* One Argon2id run. Errors: LK_NOMEM. */
enum lk_status case_stretch(const struct registry *r, const struct code *code,
                            const uint8_t salt[SEAL_SALT_BYTES], struct case_secret *out,
                            struct lk_error *err) LK_MUST_CHECK;

/* Fills the sealed keys of a row, which has its public_id; kek NULL: no code opens it. */
void case_wrap(const struct registry *r, struct case_row *row, const uint8_t *kek,
               const uint8_t key[SEAL_KEY_BYTES]);

/* Errors: LK_CORRUPT: sealed by another key or changed since. */
enum lk_status case_unwrap_by_code(const struct case_row *row, const uint8_t kek[SEAL_KEY_BYTES],
                                   uint8_t key[SEAL_KEY_BYTES], struct lk_error *err) LK_MUST_CHECK;
enum lk_status case_unwrap_by_master(const struct registry *r, const uint8_t public_id[16],
                                     const uint8_t *sealed, size_t n, uint8_t key[SEAL_KEY_BYTES],
                                     struct lk_error *err) LK_MUST_CHECK;

/* The person's own secret key, sealed under what the code gives; sets has_own and both halves. */
void case_wrap_own(struct case_row *row, const uint8_t kek[SEAL_KEY_BYTES],
                   const uint8_t own_secret[SEAL_BOX_KEY_BYTES]);

/* Errors: LK_CORRUPT. */
enum lk_status case_unwrap_own(const struct case_row *row, const uint8_t kek[SEAL_KEY_BYTES],
                               uint8_t own_secret[SEAL_BOX_KEY_BYTES],
                               struct lk_error *err) LK_MUST_CHECK;

/* The id that a text from before there were own keys is sealed to: number 0 is the note. */
#define CASE_TEXT_ID_BYTES (STORE_ID_BYTES + 4)
void case_text_id(const uint8_t public_id[STORE_ID_BYTES], unsigned number,
                  uint8_t id[CASE_TEXT_ID_BYTES]);

/* Labels of sealed columns. */
#define LABEL_ENTRY      "entry.record"
#define LABEL_TEXT       "location.place"
#define LABEL_MATCH_NOTE "case_match.note"
#define LABEL_RECIPIENT  "notice.recipient"
#define LABEL_PLACE      "notice.place"     /* with the case's public id */
#define LABEL_STEP_NOTE  "notice_step.note" /* likewise */
#define LABEL_LETTER_RECIPIENT                                                                     \
    "letter.recipient" /* with the letter's public id, as what follows                             \
                        */
#define LABEL_LETTER_ADDRESS "letter.address"
#define LABEL_LETTER_SUBJECT "letter.subject"
#define LABEL_LETTER_BODY    "letter.body"

#endif
