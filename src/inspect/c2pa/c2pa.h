/* inspect/c2pa/c2pa.h - Content Credentials: reads the manifests of a C2PA store, and checks what
 * can be checked without a list of whom to trust.
 *
 *     store "c2pa"
 *       manifest, one for each state the file was in; the last is about the file as it is
 *         "c2pa.assertions"  statements: actions, ingredients, the hash of the content ...
 *         "c2pa.claim"       CBOR: which statements, each with its hash, and who claims them
 *         "c2pa.signature"   COSE_Sign1 over the claim, with the signer's certificates
 *
 * Only statements that the claim names with the right hash are believed to be the signer's. */
#ifndef INSPECT_C2PA_C2PA_H
#define INSPECT_C2PA_C2PA_H

#include "inspect/c2pa/cbor.h"
#include "inspect/inspect.h"
#include "inspect/job.h"

/* Adds the credentials in job->manifest to the report. Any bytes are safe. */
void c2pa_read(struct job *job, const struct inspect_options *options);

/* --- parts, for each other */

/* What signs the claim, read into the credential: signer, time, seal. */
void c2pa_signature(struct job *job, struct inspect_credential *credential, struct span cose,
                    struct span claim);

/* Compares the content with the assertion of this label; algorithm: as the claim says. */
void c2pa_binding(struct job *job, struct inspect_credential *credential, const char *label,
                  const struct cbor *assertion, const char *algorithm,
                  const struct inspect_options *options);

#endif
