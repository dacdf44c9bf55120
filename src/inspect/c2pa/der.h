/* inspect/c2pa/der.h - the few things wanted of X.509 certificates (RFC 5280) and time stamps (RFC
 * 3161). Nothing is verified here. */
#ifndef INSPECT_C2PA_DER_H
#define INSPECT_C2PA_DER_H

#include "inspect/job.h"

struct certificate {
    const char *subject, *issuer; /* "common name, organisation"; NULL: neither is named */
    struct span key;              /* SubjectPublicKeyInfo */
};

/* false: the bytes are no certificate. */
bool der_certificate(struct job *job, struct span bytes, struct certificate *out);

/* The time that a time stamp token, or a response with one in it, says: "2026-11-01T10:00:00Z";
 * NULL: none that can be read. */
const char *der_stamp_time(struct job *job, struct span token);

#endif
