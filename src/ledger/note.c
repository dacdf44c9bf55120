#include "ledger/note.h"

#include "base/be.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "ledger/tree.h"
#include "sys/seal.h"

#include <likeness/alloc.h>
#include <string.h>

enum {
    TIME_BYTES = 8,
    MAX_RAW_BYTES = NOTE_KEY_ID_BYTES + TIME_BYTES + SEAL_SIGNATURE_BYTES,
    KEY_TEXT_CHARS = 44 /* base64 of an algorithm and 32 bytes */
};

#define DASH "\xe2\x80\x94 " /* U+2014 and a space, before every signature */

/* A space of Unicode at the front of text[0..n), beyond those below U+0021? */
static bool is_wide_space(const char *text, size_t n)
{
    const uint8_t *p = (const uint8_t *)text;
    if (n >= 2 && p[0] == 0xc2)
        return p[1] == 0x85 || p[1] == 0xa0;
    if (n < 3)
        return false;
    if (p[0] == 0xe2 && p[1] == 0x80)
        return p[2] <= 0x8a || p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf;
    return memcmp(p, "\xe1\x9a\x80", 3) == 0 || memcmp(p, "\xe2\x81\x9f", 3) == 0 ||
           memcmp(p, "\xe3\x80\x80", 3) == 0;
}

static bool is_name(const char *name, size_t n)
{
    if (n == 0 || n > NOTE_MAX_NAME_BYTES || !utf8_valid(name, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)name[i] <= ' ' || name[i] == '+' || name[i] == 0x7f ||
            is_wide_space(name + i, n - i))
            return false;
    return true;
}

static enum lk_status init(struct note_key *key, const char *name, size_t n, uint8_t algorithm,
                           const uint8_t public_key[32], struct lk_error *err)
{
    if (!is_name(name, n))
        return FAIL(err, LK_INVALID,
                    "a key's name is 1 to %d bytes of text without spaces and without '+'",
                    NOTE_MAX_NAME_BYTES);
    *key = (struct note_key){.algorithm = algorithm};
    memcpy(key->name, name, n);
    memcpy(key->key, public_key, sizeof key->key);
    uint8_t hash[32];
    const struct seal_part parts[] = {{name, n}, {"\n", 1}, {&algorithm, 1}, {public_key, 32}};
    seal_sha256(parts, 4, hash);
    memcpy(key->id, hash, sizeof key->id);
    return LK_OK;
}

enum lk_status note_key_init(struct note_key *key, const char *name, enum note_algorithm algorithm,
                             const uint8_t public_key[32], struct lk_error *err)
{
    return init(key, name, strlen(name), (uint8_t)algorithm, public_key, err);
}

enum lk_status note_key_read(struct note_key *key, const char *text, size_t n, struct lk_error *err)
{
    const char *plus = memchr(text, '+', n);
    size_t n_name = plus == NULL ? 0 : (size_t)(plus - text);
    uint8_t id[NOTE_KEY_ID_BYTES], raw[33];
    if (plus == NULL || n - n_name < 10 + 1 || plus[9] != '+' ||
        !hex_decode(plus + 1, id, sizeof id))
        return FAIL(err, LK_INVALID, "a key is written NAME+8 hexadecimal digits+base64");
    const char *base64 = plus + 10;
    size_t n_base64 = n - n_name - 10;
    if (n_base64 != KEY_TEXT_CHARS || !seal_base64_take(base64, n_base64, raw, sizeof raw))
        return FAIL(err, LK_UNSUPPORTED, "a key that is not of Ed25519");
    if (raw[0] != NOTE_ED25519 && raw[0] != NOTE_COSIGNATURE)
        return FAIL(err, LK_UNSUPPORTED, "keys of kind %d are not known here, 1 and 4 are", raw[0]);
    TRY(init(key, text, n_name, raw[0], raw + 1, err));
    if (memcmp(key->id, id, sizeof id) != 0)
        return FAIL(err, LK_INVALID, "the digits of a key are not those of its name and bytes");
    return LK_OK;
}

void note_key_put(const struct note_key *key, struct buf *out)
{
    uint8_t raw[33] = {key->algorithm};
    char base64[KEY_TEXT_CHARS + 1];
    memcpy(raw + 1, key->key, sizeof key->key);
    seal_base64_put(raw, sizeof raw, base64, sizeof base64);
    buf_str(out, key->name);
    buf_char(out, '+');
    buf_hex(out, key->id, sizeof key->id);
    buf_char(out, '+');
    buf_str(out, base64);
}

/* One line without its end: "— NAME BASE64". */
static bool read_signature(struct note_signature *s, const char *line, size_t n)
{
    size_t n_dash = strlen(DASH);
    if (n <= n_dash || memcmp(line, DASH, n_dash) != 0)
        return false;
    s->name = line + n_dash;
    const char *space = memchr(s->name, ' ', n - n_dash);
    if (space == NULL)
        return false;
    s->n_name = (size_t)(space - s->name);
    s->base64 = space + 1;
    s->n_base64 = n - n_dash - s->n_name - 1;
    if (!is_name(s->name, s->n_name) || s->n_base64 < 8 || s->n_base64 % 4 != 0)
        return false;
    for (size_t i = 0; i < s->n_base64; i++) {
        char c = s->base64[i];
        bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                    c == '+' || c == '/' || (c == '=' && i + 2 >= s->n_base64);
        if (!good)
            return false;
    }
    return true;
}

