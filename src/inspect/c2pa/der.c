#include "der.h"

#include <string.h>

enum {
    INTEGER = 0x02,
    OCTETS = 0x04,
    OID = 0x06,
    TIME = 0x18,
    BMP_STRING = 0x1e,
    SEQUENCE = 0x30,
    SET = 0x31,
    CONTEXT_0 = 0xa0,
};

struct der {
    uint8_t tag;
    struct span bytes; /* the content */
    struct span whole; /* with its head */
};

static bool take(struct span *rest, struct der *out)
{
    struct span s = *rest;
    if (s.n < 2 || (s.p[0] & 31) == 31)
        return false;
    size_t n = s.p[1], n_head = 2;
    if (n & 0x80) {
        size_t n_length = n & 0x7f;
        if (n_length < 1 || n_length > 4 || s.n < 2 + n_length)
            return false;
        n = 0;
        for (size_t i = 0; i < n_length; i++)
            n = n << 8 | s.p[2 + i];
        n_head += n_length;
    }
    if (n > s.n - n_head)
        return false;
    *out = (struct der){s.p[0], {s.p + n_head, n}, {s.p, n_head + n}};
    *rest = span_after(s, n_head + n);
    return true;
}

/* Takes one of this tag. */
static bool take_a(struct span *rest, uint8_t tag, struct der *out)
{
    return take(rest, out) && out->tag == tag;
}

/* A part of a name with this last number of its object identifier 2.5.4.x. */
static struct span name_part(struct span name, uint8_t which)
{
    struct der set, pair, oid, value;
    while (take_a(&name, SET, &set))
        if (take_a(&set.bytes, SEQUENCE, &pair) && take_a(&pair.bytes, OID, &oid) &&
            take(&pair.bytes, &value) && oid.bytes.n == 3 &&
            memcmp(oid.bytes.p, "\x55\x04", 2) == 0 && oid.bytes.p[2] == which &&
            value.tag != BMP_STRING)
            return value.bytes;
    return (struct span){0};
}

static const char *name_text(struct job *job, struct span name)
{
    enum { COMMON_NAME = 3, ORGANISATION = 10 };
    const char *common = job_text(job, name_part(name, COMMON_NAME));
    const char *organisation = job_text(job, name_part(name, ORGANISATION));
    if (common == NULL || organisation == NULL)
        return common == NULL ? organisation : common;
    return job_join(job, job_join(job, common, ", "), organisation);
}

bool der_certificate(struct job *job, struct span bytes, struct certificate *out)
{
    struct der certificate, body, part, issuer, subject, key;
    if (!take_a(&bytes, SEQUENCE, &certificate) || !take_a(&certificate.bytes, SEQUENCE, &body))
        return false;
    struct span rest = body.bytes;
    if (!take(&rest, &part) || (part.tag == CONTEXT_0 && !take(&rest, &part)) ||
        part.tag != INTEGER)
        return false;
    /* algorithm, issuer, validity, subject, key */
    if (!take_a(&rest, SEQUENCE, &part) || !take_a(&rest, SEQUENCE, &issuer) ||
        !take_a(&rest, SEQUENCE, &part) || !take_a(&rest, SEQUENCE, &subject) ||
        !take_a(&rest, SEQUENCE, &key))
        return false;
    *out = (struct certificate){name_text(job, subject.bytes), name_text(job, issuer.bytes),
                                key.whole};
    return true;
}

static const char *time_text(struct job *job, struct span t)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    size_t from = 0;
    char *text = arena_copy(job->arena, form, sizeof form - 1);
    for (char *c = text; text != NULL && *c != '\0'; c++) {
        if (*c != '0')
            continue;
        if (from >= t.n || t.p[from] < '0' || t.p[from] > '9')
            return NULL;
        *c = (char)t.p[from++];
    }
    return text;
}

const char *der_stamp_time(struct job *job, struct span token)
{
    /* the object identifier of TSTInfo, wherever it stands: the forms around it differ */
    static const uint8_t mark[] = {0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                   0x0d, 0x01, 0x09, 0x10, 0x01, 0x04};
    struct der box, octets, info, part;
    while (token.n >= sizeof mark && memcmp(token.p, mark, sizeof mark) != 0)
        token = span_after(token, 1);
    token = span_after(token, sizeof mark);
    if (!take_a(&token, CONTEXT_0, &box) || !take_a(&box.bytes, OCTETS, &octets) ||
        !take_a(&octets.bytes, SEQUENCE, &info))
        return NULL;
    struct span rest = info.bytes; /* version, policy, imprint, serial number, time */
    if (!take_a(&rest, INTEGER, &part) || !take_a(&rest, OID, &part) ||
        !take_a(&rest, SEQUENCE, &part) || !take_a(&rest, INTEGER, &part) ||
        !take_a(&rest, TIME, &part))
        return NULL;
    return time_text(job, part.bytes);
}
