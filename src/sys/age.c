/* https://c2sp.org/age
 *
 *     age-encryption.org/v1
 *     -> X25519 <share of a key used once, base64>           one for each recipient
 *     <the file key, sealed under HKDF(X25519(share, recipient)), base64>
 *     --- <HMAC of all above, "---" included, base64>
 *     nonce[16] { piece[0..65536] tag[16] } ...              nonces: counter[11] is_last[1]
 */
#include "age.h"

#include "base/bech32.h"
#include "base/err.h"
#include "rand.h"
#include "seal.h"

#include <string.h>

enum {
    FILE_KEY_BYTES = 16,
    BODY_BYTES = FILE_KEY_BYTES + SEAL_BLOCK_TAG_BYTES,
    SHARE_CHARS = 43, /* of 32 bytes in base64 */
    LINE_CHARS = 64,
    LINE_BYTES = 48,
    NONCE_BYTES = 16,
    PIECE_BYTES = 65536,
    MAX_HEADER_BYTES = 1 << 18
};

static const char intro[] = "age-encryption.org/v1\n";
static const char prefix[] = "age", secret_prefix[] = "age-secret-key-";
static const char wrap_info[] = "age-encryption.org/v1/X25519";

/* ---- keys as text ---- */

enum lk_status age_recipient_parse(const char *text, size_t n, struct age_recipient *out,
                                   struct lk_error *err)
{
    struct bech32 b;
    if (!bech32_take(text, n, &b) || b.is_upper || strcmp(b.prefix, prefix) != 0 ||
        !bech32_bytes(&b, out->public_key, sizeof out->public_key))
        return FAIL(err, LK_INVALID,
                    "'%.*s' is no recipient: one begins with age1 and has %d letters, as "
                    "age-keygen prints it",
                    n < 80 ? (int)n : 80, text, AGE_RECIPIENT_BYTES - 1);
    return LK_OK;
}

void age_recipient_text(const struct age_recipient *recipient, char text[AGE_RECIPIENT_BYTES])
{
    (void)bech32_put(prefix, recipient->public_key, AGE_KEY_BYTES, false, text,
                     AGE_RECIPIENT_BYTES);
}

static bool parse_identity(const char *line, size_t n, struct age_identity *out)
{
    struct bech32 b;
    bool ok = bech32_take(line, n, &b) && b.is_upper && strcmp(b.prefix, secret_prefix) == 0 &&
              bech32_bytes(&b, out->secret_key, sizeof out->secret_key);
    seal_wipe(&b, sizeof b);
    return ok;
}

enum lk_status age_identities_parse(const char *text, size_t n_text,
                                    struct age_identity out[AGE_MAX_IDENTITIES], size_t *n,
                                    struct lk_error *err)
{
    unsigned line_number = 0;
    *n = 0;
    for (size_t at = 0; at < n_text;) {
        const char *line = text + at, *end = memchr(line, '\n', n_text - at);
        size_t n_line = end != NULL ? (size_t)(end - line) : n_text - at;
        at += n_line + 1;
        line_number++;
        if (n_line > 0 && line[n_line - 1] == '\r')
            n_line--;
        if (n_line == 0 || line[0] == '#')
            continue;
        if (*n == AGE_MAX_IDENTITIES)
            return FAIL(err, LK_LIMIT, "more than %d identities", AGE_MAX_IDENTITIES);
        if (!parse_identity(line, n_line, &out[(*n)++]))
            return FAIL(err, LK_INVALID,
                        "line %u is no identity: one begins with AGE-SECRET-KEY-1, as age-keygen "
                        "writes it",
                        line_number);
    }
    if (*n == 0)
        return FAIL(err, LK_INVALID, "there is no identity: age-keygen makes one");
    return LK_OK;
}

void age_identity_new(struct age_identity *out)
{
    rand_bytes(out->secret_key, sizeof out->secret_key);
}

void age_identity_text(const struct age_identity *identity, char text[AGE_IDENTITY_BYTES])
{
    (void)bech32_put(secret_prefix, identity->secret_key, AGE_KEY_BYTES, true, text,
                     AGE_IDENTITY_BYTES);
}

void age_identity_recipient(const struct age_identity *identity, struct age_recipient *out)
{
    seal_box_public(identity->secret_key, out->public_key);
}

/* ---- the header ---- */