/* Where the signatures begin: after the last empty line; 0: nowhere. */
static size_t end_of_text(const char *bytes, size_t n)
{
    for (size_t i = n; i >= 2; i--)
        if (bytes[i - 1] == '\n' && bytes[i - 2] == '\n')
            return i;
    return 0;
}

static bool is_text(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)text[i] < ' ' && text[i] != '\n')
            return false;
    return utf8_valid(text, n);
}

enum lk_status note_read(struct note *note, const char *bytes, size_t n, struct lk_error *err)
{
    if (n > NOTE_MAX_BYTES)
        return FAIL(err, LK_LIMIT, "a signed note has at most %d bytes, not %zu", NOTE_MAX_BYTES,
                    n);
    size_t at = end_of_text(bytes, n);
    if (at < 3 || at == n || bytes[n - 1] != '\n' || !is_text(bytes, n))
        return FAIL(err, LK_INVALID, "not a signed note: a text, an empty line and signatures");
    *note = (struct note){.text = bytes, .n_text = at - 1};
    while (at < n) {
        const char *end = memchr(bytes + at, '\n', n - at);
        size_t n_line = (size_t)(end - bytes) - at;
        if (note->n == NOTE_MAX_SIGNATURES)
            return FAIL(err, LK_LIMIT, "a note with more than %d signatures", NOTE_MAX_SIGNATURES);
        if (!read_signature(&note->signatures[note->n++], bytes + at, n_line))
            return FAIL(err, LK_INVALID, "a line after the note's text is no signature");
        at += n_line + 1;
    }
    return LK_OK;
}

/* What a cosignature is over. false: no memory, or too large. */
static bool cosigned(int64_t time_s, const char *text, size_t n_text, struct buf *out)
{
    buf_init(out, lk_alloc_heap(), NOTE_MAX_BYTES + 64);
    buf_fmt(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
    buf_put(out, text, n_text);
    return out->status == LK_OK;
}

static bool check_one(const struct note *note, const struct note_key *key, const uint8_t *raw,
                      int64_t *time_s)
{
    const uint8_t *signature = raw + NOTE_KEY_ID_BYTES;
    if (key->algorithm == NOTE_ED25519)
        return seal_sign_check(key->key, note->text, note->n_text, signature);
    uint64_t time = be_get64(signature);
    struct buf message;
    bool good = time <= INT64_MAX && cosigned((int64_t)time, note->text, note->n_text, &message);
    if (time > INT64_MAX)
        return false;
    good = good && seal_sign_check(key->key, message.p, message.n, signature + TIME_BYTES);
    buf_fini(&message);
    *time_s = (int64_t)time;
    return good;
}

bool note_check(const struct note *note, const struct note_key *key, int64_t *time_s)
{
    size_t n_raw = NOTE_KEY_ID_BYTES + SEAL_SIGNATURE_BYTES +
                   (key->algorithm == NOTE_COSIGNATURE ? TIME_BYTES : 0);
    bool found = false;
    int64_t time = 0;
    for (size_t i = 0; i < note->n; i++) {
        const struct note_signature *s = &note->signatures[i];
        uint8_t raw[MAX_RAW_BYTES], id[6];
        if (s->n_name != strlen(key->name) || memcmp(s->name, key->name, s->n_name) != 0)
            continue;
        if (!seal_base64_take(s->base64, 8, id, sizeof id) ||
            memcmp(id, key->id, sizeof key->id) != 0)
            continue;
        if (!seal_base64_take(s->base64, s->n_base64, raw, n_raw) ||
            !check_one(note, key, raw, &time))
            return false;
        found = true;
    }
    if (found && time_s != NULL)
        *time_s = time;
    return found;
}

void note_sign(const struct note_key *key, const uint8_t seed[32], const char *text, size_t n_text,
               int64_t time_s, struct buf *out)
{
    uint8_t raw[MAX_RAW_BYTES];
    size_t n = NOTE_KEY_ID_BYTES;
    memcpy(raw, key->id, sizeof key->id);
    if (key->algorithm == NOTE_COSIGNATURE) {
        struct buf message;
        be_put64(raw + n, (uint64_t)time_s);
        n += TIME_BYTES;
        if (!cosigned(time_s, text, n_text, &message))
            out->status = message.status;
        else
            seal_sign(seed, message.p, message.n, raw + n);
        buf_fini(&message);
    } else {
        seal_sign(seed, text, n_text, raw + n);
    }
    n += SEAL_SIGNATURE_BYTES;
    char base64[4 * ((MAX_RAW_BYTES + 2) / 3) + 1];
    seal_base64_put(raw, n, base64, sizeof base64);
    buf_fmt(out, DASH "%s %s\n", key->name, base64);
}
