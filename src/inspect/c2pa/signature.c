/* COSE_Sign1 (RFC 9052): [protected, unprotected, payload, signature]; the algorithm is header 1,
 * the certificates header 33 or "x5chain" (a string or a list, the signer's first), in either map.
 * What is signed is ["Signature1", protected, h'', claim]. Time stamps: "sigTst" or "sigTst2". */
#include "c2pa.h"

#include "base/buf.h"
#include "inspect/c2pa/der.h"

#include <string.h>

struct cose {
    struct cbor protected_bytes, unprotected, signature;
    struct cbor headers; /* the protected map */
};

static bool open_cose(struct span bytes, struct cose *out)
{
    struct cbor list, payload;
    uint64_t n = 0;
    if (!cbor_take(&bytes, &list))
        return false;
    struct span rest = list.bytes;
    if (!cbor_next(&list, &rest, &n, &out->protected_bytes) ||
        !cbor_next(&list, &rest, &n, &out->unprotected) || !cbor_next(&list, &rest, &n, &payload) ||
        !cbor_next(&list, &rest, &n, &out->signature))
        return false;
    struct span headers = out->protected_bytes.bytes;
    return out->protected_bytes.type == CBOR_BYTES && out->signature.type == CBOR_BYTES &&
           out->signature.bytes.n > 0 && cbor_take(&headers, &out->headers);
}

static bool find_header(const struct cose *cose, int64_t number, const char *name, struct cbor *out)
{
    return cbor_find_number(&cose->headers, number, out) || cbor_find(&cose->headers, name, out) ||
           cbor_find_number(&cose->unprotected, number, out) ||
           cbor_find(&cose->unprotected, name, out);
}

static void put_bytes(struct buf *out, struct span s)
{
    enum { BYTES = 2 << 5, IN_4 = 26 };
    const uint8_t head[] = {BYTES | IN_4, (uint8_t)(s.n >> 24), (uint8_t)(s.n >> 16),
                            (uint8_t)(s.n >> 8), (uint8_t)s.n};
    if (s.n < 24) {
        buf_char(out, (char)(BYTES | s.n));
    } else if (s.n < 256) {
        buf_char(out, (char)(BYTES | 24));
        buf_char(out, (char)s.n);
    } else if (s.n < 65536) {
        buf_char(out, (char)(BYTES | 25));
        buf_put(out, head + 3, 2);
    } else {
        buf_put(out, head, sizeof head);
    }
    buf_put(out, s.p, s.n);
}

/* What is signed; n is 0: no memory. */
static struct span message_of(struct job *job, const struct cose *cose, struct span claim)
{
    struct buf out;
    buf_init(&out, &job->arena->alloc, 2 * (size_t)JOB_MAX_MANIFEST);
    buf_str(&out, "\x84\x6aSignature1");
    put_bytes(&out, cose->protected_bytes.bytes);
    put_bytes(&out, (struct span){0});
    put_bytes(&out, claim);
    return out.status == LK_OK ? (struct span){(const uint8_t *)out.p, out.n} : (struct span){0};
}

static const char *stamp_time(struct job *job, const struct cose *cose)
{
    struct cbor stamp, tokens, token, value;
    uint64_t n = 0;
    if (!cbor_find(&cose->unprotected, "sigTst2", &stamp) &&
        !cbor_find(&cose->unprotected, "sigTst", &stamp))
        return NULL;
    if (!cbor_find(&stamp, "tstTokens", &tokens))
        return NULL;
    struct span rest = tokens.bytes;
    if (!cbor_next(&tokens, &rest, &n, &token) || !cbor_find(&token, "val", &value) ||
        value.type != CBOR_BYTES)
        return NULL;
    return der_stamp_time(job, value.bytes);
}

static bool leaf_of(struct job *job, const struct cose *cose, struct certificate *leaf)
{
    enum { X5CHAIN = 33 };
    struct cbor chain, first;
    uint64_t n = 0;
    if (!find_header(cose, X5CHAIN, "x5chain", &chain))
        return false;
    struct span rest = chain.bytes;
    if (chain.type == CBOR_BYTES)
        first = chain;
    else if (!cbor_next(&chain, &rest, &n, &first) || first.type != CBOR_BYTES)
        return false;
    return der_certificate(job, first.bytes, leaf);
}

void c2pa_signature(struct job *job, struct inspect_credential *c, struct span bytes,
                    struct span claim)
{
    enum { ALGORITHM = 1 };
    struct cose cose;
    struct cbor algorithm;
    struct certificate leaf;
    if (!open_cose(bytes, &cose))
        return;
    c->signed_at = stamp_time(job, &cose);
    c->signature_why = INSPECT_NO_KEY;
    if (!leaf_of(job, &cose, &leaf))
        return;
    c->signer = leaf.subject;
    c->issuer = leaf.issuer;
    c->signature_why = INSPECT_ALGORITHM;
    if (!cbor_find_number(&cose.headers, ALGORITHM, &algorithm) ||
        !cbor_number(&algorithm, &c->seal.algorithm))
        return;
    c->seal.key = leaf.key;
    c->seal.signature = cose.signature.bytes;
    c->seal.message = message_of(job, &cose, claim);
    if (c->seal.message.n == 0) {
        c->seal.signature.n = 0;
        c->signature_why = INSPECT_TOO_LARGE;
    }
}