/* The key that wraps the file key between a share and a recipient. */
static bool wrap_key(const uint8_t secret[AGE_KEY_BYTES], const uint8_t other[AGE_KEY_BYTES],
                     const uint8_t share[AGE_KEY_BYTES], const uint8_t recipient[AGE_KEY_BYTES],
                     uint8_t out[SEAL_KEY_BYTES])
{
    uint8_t shared[32], salt[2 * AGE_KEY_BYTES];
    if (!seal_x25519(secret, other, shared))
        return false;
    memcpy(salt, share, AGE_KEY_BYTES);
    memcpy(salt + AGE_KEY_BYTES, recipient, AGE_KEY_BYTES);
    seal_hkdf_sha256((struct seal_part){shared, sizeof shared},
                     (struct seal_part){salt, sizeof salt}, wrap_info, out);
    seal_wipe(shared, sizeof shared);
    return true;
}

static enum lk_status put_stanza(struct buf *out, const struct age_recipient *recipient,
                                 const uint8_t file_key[FILE_KEY_BYTES], struct lk_error *err)
{
    static const uint8_t nonce[SEAL_BLOCK_NONCE_BYTES];
    uint8_t share[AGE_KEY_BYTES], secret[AGE_KEY_BYTES], key[SEAL_KEY_BYTES], body[BODY_BYTES];
    char text[LINE_CHARS + 1];
    seal_box_new(share, secret);
    bool ok = wrap_key(secret, recipient->public_key, share, recipient->public_key, key);
    seal_wipe(secret, sizeof secret);
    if (!ok)
        return FAIL(err, LK_INVALID, "a recipient's key is none: whoever sent it was mistaken");
    seal_bare64_put(share, sizeof share, text, sizeof text);
    buf_fmt(out, "-> X25519 %s\n", text);
    memcpy(body, file_key, FILE_KEY_BYTES);
    seal_block_put(key, nonce, body, FILE_KEY_BYTES, body + FILE_KEY_BYTES);
    seal_bare64_put(body, sizeof body, text, sizeof text);
    buf_fmt(out, "%s\n", text);
    seal_wipe(key, sizeof key);
    return LK_OK;
}

static void header_mac(const uint8_t file_key[FILE_KEY_BYTES], const void *header, size_t n,
                       uint8_t mac[32])
{
    uint8_t key[32];
    seal_hkdf_sha256((struct seal_part){file_key, FILE_KEY_BYTES}, (struct seal_part){0}, "header",
                     key);
    seal_hmac_sha256(key, sizeof key, &(struct seal_part){header, n}, 1, mac);
    seal_wipe(key, sizeof key);
}

static enum lk_status put_header(struct buf *out, const struct age_recipient *recipients,
                                 size_t n_recipients, const uint8_t file_key[FILE_KEY_BYTES],
                                 struct lk_error *err)
{
    uint8_t mac[32];
    char text[LINE_CHARS + 1];
    size_t from = out->n;
    buf_str(out, intro);
    for (size_t i = 0; i < n_recipients; i++)
        TRY(put_stanza(out, &recipients[i], file_key, err));
    buf_str(out, "---");
    TRY(buf_status(out, "the sealed file", err));
    header_mac(file_key, out->p + from, out->n - from, mac);
    seal_bare64_put(mac, sizeof mac, text, sizeof text);
    buf_fmt(out, " %s\n", text);
    return LK_OK;
}

struct stanza {
    uint8_t share[AGE_KEY_BYTES], body[BODY_BYTES];
};

struct header {
    const char *text;
    size_t n, at;
    size_t n_signed; /* up to the end of "---" */
    uint8_t mac[32];
    size_t n_stanzas; /* of ours */
    struct stanza stanzas[AGE_MAX_RECIPIENTS];
};

static enum lk_status broken(struct lk_error *err, const char *what)
{
    return FAIL(err, LK_CORRUPT, "the sealed file is damaged, or not of the age format: %s", what);
}

static bool next_line(struct header *h, const char **line, size_t *n)
{
    const char *end = memchr(h->text + h->at, '\n', h->n - h->at);
    if (end == NULL)
        return false;
    *line = h->text + h->at;
    *n = (size_t)(end - *line);
    h->at += *n + 1;
    return true;
}

static bool has_prefix(const char *line, size_t n, const char *start)
{
    size_t n_start = strlen(start);
    return n >= n_start && memcmp(line, start, n_start) == 0;
}

/* Words of visible letters, one space apart. */
static bool are_words(const char *line, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool gap = line[i] == ' ';
        if ((gap && (i == 0 || i + 1 == n || line[i - 1] == ' ')) || (!gap && line[i] < 33) ||
            line[i] > 126)
            return false;
    }
    return n > 0;
}

/* Lines of base64, of which the last is shorter than the others. *n_body receives the size, of
 * which the first BODY_BYTES are kept. */
