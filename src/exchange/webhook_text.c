#include "exchange/webhook_text.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

enum { BASE64_CHARS = 4 * ((SEAL_SIGNATURE_BYTES + 2) / 3) };

void webhook_text_body(struct buf *out, const struct webhook_out *message)
{
    char time[32];
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_put_text(&j, "type", webhook_type_name(message->type));
    clock_format_time(message->event_ms, time);
    json_put_text(&j, "timestamp", time);
    json_key(&j, "data");
    json_object(&j);
    if (message->subject[0] != '\0')
        json_put_text(&j, "id", message->subject);
    json_end_object(&j);
    json_end_object(&j);
}

static void sign_ed25519(const uint8_t *seed, const char *head, size_t n_head,
                         const struct webhook_signed *what, uint8_t *signature, struct buf *out)
{
    struct buf whole;
    buf_init(&whole, out->alloc, n_head + what->n);
    buf_put(&whole, head, n_head);
    buf_put(&whole, what->body, what->n);
    if (whole.status == LK_OK)
        seal_sign(seed, whole.p, whole.n, signature);
    else
        out->status = whole.status;
    buf_fini(&whole);
}

void webhook_text_sign(struct buf *out, unsigned scheme, struct seal_part key,
                       const struct webhook_signed *what)
{
    char head[WEBHOOK_MESSAGE_CHARS + 64], text[BASE64_CHARS + 1];
    uint8_t signature[SEAL_SIGNATURE_BYTES] = {0};
    bool is_hmac = scheme == WEBHOOK_HMAC;
    int n = snprintf(head, sizeof head, "%.*s.%lld.", WEBHOOK_MESSAGE_CHARS, what->id,
                     (long long)what->time_s);
    if (is_hmac) {
        const struct seal_part parts[] = {{head, (size_t)n}, {what->body, what->n}};
        seal_hmac_sha256(key.p, key.n, parts, 2, signature);
    } else {
        sign_ed25519(key.p, head, (size_t)n, what, signature, out);
    }
    seal_base64_put(signature, is_hmac ? SEAL_HASH_BYTES : SEAL_SIGNATURE_BYTES, text, sizeof text);
    buf_fmt(out, "%s%s%s", out->n > 0 ? " " : "", is_hmac ? "v1," : "v1a,", text);
}

static void put_key(const char *prefix, const uint8_t key[32], char text[WEBHOOK_KEY_CHARS + 1])
{
    size_t n = strlen(prefix);
    memcpy(text, prefix, n);
    seal_base64_put(key, 32, text + n, WEBHOOK_KEY_CHARS + 1 - n);
}

void webhook_text_secret(const uint8_t secret[WEBHOOK_SECRET_BYTES],
                         char text[WEBHOOK_KEY_CHARS + 1])
{
    put_key("whsec_", secret, text);
}

void webhook_text_public(const uint8_t key[SEAL_SIGN_KEY_BYTES], char text[WEBHOOK_KEY_CHARS + 1])
{
    put_key("whpk_", key, text);
}
