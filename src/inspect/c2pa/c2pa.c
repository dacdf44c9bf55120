#include "c2pa.h"

#include "base/sha256.h"
#include "inspect/c2pa/jumbf.h"

#include <string.h>

/* MAX_HASHED: bytes of statements in all; a claim may name the same one again and again. */
enum { MAX_MANIFESTS = 32, MAX_ASSERTIONS = 256, MAX_ACTIONS = 64, MAX_HASHED = 1 << 26 };

/* One manifest that is being read. */
struct manifest {
    struct job *job;
    const struct inspect_options *options;
    struct inspect_credential *credential;
    struct jumbf assertions; /* the assertion store */
    const char *algorithm;   /* of hashes, where nothing else is said */
    struct inspect_action **next_action;
    unsigned n_actions;
    bool is_bound;
    size_t *n_hashed; /* bytes so far, in all manifests */
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static const char *text_of(struct job *job, const struct cbor *item)
{
    return item->type == CBOR_TEXT ? job_text(job, item->bytes) : NULL;
}

/* A program: a text, or a map of name and version, or a list of those. */
static const char *tool_of(struct job *job, const struct cbor *item)
{
    struct cbor first = *item, name, version;
    struct span rest = item->bytes;
    uint64_t n = 0;
    if (item->type == CBOR_ARRAY && !cbor_next(item, &rest, &n, &first))
        return NULL;
    if (!cbor_find(&first, "name", &name))
        return text_of(job, &first);
    const char *text = text_of(job, &name);
    if (text == NULL || !cbor_find(&first, "version", &version) || version.type != CBOR_TEXT)
        return text;
    return job_join(job, job_join(job, text, " "),
                    text_of(job, &version) ? text_of(job, &version) : "");
}

static const char *last_word(const char *address)
{
    const char *word = address;
    for (const char *c = address; address != NULL && *c != '\0'; c++)
        if (*c == '/')
            word = c + 1;
    return word;
}

static void take_action(struct manifest *m, const struct cbor *item)
{
    struct job *job = m->job;
    struct cbor value;
    struct inspect_action *action = NULL;
    if (m->n_actions < MAX_ACTIONS)
        action = arena_zalloc(job->arena, 1, sizeof *action);
    if (action == NULL) {
        job_note(job, INSPECT_NOTE_TOO_LARGE);
        return;
    }
    action->name = cbor_find(item, "action", &value) ? text_of(job, &value) : NULL;
    if (cbor_find(item, "digitalSourceType", &value))
        action->source = last_word(text_of(job, &value));
    if (cbor_find(item, "softwareAgent", &value))
        action->tool = tool_of(job, &value);
    if (action->name == NULL)
        return;
    m->n_actions++;
    *m->next_action = action;
    m->next_action = &action->next;
}

static void take_actions(struct manifest *m, const struct cbor *assertion)
{
    struct cbor list, item;
    uint64_t n = 0;
    if (!cbor_find(assertion, "actions", &list))
        return;
    for (struct span rest = list.bytes; cbor_next(&list, &rest, &n, &item);)
        take_action(m, &item);
}

static void take_assertion(struct manifest *m, const struct jumbf *box)
{
    struct inspect_credential *c = m->credential;
    struct span bytes = jumbf_content(box, "cbor");
    struct cbor content;
    if (begins(box->label, "c2pa.ingredient"))
        c->n_ingredients++;
    if (bytes.n == 0 || !cbor_take(&bytes, &content))
        return;
    if (begins(box->label, "c2pa.actions"))
        take_actions(m, &content);
    else if (begins(box->label, "c2pa.hash.") && c->is_active && !m->is_bound) {
        m->is_bound = true;
        c2pa_binding(m->job, c, box->label, &content, m->algorithm, m->options);
    }
}

/* One hashed address of the claim: finds the box, compares, and believes it if they agree. */
static void take_reference(struct manifest *m, const struct cbor *reference)
{
    struct inspect_credential *c = m->credential;
    struct cbor url, hash, algorithm;
    struct jumbf box;
    uint8_t digest[SHA256_BYTES];
    struct sha256 sha;
    if (!cbor_find(reference, "url", &url) || !cbor_find(reference, "hash", &hash))
        return;
    c->n_assertions++;
    const char *name = text_of(m->job, &url);
    bool is_sha256 = cbor_find(reference, "alg", &algorithm) ? cbor_is_text(&algorithm, "sha256")
                                                             : strcmp(m->algorithm, "sha256") == 0;
    if (!is_sha256) {
        c->assertions_why = INSPECT_ALGORITHM;
        return;
    }
    if (name == NULL || !jumbf_find(m->assertions.inside, last_word(name), &box)) {
        c->n_wrong++;
        return;
    }
    if (box.hashed.n > MAX_HASHED - *m->n_hashed) {
        c->assertions_why = INSPECT_TOO_LARGE;
        return;
    }
    *m->n_hashed += box.hashed.n;
    sha256_init(&sha);
    sha256_add(&sha, box.hashed.p, box.hashed.n);
    sha256_end(&sha, digest);
    if (hash.type != CBOR_BYTES || hash.bytes.n != sizeof digest ||
        memcmp(hash.bytes.p, digest, sizeof digest) != 0)
        c->n_wrong++;
    else
        take_assertion(m, &box);
}

static void take_references(struct manifest *m, const struct cbor *claim, const char *list_name)
{
    struct cbor list, item;
    uint64_t n = 0;
    if (!cbor_find(claim, list_name, &list))
        return;
    for (struct span rest = list.bytes; cbor_next(&list, &rest, &n, &item);) {
        if (m->credential->n_assertions == MAX_ASSERTIONS) {
            job_note(m->job, INSPECT_NOTE_TOO_LARGE);
            m->credential->assertions_why = INSPECT_TOO_LARGE;
            return;
        }
        take_reference(m, &item);
    }
}

static void take_claim(struct manifest *m, const struct cbor *claim)
{
    static const char *const lists[] = {"assertions", "created_assertions", "gathered_assertions"};
    struct inspect_credential *c = m->credential;
    struct cbor value;
    if (cbor_find(claim, "claim_generator_info", &value))
        c->generator = tool_of(m->job, &value);
    if (c->generator == NULL && cbor_find(claim, "claim_generator", &value))
        c->generator = text_of(m->job, &value);
    if (cbor_find(claim, "alg", &value) && text_of(m->job, &value) != NULL)
        m->algorithm = text_of(m->job, &value);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        take_references(m, claim, lists[i]);
    if (c->n_wrong > 0)
        c->assertions = INSPECT_FAILS;
    else if (c->n_assertions == 0)
        c->assertions_why = INSPECT_DAMAGED;
    else if (c->assertions_why == INSPECT_NO_REASON)
        c->assertions = INSPECT_HOLDS;
}

/* The box of the claim, of either version. */
static bool find_claim(struct span inside, struct jumbf *box)
{
    while (jumbf_next(&inside, box))
        if (strcmp(box->label, "c2pa.claim") == 0 || begins(box->label, "c2pa.claim.v"))
            return true;
    return false;
}

static void take_manifest(struct manifest m, const struct jumbf *box)
{
    struct inspect_credential *c = m.credential;
    struct jumbf claim_box, signature;
    struct cbor claim;
    m.next_action = &c->actions;
    c->content_why = c->is_active ? INSPECT_BINDING : INSPECT_OLDER;
    c->signature_why = c->assertions_why = INSPECT_DAMAGED;
    if (!find_claim(box->inside, &claim_box))
        return;
    struct span claim_bytes = jumbf_content(&claim_box, "cbor"), rest = claim_bytes;
    if (!cbor_take(&rest, &claim) || claim.type != CBOR_MAP)
        return;
    c->assertions_why = INSPECT_NO_REASON;
    (void)jumbf_find(box->inside, "c2pa.assertions", &m.assertions);
    take_claim(&m, &claim);
    if (jumbf_find(box->inside, "c2pa.signature", &signature))
        c2pa_signature(m.job, c, jumbf_content(&signature, "cbor"), claim_bytes);
}

static bool is_manifest(const struct jumbf *box)
{
    return memcmp(box->type, "c2ma", 4) == 0 || memcmp(box->type, "c2um", 4) == 0 ||
           memcmp(box->type, "c2cm", 4) == 0; /* compressed: will be told as damaged */
}

void c2pa_read(struct job *job, const struct inspect_options *options)
{
    struct span rest = job->manifest;
    struct jumbf store, box;
    if (!jumbf_next(&rest, &store) || strcmp(store.label, "c2pa") != 0) {
        job_note(job, INSPECT_NOTE_DAMAGED);
        return;
    }
    unsigned n = 0;
    size_t n_hashed = 0;
    for (rest = store.inside; jumbf_next(&rest, &box);)
        n += is_manifest(&box);
    if (n == 0)
        job_note(job, INSPECT_NOTE_DAMAGED);
    struct inspect_credential **end = &job->report->credentials;
    for (rest = store.inside; jumbf_next(&rest, &box);) {
        if (!is_manifest(&box))
            continue;
        n--;
        if (n >= MAX_MANIFESTS) { /* of too many the oldest are left out */
            job_note(job, INSPECT_NOTE_TOO_LARGE);
            continue;
        }
        struct inspect_credential *c = arena_zalloc(job->arena, 1, sizeof *c);
        if (c == NULL) {
            job_note(job, INSPECT_NOTE_TOO_LARGE);
            return;
        }
        c->is_active = n == 0;
        take_manifest((struct manifest){.job = job,
                                        .options = options,
                                        .credential = c,
                                        .algorithm = "sha256",
                                        .n_hashed = &n_hashed},
                      &box);
        *end = c;
        end = &c->next;
    }
}