static bool take_body(struct header *h, uint8_t body[BODY_BYTES], size_t *n_body)
{
    const char *line;
    size_t n;
    uint8_t bytes[LINE_BYTES];
    *n_body = 0;
    do {
        if (!next_line(h, &line, &n) || n > LINE_CHARS ||
            !seal_bare64_take(line, n, bytes, n * 3 / 4))
            return false;
        if (*n_body == 0)
            memcpy(body, bytes, n * 3 / 4 < BODY_BYTES ? n * 3 / 4 : BODY_BYTES);
        *n_body += n * 3 / 4;
    } while (n == LINE_CHARS);
    return true;
}

/* What is not ours is for others: kept out, but it must be well made. */
static enum lk_status take_stanza(struct header *h, const char *words, size_t n,
                                  struct lk_error *err)
{
    static const char ours[] = "X25519";
    struct stanza s = {0};
    size_t n_body;
    bool is_ours = has_prefix(words, n, ours) && (n == 6 || words[6] == ' ');
    if (!are_words(words, n) || !take_body(h, s.body, &n_body))
        return broken(err, "a recipient's part is not well made");
    if (has_prefix(words, n, "scrypt "))
        return FAIL(err, LK_UNSUPPORTED,
                    "the file is sealed with a passphrase, which only the age tool opens");
    if (!is_ours)
        return LK_OK;
    if (n != 7 + SHARE_CHARS || n_body != BODY_BYTES ||
        !seal_bare64_take(words + 7, SHARE_CHARS, s.share, sizeof s.share))
        return broken(err, "a recipient's part is not well made");
    if (h->n_stanzas == AGE_MAX_RECIPIENTS)
        return FAIL(err, LK_LIMIT, "the file is sealed for more than %d recipients",
                    AGE_MAX_RECIPIENTS);
    h->stanzas[h->n_stanzas++] = s;
    return LK_OK;
}

static enum lk_status take_header(struct header *h, struct lk_error *err)
{
    const char *line;
    size_t n;
    h->at = sizeof intro - 1;
    while (next_line(h, &line, &n)) {
        if (has_prefix(line, n, "-> ")) {
            TRY(take_stanza(h, line + 3, n - 3, err));
            continue;
        }
        h->n_signed = (size_t)(line + 3 - h->text);
        if (n != 4 + SHARE_CHARS || !has_prefix(line, n, "--- ") ||
            !seal_bare64_take(line + 4, SHARE_CHARS, h->mac, sizeof h->mac))
            return broken(err, "its header does not end as it should");
        return LK_OK;
    }
    return broken(err, "its header does not end");
}

static bool unwrap(const struct stanza *s, const struct age_identity *identity,
                   uint8_t file_key[FILE_KEY_BYTES])
{
    static const uint8_t nonce[SEAL_BLOCK_NONCE_BYTES];
    uint8_t recipient[AGE_KEY_BYTES], key[SEAL_KEY_BYTES];
    seal_box_public(identity->secret_key, recipient);
    if (!wrap_key(identity->secret_key, s->share, s->share, recipient, key))
        return false;
    memcpy(file_key, s->body, FILE_KEY_BYTES);
    bool ok = seal_block_take(key, nonce, file_key, FILE_KEY_BYTES, s->body + FILE_KEY_BYTES);
    seal_wipe(key, sizeof key);
    return ok;
}

static enum lk_status find_key(const struct header *h, const struct age_identity *identities,
                               size_t n_identities, uint8_t file_key[FILE_KEY_BYTES],
                               struct lk_error *err)
{
    uint8_t mac[32];
    for (size_t i = 0; i < n_identities; i++)
        for (size_t k = 0; k < h->n_stanzas; k++)
            if (unwrap(&h->stanzas[k], &identities[i], file_key)) {
                header_mac(file_key, h->text, h->n_signed, mac);
                if (seal_equal(mac, h->mac, sizeof mac))
                    return LK_OK;
                return broken(err, "its header was changed");
            }
    return FAIL(err, LK_DENIED, "the file is not sealed for this identity");
}

/* ---- the content ---- */

struct stream {
    uint8_t key[SEAL_KEY_BYTES];
    uint64_t n_pieces;
};

static void stream_begin(struct stream *s, const uint8_t file_key[FILE_KEY_BYTES],
                         const uint8_t nonce[NONCE_BYTES])
{
    s->n_pieces = 0;
    seal_hkdf_sha256((struct seal_part){file_key, FILE_KEY_BYTES},
                     (struct seal_part){nonce, NONCE_BYTES}, "payload", s->key);
}

static void stream_nonce(struct stream *s, bool is_last, uint8_t nonce[SEAL_BLOCK_NONCE_BYTES])
{
    uint64_t counter = s->n_pieces++;
    memset(nonce, 0, SEAL_BLOCK_NONCE_BYTES);
    for (unsigned i = 0; i < 8; i++)
        nonce[10 - i] = (uint8_t)(counter >> (8 * i));
    nonce[11] = is_last;
}

