/* sys/age.h - files that only chosen people can open: the age format, version 1.
 *
 * The format is age-encryption.org/v1 with X25519 recipients, so that whoever receives a file opens
 * it with the `age` tool that they have already, and makes their key with `age-keygen`. Recipients
 * are public and look like "age1..."; identities are secret and look like "AGE-SECRET-KEY-1...".
 * Passphrases, plug-ins and the armoured form are not read here.
 *
 * A file is a header, in which one random key is wrapped for each recipient, and the content in
 * pieces of 64 KiB under that key (ChaCha20-Poly1305). Any change, and any missing piece, is
 * noticed. Who the recipients are cannot be read off the file; how many there are can.
 * Threads: any. */
#ifndef SYS_AGE_H
#define SYS_AGE_H

#include "base/buf.h"

#define AGE_KEY_BYTES       32
#define AGE_RECIPIENT_BYTES 63 /* room for the text of a recipient and its NUL */
#define AGE_IDENTITY_BYTES  75 /* and of an identity */
#define AGE_MAX_RECIPIENTS  100
#define AGE_MAX_IDENTITIES  100

struct age_recipient {
    uint8_t public_key[AGE_KEY_BYTES];
};

struct age_identity {
    uint8_t secret_key[AGE_KEY_BYTES];
};

/* Errors: LK_INVALID, with what a recipient looks like. */
enum lk_status age_recipient_parse(const char *text, size_t n, struct age_recipient *out,
                                   struct lk_error *err) LK_MUST_CHECK;
void age_recipient_text(const struct age_recipient *recipient, char text[AGE_RECIPIENT_BYTES]);

/* Reads a file of identities as age-keygen writes it: one a line, "#" begins a comment. *n receives
 * how many, at least one. The texts of errors never hold a line. Errors: LK_INVALID (a line is no
 * identity, or there is none), LK_LIMIT. */
enum lk_status age_identities_parse(const char *text, size_t n_text,
                                    struct age_identity out[AGE_MAX_IDENTITIES], size_t *n,
                                    struct lk_error *err) LK_MUST_CHECK;

/* A new identity; its text, and its recipient. */
void age_identity_new(struct age_identity *out);
void age_identity_text(const struct age_identity *identity, char text[AGE_IDENTITY_BYTES]);
void age_identity_recipient(const struct age_identity *identity, struct age_recipient *out);

/* Appends `bytes`, sealed for 1..AGE_MAX_RECIPIENTS recipients. Errors: LK_INVALID (no recipient,
 * or one whose key is none), LK_LIMIT, LK_NOMEM (see buf_status). */
enum lk_status age_seal(const struct age_recipient *recipients, size_t n_recipients,
                        const void *bytes, size_t n, struct buf *out,
                        struct lk_error *err) LK_MUST_CHECK;

/* Whether the bytes begin like such a file. */
bool age_is_sealed(const void *bytes, size_t n);

/* Appends what was sealed; nothing on failure. Errors: LK_DENIED (for none of these identities),
 * LK_CORRUPT (changed, cut, or not of the format), LK_UNSUPPORTED (a passphrase), LK_LIMIT,
 * LK_NOMEM. */
enum lk_status age_open(const struct age_identity *identities, size_t n_identities,
                        const void *bytes, size_t n, struct buf *out,
                        struct lk_error *err) LK_MUST_CHECK;

#endif