static void put_content(struct buf *out, struct stream *s, const uint8_t *bytes, size_t n)
{
    uint8_t nonce[SEAL_BLOCK_NONCE_BYTES];
    for (size_t at = 0, piece; at == 0 || at < n; at += piece) {
        piece = n - at < PIECE_BYTES ? n - at : PIECE_BYTES;
        uint8_t *room = buf_room(out, piece + SEAL_BLOCK_TAG_BYTES);
        if (room == NULL)
            return;
        if (piece > 0)
            memcpy(room, bytes + at, piece);
        stream_nonce(s, at + piece == n, nonce);
        seal_block_put(s->key, nonce, room, piece, room + piece);
        if (piece == 0)
            return;
    }
}

/* An empty piece stands only where the whole content is empty. */
static enum lk_status take_content(struct buf *out, struct stream *s, const uint8_t *bytes,
                                   size_t n, struct lk_error *err)
{
    uint8_t nonce[SEAL_BLOCK_NONCE_BYTES];
    for (size_t at = 0;;) {
        size_t piece = n - at < PIECE_BYTES + SEAL_BLOCK_TAG_BYTES
                           ? n - at
                           : PIECE_BYTES + SEAL_BLOCK_TAG_BYTES;
        if (piece < SEAL_BLOCK_TAG_BYTES || (piece == SEAL_BLOCK_TAG_BYTES && at > 0))
            return broken(err, "it is cut off");
        bool is_last = at + piece == n;
        size_t n_plain = piece - SEAL_BLOCK_TAG_BYTES;
        uint8_t *room = buf_room(out, n_plain);
        if (room == NULL)
            return buf_status(out, "the opened file", err);
        if (n_plain > 0)
            memcpy(room, bytes + at, n_plain);
        stream_nonce(s, is_last, nonce);
        if (!seal_block_take(s->key, nonce, room, n_plain, bytes + at + n_plain))
            return broken(err, "it was changed or cut off");
        if (is_last)
            return LK_OK;
        at += piece;
    }
}

enum lk_status age_seal(const struct age_recipient *recipients, size_t n_recipients,
                        const void *bytes, size_t n, struct buf *out, struct lk_error *err)
{
    uint8_t file_key[FILE_KEY_BYTES], nonce[NONCE_BYTES];
    struct stream s;
    if (n_recipients == 0 || n_recipients > AGE_MAX_RECIPIENTS)
        return FAIL(err, LK_INVALID, "a file is sealed for 1 to %d recipients, not %zu",
                    AGE_MAX_RECIPIENTS, n_recipients);
    TRY(seal_init(err));
    rand_bytes(file_key, sizeof file_key);
    rand_bytes(nonce, sizeof nonce);
    enum lk_status status = put_header(out, recipients, n_recipients, file_key, err);
    if (status == LK_OK) {
        buf_put(out, nonce, sizeof nonce);
        stream_begin(&s, file_key, nonce);
        put_content(out, &s, bytes, n);
        seal_wipe(&s, sizeof s);
        status = buf_status(out, "the sealed file", err);
    }
    seal_wipe(file_key, sizeof file_key);
    return status;
}

bool age_is_sealed(const void *bytes, size_t n)
{
    return n >= sizeof intro - 1 && memcmp(bytes, intro, sizeof intro - 1) == 0;
}

enum lk_status age_open(const struct age_identity *identities, size_t n_identities,
                        const void *bytes, size_t n, struct buf *out, struct lk_error *err)
{
    struct header h = {.text = bytes, .n = n < MAX_HEADER_BYTES ? n : MAX_HEADER_BYTES};
    uint8_t file_key[FILE_KEY_BYTES];
    struct stream s;
    size_t before = out->n;
    if (!age_is_sealed(bytes, n))
        return broken(err, "it does not begin with age-encryption.org/v1");
    TRY(seal_init(err));
    TRY(take_header(&h, err));
    TRY(find_key(&h, identities, n_identities, file_key, err));
    const uint8_t *content = (const uint8_t *)bytes + h.at;
    size_t n_content = n - h.at;
    enum lk_status status = LK_OK;
    if (n_content < NONCE_BYTES)
        status = broken(err, "it is cut off");
    if (status == LK_OK) {
        stream_begin(&s, file_key, content);
        status = take_content(out, &s, content + NONCE_BYTES, n_content - NONCE_BYTES, err);
        seal_wipe(&s, sizeof s);
    }
    seal_wipe(file_key, sizeof file_key);
    if (status != LK_OK && out->n > before) {
        seal_wipe(out->p + before, out->n - before);
        out->n = before;
    }
    return status;
}
